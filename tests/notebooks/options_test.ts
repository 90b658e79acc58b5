import { assertEquals, assertThrows } from "@std/assert";
import { Misuse } from "../../tools/command.ts";
import { readOptions } from "../../tools/jupyter/options.ts";

Deno.test("JupyterLab's port and browser are the reader's choice", () => {
  assertEquals(readOptions([]), { port: undefined, browser: true });
  assertEquals(readOptions(["--port", "9000", "--no-browser"]), { port: 9000, browser: false });
  assertEquals(readOptions(["--help", "--port", "x"]), "help");
});

Deno.test("a port that is none, and a word too many, are misuse", () => {
  for (const args of [["--port", "0"], ["--port", "65536"], ["--port", "1e3"], ["--port"], ["x"], ["--lab"]]) {
    assertThrows(() => readOptions(args), Misuse, "--help");
  }
});
