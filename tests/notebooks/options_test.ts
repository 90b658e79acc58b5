import { assertEquals, assertThrows } from "@std/assert";
import { Misuse } from "../../tools/command.ts";
import { sortArguments } from "../../tools/command/arguments.ts";
import { jupyterCommand } from "../../tools/jupyter.ts";
import { type LabOptions, labOptionsOf } from "../../tools/jupyter/options.ts";

function readOptions(args: readonly string[]): LabOptions {
  return labOptionsOf(sortArguments({ ...jupyterCommand, options: ["no-browser"] }, args));
}

Deno.test("JupyterLab's port and browser are the reader's choice", () => {
  assertEquals(readOptions([]), { port: undefined, browser: true });
  assertEquals(readOptions(["--port", "9000", "--no-browser"]), { port: 9000, browser: false });
});

Deno.test("a port that is none, and a word too many, are misuse", () => {
  for (const args of [["--port", "0"], ["--port", "65536"], ["--port", "1e3"], ["--port"], ["x"], ["--lab"]]) {
    assertThrows(() => readOptions(args), Misuse, "--help");
  }
});
