import { assert, assertEquals, assertThrows } from "@std/assert";
import { recordBoot } from "../../chapters/mod.ts";
import { auditPages, stateWords } from "../../chapters/stepper/page_states.ts";
import { RowPacker, unpackRows } from "../../chapters/stepper/rows.ts";
import { stretchesOf } from "../../chapters/stepper/stretches.ts";
import { openRecording, stateAt } from "../../chapters/stepper/state_at.ts";
import { Hypervisor, type HypervisorOptions } from "../../core/xen/mod.ts";
import { audit, boot, type BootOptions, type Run } from "../../mod.ts";

/** Some steps of a boot: the first and last three, and of eight stretches in between the first, middle and last write. */
function someSteps({ trace, kernel }: Run): number[] {
  const last = trace.length;
  const long = stretchesOf(trace, kernel.ops.toPfn, new Set()).filter((it) => it.last > it.first);
  const some = long.filter((_, at) => at % Math.ceil(long.length / 8) === 0);
  const inside = some.flatMap((it) => [it.first - 1, it.first, (it.first + it.last) >> 1, it.last - 1, it.last]);
  const all = [0, 1, 2, ...inside, last - 2, last - 1, last];
  return [...new Set(all)].filter((step) => step >= 0 && step <= last);
}

/** As `assertEquals`, which takes its time for lists as long as memory where, as nearly always, the two are the same. */
function assertWords(found: readonly (string | undefined)[], expected: readonly string[], what: string): void {
  if (found.length === expected.length && found.every((word, i) => word === expected[i])) return;
  assertEquals(found, expected, what);
}

/** The words of each code that came up: pages are many, and codes are few. */
const WORDS = new Map<number, string>();
function wordsOf(code: number): string {
  const known = WORDS.get(code) ?? stateWords(code).words;
  WORDS.set(code, known);
  return known;
}

/** What a boot that stops there says of a step, in the words of a recording. */
function truth(run: Run, step: number) {
  let xen: Hypervisor | undefined;
  const hypervisor: BootOptions["hypervisor"] = (made) => xen = run.options.hypervisor?.(made) ?? new Hypervisor(made);
  const then = boot({ ...run.options, hypervisor, until: step });
  const { guest } = then.machine;
  const types = xen === undefined ? [] : [...xen.domain.p2m].map((mfn) => {
    const { typeCount, tableLevel } = xen?.frames.at(mfn) ?? { typeCount: 0, tableLevel: 0 };
    return typeCount > 0 && tableLevel > 0 ? `L${tableLevel} × ${typeCount}` : "";
  });
  const states = Array.from(auditPages(guest).states, wordsOf);
  return { found: audit(then.machine), states, types, log: then.log };
}

const BOOTS: readonly BootOptions[] = [
  { platform: "xen-pae", strategy: "write-always" },
  { platform: "xen-2level", strategy: "write-always", memory: "16M" },
  { platform: "xen-pae", strategy: "filter-set-pte", memory: "16M" },
  { platform: "xen-pae", strategy: "table-range", memory: "16M", bootmem: "highest-first" },
  { platform: "xen-2level", strategy: "keep-template", memory: "16M", kernelEnd: 0x60_0000, p2m: "identity" },
  { platform: "xen-4level", strategy: "ask-callback", memory: "16M" },
  { platform: "native-486", strategy: "keep-template", memory: "16M" },
  { platform: "native-486", strategy: "write-always", memory: "16M", bootmem: "highest-first" },
  { platform: "native-p6", strategy: "stash-in-struct-page", memory: "16M" },
  { platform: "native-k8-pae-4k", strategy: "panic-on-remap", memory: "16M" },
  { platform: "lguest", strategy: "linux-2.6.21", memory: "16M" },
  { platform: "vmi", strategy: "write-always", memory: "16M", until: 20 },
];

