/**
 * The naive walker as a model.
 *
 * @module
 */
import type { NaiveAnswer } from "./state.ts";
import { naiveAccess } from "./walk.ts";
import type { Answer } from "../../../tools/reference/live/answers.ts";
import { type AccessCase, slotOffset } from "../../../tools/reference/live/case_file.ts";
import type { Abilities } from "../../../tools/reference/live/cases.ts";
import { GUEST_CR0, type Model } from "../../../tools/reference/live/model.ts";
import { liveMode } from "../../../tools/reference/live/paging/modes.ts";

/** A model that asks the naive walker. */
export function naiveModel({ physicalBits }: Abilities): Model {
  return (asked) => {
    const mode = liveMode(asked.mode);
    const memory = new Map(asked.entries.map(({ physical, value }) => [BigInt(physical), value]));
    const answer = naiveAccess({
      mode: asked.mode,
      cr0: BigInt(asked.cr0 | GUEST_CR0),
      cr3: BigInt(mode.levels[0]?.table ?? 0),
      cr4: BigInt(asked.cr4 | mode.cr4),
      efer: BigInt(asked.efer | mode.efer),
      pkru: BigInt(asked.pkru),
      ac: asked.ac,
      maxPhyAddr: physicalBits,
      has: { pse36: true, pat: true, nx: true, gbPages: true },
      memory: (physical) => memory.get(physical) ?? 0n,
    }, {
      linear: asked.linear + slotOffset(asked.kind),
      kind: asked.kind === "exchange" ? "write" : asked.kind,
      user: asked.user,
    });
    return toAnswer(asked, answer);
  };
}

function toAnswer(asked: AccessCase, answer: NaiveAnswer): Answer {
  const updates = new Map(
    answer.outcome === "done" ? answer.updates.map(({ address, value }) => [address, value]) : [],
  );
  const entries = asked.entries.map(({ physical, value }) => updates.get(BigInt(physical)) ?? value);
  switch (answer.outcome) {
    case "done":
      return { outcome: "done", physical: answer.physical, entries };
    case "#PF":
      return { outcome: "#PF", code: Number(answer.code), cr2: answer.cr2, entries };
    case "#GP":
      return { outcome: "#GP", code: Number(answer.code), phase: answer.phase, entries };
  }
}
