import { assert, assertEquals, assertThrows } from "@std/assert";
import { counterExample, type HuntOptions, type Property } from "../../chapters/hunting/mod.ts";
import { huntCommand } from "../../tools/hunt.ts";
import { findStrategy } from "../../core/strategies/mod.ts";
import { runHere } from "../tools/run_here.ts";

const OF_486 = { platforms: ["native-486"], runs: 20, of2007: true } as const;

Deno.test("a hunt within a program finds what the command finds, and tells of each machine", async () => {
  let told = 0;
  const found = counterExample({
    ...OF_486,
    strategy: "keep-template",
    property: "no-user-access",
    tick: () => told++,
  });
  const asked = ["--strategy", "keep-template", "--property", "no-user-access", "--platform", "native-486"];
  const { out } = await runHere(
    huntCommand,
    ...asked,
    ..."--runs 20 --of-2007 --max-memory 32M --json --workers 1".split(" "),
  );
  const [command] = JSON.parse(out).findings;
  assertEquals([found.boot, found.why, found.machines, told], [command.boot, command.why, 20, 20]);
});

Deno.test("a property of one's own is refuted in its own words, and on the simplest machine", () => {
  const few: Property = {
    id: "few-tables",
    claims: "at most seven pages are page tables",
    refute: ({ audit }) => {
      const { tablePages } = audit.coverage;
      return tablePages <= 7 ? undefined : `${tablePages} pages are page tables`;
    },
  };
  const { boot, why } = counterExample({ ...OF_486, strategy: "write-always", property: few });
  // A directory, two tables for the fixmap and high memory, and one for each 4M: the fifth comes with the 4,097th page.
  assertEquals(boot, `boot({ platform: "native-486", strategy: "write-always", memory: 4097 * 4096 })`);
  assertEquals(why, "8 pages are page tables");
  const all: Property = { ...few, refute: () => undefined };
  assertEquals(counterExample({ ...OF_486, strategy: "write-always", property: all }), {
    machines: 20,
    boot: undefined,
    why: "",
  });
});

Deno.test("a strategy that throws is a counter-example to everything", () => {
  const broken = {
    ...findStrategy("write-always"),
    id: "broken",
    mapPage: () => {
      throw new Error("not today");
    },
  };
  const { boot, why } = counterExample({ ...OF_486, strategy: broken, property: "covers" });
  assertEquals([boot, why], [
    `boot({ platform: "native-486", strategy: "broken", memory: "16M" })`,
    "Error: not today",
  ]);
});

Deno.test("what a hunt cannot be asked is refused by name", () => {
  const asked = (more: object) => () =>
    counterExample({ ...OF_486, strategy: "write-always", property: "covers", ...more } as HuntOptions);
  const wrong: readonly (readonly [object, string])[] = [
    [{ property: "covrs" }, "did you mean covers?"],
    [{ property: {} }, "property.id"],
    [{ strategy: "write-alway" }, "did you mean write-always?"],
    [{ runs: 0 }, "runs to be an integer from 1"],
    [{ platforms: ["native-386"] }, "platforms[0]"],
    [{ maxMemory: 1 }, "maxMemory to be an integer from 4096"],
    [{ sed: 1 }, "did you mean seed?"],
  ];
  for (const [more, said] of wrong) {
    const error = assertThrows(asked(more), Error, said);
    assert(error instanceof TypeError || error instanceof RangeError, said);
  }
});
