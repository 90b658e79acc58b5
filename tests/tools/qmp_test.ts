import { assert, assertEquals, assertRejects } from "@std/assert";
import { Qmp, QmpError } from "../../tools/capture/qmp.ts";
import { fakeQmp, GREETING, type Reply } from "./fake_qmp.ts";

async function opened(reply: Reply): Promise<Qmp> {
  return await Qmp.open(fakeQmp(() => reply), 50);
}

/** Checks that a greeting is refused for this reason, in one line. */
async function assertNoQmp(greeting: Reply, reason: string): Promise<void> {
  const error = await assertRejects(() => Qmp.open(fakeQmp(() => "", greeting), 50), QmpError, reason);
  assert(!error.message.includes("\n"), error.message);
}

Deno.test("a client greets, and learns which QEMU it is", async () => {
  const fake = fakeQmp(() => ({ return: 1 }));
  const qmp = await Qmp.open(fake);
  assertEquals([qmp.version, await qmp.execute("x", { y: 2 })], ["7.2.22", 1]);
  assertEquals(fake.sent.map(({ execute, arguments: args }) => [execute, args]), [["qmp_capabilities", {}], ["x", {
    y: 2,
  }]]);
});

Deno.test("who does not greet in QMP is no QEMU, and the message says which option is meant", async () => {
  await assertNoQmp(
    "QEMU 7.2.22 monitor - type 'help' for more information\r\n",
    "is it a socket of -qmp, not of -monitor?",
  );
  await assertNoQmp("[1,2]\n", "Expected its greeting in QMP");
  await assertNoQmp("{}\n", "Expected the greeting of QMP");
  await assertNoQmp({ QMP: { version: null } }, "Expected the greeting of QMP");
  await assertNoQmp("end", "QEMU ended the connection before its greeting");
  await assertNoQmp("", "QEMU did not send its greeting in 0.05 s; is another client connected?");
});

Deno.test("a version that is not of numbers is not repeated", async () => {
  const greeting = { QMP: { version: { qemu: { major: "\x1b[31m", minor: 2, micro: {} } } } };
  assertEquals((await Qmp.open(fakeQmp(() => "", greeting))).version, "?.2.?");
});

Deno.test("events between a command and its answer are passed over, but not for ever", async () => {
  const event = `{"event":"STOP","data":{}}\r\n`;
  const qmp = await opened(event.repeat(5) + `{"return":7,"id":2}\r\n`);
  assertEquals(await qmp.execute("x"), 7);
  await assertRejects(async () => await (await opened(event.repeat(1000))).execute("x"), QmpError, "found 1000 events");
});

Deno.test("answers that are errors, another's, cut short, late or endless are refused", async () => {
  for (
    const [reply, reason] of [
      [{ error: { class: "GenericError", desc: "no such thing" } }, "QEMU refused x: no such thing"],
      [{ error: 5 }, "QEMU refused x: without a reason"],
      [`{"return":7,"id":99}\n`, "Expected QEMU's answer to x but found another"],
      [`{"return":7}\n`, "Expected QEMU's answer to x but found another"],
      [`{"return":`, "QEMU did not send"],
      [`{"return":\n`, "Expected its answer to x in QMP but found"],
      ["end", "QEMU ended the connection before its answer to x"],
      ["", "QEMU did not send its answer to x in 0.05 s"],
      ["[".repeat(2 ** 20 + 1), "Expected an answer of at most 1048576 bytes"],
    ] as [Reply, string][]
  ) {
    await assertRejects(async () => await (await opened(reply)).execute("x"), QmpError, reason);
  }
});

Deno.test("what the monitor prints must be text", async () => {
  await assertRejects(
    async () => await (await opened({ return: {} })).monitor("info"),
    QmpError,
    `Expected text from "info"`,
  );
});

Deno.test("a greeting in small pieces is one greeting", async () => {
  const fake = fakeQmp(() => ({ return: 1 }));
  const pieces = `${JSON.stringify(GREETING)}\r\n{"return":{},"id":1}\r\n`;
  const readable = ReadableStream.from(Array.from(pieces, (letter) => new TextEncoder().encode(letter)));
  assertEquals((await Qmp.open({ readable, writable: fake.writable })).version, "7.2.22");
});
