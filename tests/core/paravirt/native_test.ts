import { assertEquals } from "@std/assert";
import { describeFault } from "@pagetable-init/textbook/paravirt";

Deno.test("a fault is told with who did what, and why", () => {
  const told = (errorCode: number, fetch = false) =>
    describeFault({ vector: 14, errorCode, cr2: { hi: 0, lo: 0x1000 }, reason: "not-present", entry: "PTE" }, fetch)
      .replace(/^.*: /, "");
  assertEquals([told(0), told(2), told(7), told(4), told(9), told(0x10, true)], [
    "read of a page that is not present",
    "write to a page that is not present",
    "user write to a page that forbids it",
    "user read of a page that is not present",
    "read of an entry with a reserved bit",
    "instruction fetch from a page that is not present",
  ]);
});
