import { assert, assertEquals, assertRejects } from "@std/assert";
import { loadState, parseStateHeader } from "@pagetable-init/textbook/dump";
import { printLeaves, tablesOf } from "@pagetable-init/textbook/tables";
import { capture, type Captured } from "../../tools/capture/capture.ts";
import { QmpGuest } from "../../tools/capture/guest.ts";
import { Qmp, QmpError } from "../../tools/capture/qmp.ts";
import { readBounded } from "../../chapters/recorded/files/read_bounded.ts";
import { answer, dump, type FakeGuest, fakeGuest } from "./fake_guest.ts";
import { fakeQmp, type Reply, type Sent } from "./fake_qmp.ts";

const WANTED = { name: "guest", cpu: 0 };
const NAMES = [
  "linux61-686-2level",
  "linux61-686-pae",
  "linux61-amd64-4level",
  "linux61-amd64-5level",
  "xen417-pv64-dom0",
];

/** An answer other than QEMU's; undefined for QEMU's own. */
type Change = (sent: Sent) => Reply | undefined;

async function captureFrom(reply: (sent: Sent) => Reply): Promise<Captured> {
  const [captured] = await capture(new QmpGuest(await Qmp.open(fakeQmp(reply), 100)), WANTED);
  return captured as Captured;
}

/** Captures a guest that answers as QEMU does but for what `change` says. */
async function spoilt(guest: FakeGuest, change: Change): Promise<Captured> {
  return await captureFrom((sent) => change(sent) ?? answer(guest, sent));
}

function memoryAnswer(change: (text: string) => string): (guest: FakeGuest) => Change {
  return (guest) => (sent) => {
    if (!String(sent.arguments["command-line"]).startsWith("xp")) return undefined;
    const whole = answer(guest, sent) as { readonly return: string };
    return { return: change(whole.return) };
  };
}

for (const name of NAMES) {
  Deno.test(`a guest with the tables of ${name} is captured with every leaf that QEMU lists`, async () => {
    const { header, frameData } = await captureFrom((sent) => answer(guest, sent));
    const { machine } = await loadState(parseStateHeader(header), frameData);
    const leaves: string[] = [];
    printLeaves(tablesOf(machine), (line) => leaves.push(line.slice(0, 18)));
    const listed = new TextDecoder().decode(await readBounded(`tests/fixtures/kernels/${name}.tlb.gz`));
    assertEquals(leaves, listed.trimEnd().split(/\r?\n/).map((line) => line.slice(0, 18)));
    assertEquals(guest.running, true);
  });
  const guest = await fakeGuest(name);
}

Deno.test("only page tables and the frame beside the root, which isolation uses, are read, each once, and of the monitor only what reads", async () => {
  const guest = await fakeGuest("linux61-686-pae");
  const fake = fakeQmp((sent) => answer(guest, sent));
  await capture(new QmpGuest(await Qmp.open(fake)), WANTED);
  const lines = fake.sent.map(({ arguments: args }) => args["command-line"]).filter((line) => line !== undefined);
  const beside = parseInt(/CR3=([0-9a-f]+)/.exec(guest.registers)?.[1] ?? "", 16) / 4096 ^ 1;
  const frames = new Set([...guest.frames.keys(), beside]);
  const tables = [...frames].map((frame) => `xp /1024xw 0x${(frame * 4096).toString(16)}`);
  assertEquals(lines.slice().sort(), ["info registers", ...tables].sort());
});

Deno.test("a guest that stood still stands still afterwards", async () => {
  const guest = { ...await fakeGuest("linux61-686-2level"), running: false };
  await captureFrom((sent) => answer(guest, sent));
  assertEquals(guest.running, false);
});

Deno.test("a guest runs on though its capture failed", async () => {
  const guest = await fakeGuest("linux61-686-2level");
  guest.registers = guest.registers.replace("CR0=8", "CR0=0");
  await assertRejects(() => captureFrom((sent) => answer(guest, sent)), QmpError, "paging is off");
  assertEquals(guest.running, true);
});

Deno.test("a guest that cannot be made to run again is said to stand still", async () => {
  const guest = await fakeGuest("linux61-686-2level");
  const message = `told to; the guest may stand still: say "cont" to its monitor`;
  const refuse = { error: { class: "GenericError", desc: "told to" } };
  await assertRejects(() => spoilt(guest, ({ execute }) => execute === "cont" ? refuse : undefined), QmpError, message);
});

Deno.test("a guest runs on though somebody lost patience", async () => {
  const guest = await fakeGuest("linux61-686-2level");
  const qmp = await Qmp.open(fakeQmp((sent) => answer(guest, sent)));
  const error = await assertRejects(() => capture(new QmpGuest(qmp), { ...WANTED, signal: AbortSignal.abort() }));
  assertEquals([(error as Error).name, guest.running], ["AbortError", true]);
});

Deno.test("registers that are missing or absurd are refused", async () => {
  for (
    const [from, to, reason] of [
      [/CR3=\w+/, "", "Expected CR3 among the registers"],
      [/CR0=\w+/, "CR0=zz", "Expected CR0 among the registers"],
      [/CR3=\w+/, "CR3=10000000001000", "Expected CR3 below 2^52"],
      [/CR4=\w+/, "CR4=123456789", "Expected CR4 below 2^32"],
      [/EFER=\w+/, "EFER=ffffffffffffffff", "Expected EFER below 2^32"],
      [/^[^]*$/, "", "is the guest an x86?"],
    ] as const
  ) {
    const guest = await fakeGuest("linux61-686-pae");
    guest.registers = guest.registers.replace(from, to);
    await assertRejects(() => captureFrom((sent) => answer(guest, sent)), QmpError, reason);
  }
});

