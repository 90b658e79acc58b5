/** A guest that offers only a gdb stub: its monitor is asked through it. */
import { assertEquals, assertRejects } from "@std/assert";
import { capture } from "../../tools/capture/capture.ts";
import { Gdb } from "../../tools/capture/gdb.ts";
import { GdbGuest } from "../../tools/capture/gdb_guest.ts";
import { QmpGuest } from "../../tools/capture/guest.ts";
import { type Connection, Qmp, QmpError } from "../../tools/capture/qmp.ts";
import { answer, type FakeGuest, fakeGuest, printed } from "./fake_guest.ts";
import { fakeQmp } from "./fake_qmp.ts";

const WANTED = { name: "guest", description: "a guest", cpu: 0 };
/** Characters of one packet of output: long answers come in several. */
const PACKET = 1000;

/** QEMU's gdb stub over streams in memory. It stops the guest, and answers packets whose checksum is right. */
function fakeStub(guest: FakeGuest, monitor = (line: string): string | undefined => printed(guest, line)): Connection {
  guest.running = false;
  const outward = new TransformStream<Uint8Array, Uint8Array>(undefined, undefined, { highWaterMark: 1000 });
  const writer = outward.writable.getWriter();
  const send = (text: string) => void writer.write(new TextEncoder().encode(`$${text}#${checksum(text)}`));
  const hex = (text: string) => [...text].map((it) => it.charCodeAt(0).toString(16).padStart(2, "0")).join("");
  let pending = "";
  const writable = new WritableStream<Uint8Array>({
    write(bytes) {
      pending += new TextDecoder().decode(bytes);
      const [whole, packet = "", sum] = /^[+]*\$([^#]*)#(..)/.exec(pending) ?? [];
      if (whole === undefined) return;
      pending = pending.slice(whole.length);
      if (sum !== checksum(packet)) throw new Error(`Expected checksum ${checksum(packet)} but found ${sum}`);
      writer.write(new TextEncoder().encode("+"));
      if (packet === "D") guest.running = true;
      const line = packet === "D" ? undefined : new TextDecoder().decode(Uint8Array.fromHex(packet.slice(6)));
      const said = line === undefined || /^cpu 0$/.test(line) ? "" : monitor(line);
      if (said === undefined) return send("");
      for (let at = 0; at < said.length; at += PACKET) send(`O${hex(said.slice(at, at + PACKET))}`);
      send("OK");
    },
  });
  return { readable: outward.readable, writable };
}

function checksum(text: string): string {
  const sum = [...text].reduce((total, it) => (total + it.charCodeAt(0)) % 256, 0);
  return sum.toString(16).padStart(2, "0");
}

Deno.test("a guest is captured by its gdb stub as it is over QMP, but for its CPU, and runs on", async () => {
  for (const name of ["linux61-686-pae", "linux61-amd64-4level"]) {
    const guest = await fakeGuest(name);
    const [overQmp] = await capture(new QmpGuest(await Qmp.open(fakeQmp((sent) => answer(guest, sent)))), WANTED);
    const [byStub] = await capture(new GdbGuest(new Gdb(fakeStub(guest))), WANTED);
    assertEquals(guest.running, true);
    assertEquals(byStub?.frameData, overQmp?.frameData);
    assertEquals(JSON.parse(byStub?.header ?? ""), { ...JSON.parse(overQmp?.header ?? ""), cpu: null });
  }
});

Deno.test("a stub that has no monitor, or not the CPU, is refused, and the guest runs on", async () => {
  const guest = await fakeGuest("linux61-686-pae");
  const refused = async (cpu: number, stub: Connection, message: string) => {
    await assertRejects(() => capture(new GdbGuest(new Gdb(stub)), { ...WANTED, cpu }), QmpError, message);
    assertEquals(guest.running, true);
  };
  await refused(0, fakeStub(guest, () => undefined), "but found no such command: is it QEMU's (-s)?");
  await refused(
    7,
    fakeStub(guest, () => "invalid CPU index\r\n"),
    "Expected CPU 7 among the guest's but found: invalid",
  );
});
