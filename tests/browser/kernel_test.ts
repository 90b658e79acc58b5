import { assertEquals, assertStringIncludes } from "@std/assert";
import { run } from "../../tools/command/process.ts";
import { execute } from "../../tools/notebooks/execute.ts";
import { KERNEL, KERNEL_NOTE, type Notebook } from "../../tools/notebooks/notebook.ts";
import { environmentOrReason } from "./jupyter_lab.ts";

const environment = await environmentOrReason();
const skipped = typeof environment === "string" ? ` (skipped: ${environment})` : "";

const IMPORTS = 'import { boot } from "@pagetable-init/textbook";\nimport { table } from "@pagetable-init/chapters";';

/** What becomes of cells, run one below the other by the kernel of the notebooks. */
async function answersTo(...sources: readonly string[]) {
  if (typeof environment === "string") throw new Error(environment);
  const cells = [IMPORTS, ...sources].map((source, at) => ({
    id: `cell-${at}`,
    cell_type: "code" as const,
    metadata: {},
    source: [source],
    execution_count: null,
    outputs: [],
  }));
  const notebook: Notebook = { cells, metadata: { kernelspec: KERNEL }, nbformat: 4, nbformat_minor: 5 };
  const [executed] = await execute(new Map([["cells", notebook]]), environment);
  const { cells: ran }: Notebook = JSON.parse(executed?.text ?? '{ "cells": [] }');
  return { error: executed?.error, outputs: ran.slice(1).map(({ outputs = [] }) => outputs) };
}

function kernelTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name: name + skipped, ignore: skipped !== "", fn });
}

// Once these fail, the kernel has learned to answer: KERNEL_NOTE can go.
for (const source of ["const =", "foo("]) {
  kernelTest(`a cell that does not parse shows nothing, as the notebooks say: ${source}`, async () => {
    const { error, outputs } = await answersTo(source, "1");
    assertEquals(error?.cell, "cell-1");
    assertEquals(outputs[0], []);
    assertStringIncludes(KERNEL_NOTE, `\`${source}\``);
  });
}

kernelTest(
  "a last value of 2n, NaN or -0 shows nothing, as the notebooks say; within a value each is seen",
  async () => {
    const values = ["2n", "NaN", "-0"];
    const { error, outputs } = await answersTo(...values, ...values.map((it) => `[${it}]`));
    assertEquals(error, null);
    assertEquals(
      outputs.map((it) => it.map(({ data }) => data?.["text/plain"])),
      [
        [],
        [],
        [],
        ["[ 2n ]"],
        ["[ NaN ]"],
        ["[ -0 ]"],
      ].map((it) => it.map((text) => [text])),
    );
    for (const value of values) assertStringIncludes(KERNEL_NOTE, `\`${value}\``);
  },
);

const MISTAKES: Readonly<Record<string, readonly [string, string]>> = {
  "a platform that is none": ['boot({ platform: "native-468", strategy: "write-always" })', "native-468"],
  "a strategy that is none": ['boot({ platform: "native-486", strategy: "write-allways" })', "write-allways"],
  "a size that is none": ['boot({ platform: "native-486", strategy: "write-always", memory: "64m8" })', "64m8"],
  "an option that is none": ['boot({ platform: "native-486", strategy: "write-always", memroy: "16M" })', "memroy"],
  "a name that is none": ["tabel([{ a: 1 }])", "tabel is not defined"],
  "a table without rows": ["table([])", "Expected rows for a table but found none"],
};

for (const [name, [source, says]] of Object.entries(MISTAKES)) {
  kernelTest(`a cell with ${name} is answered below it`, async () => {
    const { error, outputs } = await answersTo(source);
    assertEquals(error?.cell, "cell-1");
    assertEquals(outputs[0]?.map(({ output_type }) => output_type), ["error"]);
    assertStringIncludes(JSON.stringify(outputs[0]), says);
  });
}

// Stop in a front end is an interrupt of the kernel's manager.
const STOP = `
import sys, time
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(kernel_name=sys.argv[1])
client.execute(sys.argv[2])
time.sleep(1)
before = manager.is_alive()
manager.interrupt_kernel()
deadline = time.monotonic() + 10
while manager.is_alive() and time.monotonic() < deadline:
    time.sleep(0.1)
print(before, manager.is_alive())
client.stop_channels()
manager.shutdown_kernel(now=True)
`;

for (const source of ["for (;;);", "await new Promise(() => {});"]) {
  kernelTest(`Stop ends the kernel with its variables, as the notebooks say: ${source}`, async () => {
    if (typeof environment === "string") return;
    const { out, err } = await run(environment.python, ["-c", STOP, KERNEL.name, source], { env: environment.env });
    assertEquals(out.trim(), "True False", err);
    assertStringIncludes(KERNEL_NOTE, "ends the kernel with all its variables");
  });
}