Deno.test("bits of CR3 that only say which addresses are canonical do not move the tables", async () => {
  const guest = await fakeGuest("linux61-amd64-4level");
  guest.registers = guest.registers.replace(/CR3=(\w+)/, "CR3=60000000$1");
  const { header } = await captureFrom((sent) => answer(guest, sent));
  assert(parseStateHeader(header).registers.cr3 < 2 ** 32);
});

Deno.test("memory that is cut short, is another's, or is none is refused", async () => {
  const guest = await fakeGuest("linux61-686-2level");
  for (
    const [change, reason] of [
      [(text) => text.slice(0, 5000), "Expected the frame at 0x"],
      [(text) => text.slice(0, text.lastIndexOf("\r\n", text.length - 3) + 2), `but found "255 lines"`],
      [(text) => text + text, "Expected the frame at 0x"],
      [(text) => text.replace(/^0{8}/, "00000001"), "Expected the frame at 0x"],
      [(text) => text.replace("0x", "0X"), "Expected the frame at 0x"],
      [() => dump(undefined, 0), `but found "0000000000000000: Cannot access memory"`],
      [() => "", "Expected the frame at 0x"],
    ] as [(text: string) => string, string][]
  ) {
    await assertRejects(() => spoilt(guest, memoryAnswer(change)(guest)), QmpError, reason);
    assertEquals(guest.running, true);
  }
});

Deno.test("of several CPUs each one that pages is a state", async () => {
  const names = async (second: (registers: string) => string) => {
    const guest = await fakeGuest("linux61-686-pae");
    const change = ({ execute, arguments: args }: Sent) => {
      if (execute === "query-cpus-fast") return { return: [{ "cpu-index": 0 }, { "cpu-index": 1 }] };
      if (args["cpu-index"] !== 1) return undefined;
      return { return: second(guest.registers.replace("CPU#0", "CPU#1")) };
    };
    const qmp = await Qmp.open(fakeQmp((sent) => change(sent) ?? answer(guest, sent)), 100);
    const captured = await capture(new QmpGuest(qmp), { name: "guest", cpu: "all" });
    assertEquals(guest.running, true);
    return captured.map(({ name }) => name);
  };
  assertEquals(await names((registers) => registers), ["guest-cpu0", "guest-cpu1"]);
  assertEquals(await names((registers) => registers.replace("CR0=8", "CR0=0")), ["guest-cpu0"]);
});

Deno.test("a size of memory that is none is refused", async () => {
  const guest = await fakeGuest("linux61-686-2level");
  for (const size of [{}, { "base-memory": -4096 }, { "base-memory": 1e300 }, { "base-memory": "4096" }, 4096, null]) {
    const change = ({ execute }: Sent) => execute === "query-memory-size-summary" ? { return: size } : undefined;
    await assertRejects(() => spoilt(guest, change), QmpError, "Expected the size of the guest's memory");
  }
});

Deno.test("a table where no memory is stays out of the state, and one in memory that was plugged in far up is read", async () => {
  const guest = await fakeGuest("linux61-amd64-4level");
  const root = guest.frames.get(rootOf(guest));
  root?.setUint32(8 * 7, 0x067, true);
  root?.setUint32(8 * 7 + 4, 0x000f_0000, true);
  root?.setUint32(8 * 9, 0x067, true);
  root?.setUint32(8 * 9 + 4, 0x40, true);
  guest.frames.set(0x400_0000, new DataView(new ArrayBuffer(4096)));
  const { header, frames } = await captureFrom((sent) => answer(guest, sent));
  assertEquals([frames, JSON.parse(header).frames.at(-1)], [108, "0x4000000"]);
});

Deno.test("AC and the CPU are captured where QEMU tells them, and not known where it does not", async () => {
  const guest = await fakeGuest("linux61-amd64-4level");
  const silent = JSON.parse((await captureFrom((sent) => answer(guest, sent))).header);
  assertEquals([silent.format, silent.version, silent.cpu], ["page-table-state", 2, null]);
  assertEquals([silent.registers.pkru, silent.registers.pat], [null, null]);
  const features: Record<string, unknown> = { "phys-bits": 40, lm: true, pdpe1gb: false, nx: true };
  const tells = await captureFrom((sent) => {
    const { execute, arguments: args } = sent;
    if (execute === "query-cpus-fast") return { return: [{ "cpu-index": 0, "qom-path": "/cpu" }] };
    if (execute === "qom-get") return { return: features[String(args["property"])] ?? true };
    return answer({ ...guest, registers: guest.registers.replace(/FL=[0-9a-f]{8}/, "FL=00040246") }, sent);
  });
  const { cpu, registers } = JSON.parse(tells.header);
  assertEquals([cpu.physicalBits, cpu.longMode, cpu.gigabytePages, cpu.pku], [40, true, false, true]);
  assertEquals(registers.ac, /FL=/.test(guest.registers) ? true : null);
});

function rootOf({ registers }: FakeGuest): number {
  return Math.floor(parseInt(/CR3=(\w+)/.exec(registers)?.[1] ?? "", 16) / 4096);
}

Deno.test("tables that refer to themselves at every level do not last for ever", async () => {
  const guest = await fakeGuest("linux61-amd64-5level");
  const root = guest.frames.get(rootOf(guest));
  for (let entry = 0; entry < 512; entry++) {
    root?.setUint32(8 * entry, rootOf(guest) * 4096 + 7, true);
    root?.setUint32(8 * entry + 4, 0, true);
  }
  await assertRejects(() => captureFrom((sent) => answer(guest, sent)), RangeError);
  assertEquals(guest.running, true);
});
