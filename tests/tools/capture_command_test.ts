import { runDeno } from "../../tools/command/process.ts";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { parseSocket } from "../../tools/capture/socket.ts";
import { stateFiles } from "../../tools/capture/write.ts";
import { Misuse } from "../../tools/command.ts";

/** Runs the command against a listener of its own process, which tests are not allowed to open themselves. */
async function attempt(...args: string[]): Promise<{ code: number; out: string; err: string; files: string[] }> {
  const { code, out: all, err } = await runDeno([
    "run",
    "--no-lock",
    "-A",
    "tests/tools/live/capture_fake.ts",
    ...args,
  ]);
  const [out = "", files = ""] = all.split("\0");
  return { code, out, err, files: files.split(" ").filter((name) => name !== "") };
}

Deno.test("a socket is a path, or a host and a port", () => {
  const unix = (path: string) => ({ transport: "unix", path }) as const;
  const tcp = (hostname: string, port: number) => ({ transport: "tcp", hostname, port }) as const;
  assertEquals(parseSocket("qmp.sock"), unix("qmp.sock"));
  assertEquals(parseSocket("/run/a:1/q:2"), unix("/run/a:1/q:2"));
  assertEquals(parseSocket("unix:q:2"), unix("q:2"));
  assertEquals(parseSocket("localhost:4444"), tcp("localhost", 4444));
  assertEquals(parseSocket("tcp::4444,server=on"), tcp("127.0.0.1", 4444));
  for (const wrong of ["", "unix:", "tcp:host", "host:0", "host:65536", "a\0b"]) {
    assertThrows(() => parseSocket(wrong), Misuse, "expected a socket as PATH or HOST:PORT");
  }
});

Deno.test("a state is NAME.json, with the frames beside it, whatever folder it is in", () => {
  assertEquals(stateFiles("a/b.c/my-guest.json"), {
    name: "my-guest",
    header: "a/b.c/my-guest.json",
    frames: "a/b.c/my-guest.pt.gz",
  });
  for (const wrong of ["", "guest", "guest.json/", ".json", ".hidden.json", "a b.json", "a\n.json", "x.json.exe"]) {
    assertThrows(() => stateFiles(wrong), Misuse, "expected --out as NAME.json");
  }
});

Deno.test("a capture writes two files, and audit can read them", async () => {
  const { code, out, err, files } = await attempt("guest.json");
  assertEquals([code, err, files], [0, "", ["guest.json", "guest.pt.gz"]]);
  assert(out.startsWith("two-level paging, 13 page tables, 4278 leaves: "), out);
  assert(out.includes("\na guest of QEMU 7.2.22, CPU 0, captured over QMP\n"), out);
});

Deno.test("a capture overwrites nothing, follows no link, and leaves no half of a state", async () => {
  for (const there of ["guest.json", "guest.pt.gz"]) {
    const { code, err, files } = await attempt("guest.json", there);
    assertEquals([code, files], [2, [there]]);
    assert(/^capture: [^\n]*guest\.(json|pt\.gz) is there already; name another file with --out\n$/.test(err), err);
  }
});

Deno.test("a capture of nothing says what to do", async () => {
  const { code, err } = await attempt("--nowhere");
  assertEquals(code, 2);
  assert(
    /^capture: cannot connect to nowhere\.sock: .*; is QEMU running with -qmp unix:PATH,server=on,wait=off\?\n$/.test(
      err,
    ),
    err,
  );
});

Deno.test("whatever ends a capture, the guest runs on, no file is left, and code and line say how it ended", async () => {
  const { code, out } = await runDeno(["run", "--no-check", "-A", "tests/tools/live/ended_capture.ts"]);
  assertEquals(code, 0);
  const ended = (signal: string, code: number, note: string, silent = "dumps") => ({
    signal,
    silent,
    stopped: true,
    code,
    said: note === "" ? "" : `capture: ended by ${signal}; ${note}\n`,
    runs: true,
    files: [],
  });
  assertEquals(JSON.parse(out), [
    ended("SIGINT", 130, "the guest runs on"),
    ended("SIGTERM", 143, "the guest runs on"),
    ended("SIGHUP", 129, "the guest runs on"),
    ended("SIGKILL", 137, ""),
    ended("SIGTERM", 143, 'the guest may stand still: say "cont" to its monitor', "all"),
  ]);
});
