import { assert, assertEquals } from "@std/assert";
import { matrix, type Row } from "@pagetable-init/textbook";
import { isBetter } from "./exercise.ts";

const PLATFORMS = ["native-486", "native-p6", "native-k8-pae", "xen-2level", "xen-pae"];
const computed = new Map<string, readonly Row[]>();

/** The rows of a strategy on a few platforms, computed when they are first asked for. */
function of(strategy: string): Row[] {
  const rows = computed.get(strategy) ??
    [...matrix({ memory: "16M", strategies: [strategy], platforms: PLATFORMS })]
      .map(({ row }) => row);
  computed.set(strategy, rows);
  return [...rows];
}

const better = (one: string, other: string): boolean => isBetter(of(one), of(other));

Deno.test("the patch is better than the rule without it", () => {
  assert(
    better("keep-template-pse-fix", "keep-template"),
    "The patch makes no platform worse and some better",
  );
  assert(
    !better("keep-template", "keep-template-pse-fix"),
    "Without the patch more pages are wrong",
  );
});

Deno.test("the filter is better than what it was made of", () => {
  assert(
    better("filter-set-pte", "write-always"),
    "write-always stops on Xen: a boot that stopped is worse than any",
  );
  assert(
    better("filter-set-pte", "keep-template"),
    "keep-template leaves pages open or executable on six machines, the filter on none " +
      "but xen-pae-nx, where both do",
  );
});

Deno.test("write-always and keep-template cannot be compared", () => {
  assert(
    !better("write-always", "keep-template"),
    "write-always is worse on Xen: better elsewhere does not make up for it",
  );
  assert(
    !better("keep-template", "write-always"),
    "keep-template is worse on bare hardware",
  );
});

Deno.test("equals are not better than each other", () => {
  assert(
    !better("ask-callback", "filter-set-pte"),
    "They do equally well everywhere: neither is better",
  );
  assert(!better("filter-set-pte", "filter-set-pte"), "Nothing is better than itself");
});

Deno.test("two boots that stopped are equal there", () => {
  assert(
    better("panic-on-remap", "stash-in-struct-page"),
    "Where both stop neither is worse, and panic-on-remap boots on four machines: " +
      "compare the numbers, for Infinity minus Infinity is NaN",
  );
});

Deno.test("nothing is said of a void cell", () => {
  const [row] = of("filter-set-pte");
  if (row === undefined) throw new RangeError("Expected a row but found none");
  const cannot: Row = { ...row, void: "it cannot be asked", booted: false };
  const other: Row = { ...row, platform: "another" };
  assert(
    !isBetter([row, other], [cannot, other]),
    "A cell that cannot be asked is no defeat: leave its platform out",
  );
  assert(
    !isBetter([cannot, other], [row, other]),
    "A cell that cannot be asked is no victory: leave its platform out",
  );
});

Deno.test("rows are compared platform by platform, in whatever order they come", () => {
  const [row] = of("filter-set-pte");
  if (row === undefined) throw new RangeError("Expected a row but found none");
  const wrong = (platform: string, unmapped: number): Row => ({
    ...row,
    platform,
    coverage: { ...row.coverage, unmapped },
  });
  const [one, other] = [[wrong("a", 0), wrong("b", 5)], [wrong("b", 6), wrong("a", 1)]];
  assert(
    isBetter(one, other),
    "The order of the rows must not matter: compare rows of the same platform",
  );
  assertEquals(
    isBetter(of("filter-set-pte"), of("write-always").reverse()),
    true,
    "The order of the rows must not matter",
  );
  assertEquals(
    isBetter(of("write-always").reverse(), of("filter-set-pte")),
    false,
    "The order of the rows must not matter",
  );
});
