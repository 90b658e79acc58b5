// A kernel that takes its tables from memory that nothing maps yet, and reaches them through borrowed leaves.
import { assertEquals } from "@std/assert";
import { audit, boot, type Strategy } from "@pagetable-init/textbook";
import { findStrategy } from "@pagetable-init/textbook/strategies";

const UNMAPPED = { memory: "64M", bootmem: "highest-first", earlyIoremap: true } as const;

for (const platform of ["native-486", "native-k8-pae-4k", "xen-pae"]) {
  Deno.test(`${platform}: when the tables are finished, the pages that lent their leaves map their own frames again`, () => {
    const run = boot({ platform, strategy: "ask-callback", ...UNMAPPED });
    const { mapped, wrongFrame, unmapped } = audit(run).coverage;
    assertEquals([run.outcome.ok, mapped, wrongFrame, unmapped], [true, 0x4000, 0, 0]);
  });
}

Deno.test("an entry of a borrowed table is found again when the strategy has looked at another table meanwhile", () => {
  const other = 0x3000; // no boot map reaches it
  const looking: Strategy = {
    ...findStrategy("write-always"),
    id: "looking",
    allocTable(kernel) {
      const pfn = kernel.bootmemPage();
      kernel.reach(other);
      return pfn;
    },
  };
  const run = boot({ platform: "native-k8-pae-4k", strategy: looking, ...UNMAPPED });
  const { memory } = run.machine;
  const words = Array.from({ length: 1024 }, (_, word) => memory.read(other, word)).filter((word) => word !== 0);
  assertEquals([run.outcome.ok, words, audit(run).coverage.mapped], [true, [], 0x4000]);
});