for (const options of BOOTS) {
  const name = [options.strategy, options.platform, options.bootmem ?? ""].join(" ").trim();
  Deno.test(`${name}: a recording shows at a step what audit and another boot say of it`, () => {
    const run = boot(options);
    const open = openRecording(recordBoot(run));
    assertEquals(open.steps, run.trace.length);
    for (const step of someSteps(run)) {
      const { found, states, types, log } = truth(run, step);
      const shown = stateAt(open, step);
      assertWords([...shown.pages].map((state) => open.states[state]?.words), states, `map at ${step}`);
      const { coverage: { mapped, wrongFrame, unmapped, largePages, tablePages, tlbEntries } } = found;
      const counts = [mapped, wrongFrame, unmapped, largePages, tablePages, tlbEntries];
      assertEquals(shown.totals.slice(0, 6), counts, `totals at ${step}`);
      const errors = found.permissionErrors;
      const shownErrors = open.totals.map(({ name }, at) => [name, shown.totals[at] ?? 0] as const);
      assertEquals(new Map(shownErrors).get("user-accessible"), errors.userAccessible.pages, `errors at ${step}`);
      assertEquals(new Map(shownErrors).get("writable page table"), errors.writablePageTable.pages);
      assertEquals(new Map(shownErrors).get("not writable"), errors.notWritable.pages);
      const tables = [...shown.frames].map((type) => open.types[type]).map((it) =>
        /^L\d$/.test(it?.kind ?? "") ? it?.words.replace(/,.*/, "") ?? "" : ""
      );
      assertWords(tables, types, `types at ${step}`);
      assertEquals(shown.log, log, `log at ${step}`);
    }
  });
}

Deno.test("the writes of a recording are those of the trace", () => {
  const run = boot({ platform: "xen-pae", strategy: "write-always" });
  const { writes, operations, flags } = openRecording(recordBoot(run));
  const last = [...writes.slice(-9)];
  assertEquals([operations[last[0] ?? 0], last[1], last[2]], ["set_pte", 0x515, 1]);
  assertEquals([last[3], flags[last[4] ?? 0]], [1, "P A D"]);
  assertEquals([last[5], flags[last[6] ?? 0]], [1, "P RW A D"]);
  assertEquals([last[7], flags[last[8] ?? 0]], [1, "P A D"]);
});

Deno.test("pages and types are told in these words, and the write that was refused by its number", () => {
  const { states, types, refused } = recordBoot(boot({ platform: "xen-pae", strategy: "write-always" }));
  assert(states.some(({ words }) => words === "right frame, 4K page; must be read-only; writable page table"));
  assert(types.some(({ words }) => words === "L3 × 2, pinned"));
  assertEquals(refused, 6);
});

Deno.test("a recording is short: every 4,000 writes take less than 5,000 letters", () => {
  const recording = recordBoot(boot({ platform: "xen-pae", strategy: "filter-set-pte", memory: "16M" }));
  assert(recording.steps > 4_000);
  assert(JSON.stringify(recording).length < recording.steps / 4_000 * 5_000, `${JSON.stringify(recording).length}`);
});

Deno.test("a boot of 230,000 writes to 229,376 pages is recorded at its ends and in between", () => {
  const run = boot({ platform: "native-486", strategy: "write-always", memory: "896M", trace: false });
  const open = openRecording(recordBoot(run));
  assert(open.steps > 229_376);
  for (const step of [0, 100_000, open.steps]) {
    assertEquals(stateAt(open, step).totals[0], truth(run, step).found.coverage.mapped);
  }
});

Deno.test("a stored entry of a 64-bit guest leads to its page, whatever bits Xen has added", () => {
  const { writes } = openRecording(
    recordBoot(boot({ platform: "xen-4level", strategy: "filter-set-pte", memory: "16M" })),
  );
  for (let at = 0; at < writes.length; at += 9) {
    if ((writes[at + 5] ?? -1) >= 0) assertEquals(writes[at + 7], writes[at + 5]);
  }
});

Deno.test("a strategy and a hypervisor of one's own are recorded too", () => {
  class QuietXen extends Hypervisor {
    constructor(options: HypervisorOptions) {
      super(options);
      this.domain.print = () => {};
    }
  }
  const hypervisor: BootOptions["hypervisor"] = (made) => new QuietXen(made);
  const recording = recordBoot(boot({ platform: "xen-pae", strategy: "write-always", hypervisor }), "mine");
  assertEquals([recording.title, recording.steps, recording.log], ["mine", 6, []]);
});

Deno.test("rows come out of a pack as they went in, whatever their strides", () => {
  const rows = [[1, 5], [2, 5], [3, 5], [3, 9], [-1, 2 ** 31 - 1], [7, 0], [8, 1], [9, 3]];
  const packer = new RowPacker(2);
  for (const row of rows) packer.add(...row);
  assertEquals([...unpackRows(packer.packed, 2)], rows.flat());
  assertEquals([...unpackRows(new RowPacker(2).packed, 2)], []);
  assertThrows(() => packer.add(1), RangeError, "Expected a row of 2");
});
