/**
 * The worker of the reader's own things: proposals are judged and hunted in it, files audited. It has no access to the page.
 *
 * @module
 */

import type { Drawn } from "../figures/control.ts";
import { confine } from "./confine.ts";
import { auditDropped } from "./dropped.ts";
import { huntProposal, judgeProposal } from "./proposal.ts";
import { messageOf } from "./inspected.ts";
import type { OwnRequest, Reply } from "./protocol.ts";
import { drawnOf } from "./showing.ts";

const WORKER = self as unknown as {
  postMessage(reply: Reply): void;
  onmessage: (event: MessageEvent<OwnRequest>) => void;
};

WORKER.onmessage = async ({ data }) => {
  const started = performance.now();
  try {
    for (const drawn of await drawnFor(data)) {
      WORKER.postMessage({ kind: "show", block: 0, shown: drawnOf(drawn, data.kind) });
    }
  } catch (error) {
    WORKER.postMessage({ kind: "error", block: 0, line: 0, message: messageOf(error) });
  }
  WORKER.postMessage({ kind: "done", milliseconds: performance.now() - started });
};

function drawnFor(request: OwnRequest): Promise<Drawn[]> {
  if (request.kind === "dropped") return auditDropped(request.files, request.moment);
  if (request.kind === "proposal") return judgeProposal(request.source);
  const progress = (count: number) => WORKER.postMessage({ kind: "progress", count });
  return huntProposal(request.source, request.machines, progress);
}

confine(() => false);
WORKER.postMessage({ kind: "ready" });
