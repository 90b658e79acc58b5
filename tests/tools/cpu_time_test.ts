import { assertEquals } from "@std/assert";
import { secondsOf } from "../../tools/command/cpu_time.ts";
import { runDeno } from "../../tools/command/process.ts";

Deno.test("a time is read as the ps of Linux and of macOS prints it", () => {
  assertEquals(["00:00:07\n", "  1:07.50", "2-03:00:01", "01:00:00", "", "-"].map(secondsOf), [
    7,
    67.5,
    183_601,
    3_600,
    undefined,
    undefined,
  ]);
});

Deno.test("a child that has used its processor time is killed, one that sleeps longer than that is not", async () => {
  const code = (text: string) => ["eval", text];
  const busy = await runDeno(code("for (;;);"), { cpuSeconds: 1 });
  assertEquals([busy.stopped, busy.code === 0], [true, false]);
  const idle = await runDeno(code("setTimeout(() => console.log('done'), 2500)"), { cpuSeconds: 2 });
  assertEquals([idle.stopped, idle.out], [false, "done\n"]);
});
