import { assert, assertEquals, assertThrows } from "@std/assert";
import { PLATFORMS } from "../../core/platforms.ts";
import { STRATEGIES } from "../../core/strategies/mod.ts";
import { runHere } from "../tools/run_here.ts";
import { sortArguments } from "../../tools/command/arguments.ts";
import { debateCommand } from "../../tools/debate.ts";
import { type DebateOptions, optionsOf } from "../../tools/report/options.ts";

const ids = (items: readonly { id: string }[]) => items.map(({ id }) => id);

function parse(args: readonly string[]): DebateOptions {
  return optionsOf(sortArguments({ ...debateCommand, options: ["json"] }, args));
}

function complaint(...args: string[]): string {
  return assertThrows(() => parse(args), Error).message;
}

Deno.test("without arguments every strategy meets every platform at 64M", () => {
  assertEquals(parse([]), {
    json: false,
    out: undefined,
    platforms: ids(PLATFORMS),
    strategies: ids(STRATEGIES),
    memoryBytes: 64 * 2 ** 20,
  });
});

Deno.test("ids asked for come once each, in the order of the matrix", () => {
  const asked = ["--platform", "xen-pae", "--platform=native-486", "--platform", "xen-pae"];
  assertEquals(parse(asked).platforms, ["native-486", "xen-pae"]);
  assertEquals(parse(["--strategy", "write-always"]).strategies, ["write-always"]);
});

Deno.test("an unknown id names the nearest one and all that are known, in one line", () => {
  const message = complaint("--platform", "xen-pea");
  for (const id of ids(PLATFORMS)) assert(message.includes(id), message);
  assert(/mean xen-pae\b/.test(message), message);
  assert(!message.includes("\n"));
  assert(/mean write-always\b/.test(complaint("--strategy", "write-alway")));
});

Deno.test("an id cannot break out of the line that complains about it", async () => {
  const { code, err } = await runHere(debateCommand, "--platform", "a\nb\x1b[31m\u202e");
  assertEquals(code, 2);
  assert(!/\p{C}/u.test(err.trimEnd()), JSON.stringify(err));
});

Deno.test("a size out of range says the range", () => {
  assert(complaint("--memory", "8M").includes("16M"));
  assert(complaint("--memory", "lots").includes("lots"));
});

Deno.test("unknown options, stray words and missing values are refused in one line", () => {
  for (const args of [["--colour"], ["native-486"], ["--out"], ["--platform"], ["--json=yes"], ["--out", ""]]) {
    const message = complaint(...args);
    assert(message.length > 0 && !message.includes("\n"), message);
  }
});

Deno.test("the help has every option and an example that can be parsed", () => {
  for (const option of ["--json", "--out", "--platform", "--strategy", "--memory", "--help"]) {
    assert(debateCommand.help.includes(option), option);
  }
  const [, example = ""] = /example: deno task debate (.*)/.exec(debateCommand.help) ?? [];
  assertEquals(parse(example.split(" ")).strategies, ["write-always", "filter-set-pte"]);
});

Deno.test("a value that begins with a hyphen is no riddle: the message says how it is written", () => {
  assert(complaint("--memory", "-1M").startsWith("a value that begins with a hyphen is written --memory=VALUE; see"));
  assert(complaint("--memory=-1M").includes('but found "-1M"'));
});
