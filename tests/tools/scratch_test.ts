// A scratch folder goes, however its use ends.
import { assertEquals, assertRejects } from "@std/assert";
import { start } from "../../tools/command/process.ts";
import { withScratch } from "../../tools/command/scratch.ts";

const MODULE = new URL("../../tools/command/scratch.ts", import.meta.url).href;

/** A program that makes its scratch folder anew as fast as it can, until a signal ends it. */
const BUSY = `
import { withScratch } from ${JSON.stringify(MODULE)};
await withScratch(async (folder) => {
  console.log(folder);
  for (;;) {
    await Deno.mkdir(folder + "/below", { recursive: true }).catch(() => {});
    await Deno.writeTextFile(folder + "/below/file", "text").catch(() => {});
  }
});
`;

async function exists(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}

Deno.test("a scratch folder goes when its use returns, and when it throws", async () => {
  let folder = "";
  const seen = await withScratch((path) => exists(folder = path));
  assertEquals([seen, await exists(folder)], [true, false]);
  const failing = withScratch((path) => {
    folder = path;
    return Promise.reject(new Error("no"));
  });
  await assertRejects(() => failing, Error, "no");
  assertEquals(await exists(folder), false);
});

Deno.test({
  name: "a scratch folder that work makes anew until the last moment goes when a signal ends the process",
  ignore: Deno.build.os === "windows",
  async fn() {
    const folder = await Deno.makeTempDir();
    await Deno.writeTextFile(`${folder}/busy.ts`, BUSY);
    const args = ["run", "--quiet", "--no-check", "-A", `${folder}/busy.ts`];
    const child = start(Deno.execPath(), args, { stdout: "piped", stderr: "null" });
    const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    const { value: path = "" } = await reader.read();
    child.kill("SIGTERM");
    const { code } = await child.status;
    await reader.cancel();
    assertEquals([code, await exists(path.trim())], [143, false]);
  },
});
