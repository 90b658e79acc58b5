import { assertEquals } from "@std/assert";
import { readBounded } from "../../chapters/recorded/files/read_bounded.ts";
import { type AccessAnswer, AnswerFile } from "../../chapters/recorded/accesses/answers.ts";
import { type AccessCase, CaseFile } from "../../chapters/recorded/accesses/cases.ts";
import type { NaiveAnswer } from "./naive/state.ts";
import { naiveAccess } from "./naive/walk.ts";

const CR4_PKE = 1n << 22n;

Deno.test("the naive walker gives every answer that Bochs gave, entries afterwards included", async () => {
  let agreed = 0;
  for (const name of ["named47", "random20k"]) {
    const cases = new CaseFile(await readBounded(`tests/fixtures/mmu/${name}.cases.gz`));
    const answers = new AnswerFile(await readBounded(`tests/fixtures/mmu/${name}.bochs27.gz`), cases.count);
    for (let i = 0; i < cases.count; i++, agreed++) {
      assertEquals(predicted(cases.at(i)), recorded(cases.at(i), answers.at(i)), `case ${i} of ${name}`);
    }
  }
  assertEquals(agreed, 20_047);
});

/** An answer in the terms of a recorded one; entries as they are afterwards. */
interface Told {
  readonly outcome: AccessAnswer["outcome"];
  readonly errorCode?: bigint;
  readonly cr2?: bigint;
  readonly beforeAccess?: boolean;
  readonly landed?: bigint | null;
  readonly entries: readonly bigint[];
}

const wide = ({ hi, lo }: { hi: number; lo: number }) => (BigInt(hi) << 32n) | BigInt(lo);
/** Bochs ran with 256 MiB; what is not there reads as ones, and so does the tag that tells the address. */
const RAM = 256n << 20n;
const ALL_ONES_TAG = 0xf_ffff_fff0n;

function predicted(asked: AccessCase): Told {
  const before = new Map(asked.entries.map((entry) => [BigInt(entry.address), wide(entry)]));
  // this Broadwell has no protection keys: setting CR4.PKE is the fault, before the access
  if ((BigInt(asked.cr4) & CR4_PKE) !== 0n) {
    return { outcome: "general-protection", errorCode: 0n, beforeAccess: true, entries: [...before.values()] };
  }
  const kind = asked.access === "exchange" ? "write" : asked.access;
  const answer = naiveAccess(
    {
      mode: asked.mode,
      cr0: BigInt(asked.cr0),
      cr3: BigInt(asked.root),
      cr4: BigInt(asked.cr4),
      efer: BigInt(asked.efer),
      pkru: 0n,
      ac: asked.ac,
      maxPhyAddr: 40,
      has: { pse36: true, pat: true, nx: true, gbPages: true },
      memory: (physical) => before.get(physical) ?? 0n,
    },
    { linear: wide(asked.linear), kind, user: asked.user },
  );
  const updates = new Map(answer.outcome === "done" ? answer.updates.map((u) => [u.address, u.value]) : []);
  return { ...told(asked, answer), entries: [...before].map(([address, value]) => updates.get(address) ?? value) };
}

function told(asked: AccessCase, answer: NaiveAnswer): Omit<Told, "entries"> {
  switch (answer.outcome) {
    case "done": {
      const slot = answer.physical - (answer.physical & 15n);
      const landed = asked.access === "write" ? null : answer.physical < RAM ? slot : ALL_ONES_TAG;
      return { outcome: "ok", landed };
    }
    case "#PF":
      return { outcome: "page-fault", errorCode: answer.code, cr2: answer.cr2 };
    case "#GP":
      return { outcome: "general-protection", errorCode: answer.code, beforeAccess: answer.phase === "load" };
  }
}

function recorded(asked: AccessCase, answer: AccessAnswer): Told {
  const { outcome, landed, beforeAccess } = answer;
  const errorCode = BigInt(answer.errorCode);
  const entries = asked.entries.map((_, i) =>
    wide({ hi: answer.entries[2 * i + 1] ?? 0, lo: answer.entries[2 * i] ?? 0 })
  );
  switch (outcome) {
    case "ok":
      return { outcome, landed: landed === null ? null : BigInt(landed), entries };
    case "page-fault":
      return { outcome, errorCode, cr2: wide(answer.cr2), entries };
    case "general-protection":
      return { outcome, errorCode, beforeAccess, entries };
  }
}
