import { assert, assertEquals, assertThrows } from "@std/assert";
import { Misuse } from "../../tools/command.ts";
import { blameCommand } from "../../tools/blame.ts";
import { recordCommand } from "../../tools/record.ts";
import { parseGuest, serialOption, wiredArguments } from "../../tools/record/guest.ts";
import { parseSymbols, writerNames } from "../../tools/record/symbols.ts";
import { parseUntil } from "../../tools/record/until.ts";
import { timelineCommand } from "../../tools/timeline.ts";
import { runHere } from "./run_here.ts";

const QEMU = "qemu-system-x86_64";

Deno.test("the size of the guest's memory is that of -m, in all forms that QEMU takes", () => {
  const sizes = ["64", "64M", "1G", "1024k", "size=128M,slots=2", "2g"].map((size) =>
    parseGuest([QEMU, "-m", size]).ramBytes / 2 ** 20
  );
  assertEquals(sizes, [64, 64, 1024, 1, 128, 2048]);
  assertEquals(parseGuest(["/usr/bin/qemu-system-i386"]).ramBytes, 128 * 2 ** 20);
});

Deno.test("a guest that cannot be recorded is refused in words that say why", () => {
  const bad: readonly (readonly [string[], string])[] = [
    [[], "found nothing"],
    [["bochs"], "found bochs"],
    [[QEMU, "-enable-kvm"], "another accelerator"],
    [[QEMU, "-accel", "kvm"], "another accelerator"],
    [[QEMU, "-machine", "q35,accel=kvm:tcg"], "another accelerator"],
    [[QEMU, "-M", "pc,memory-backend=mine"], "memory-backend"],
    [[QEMU, "-daemonize"], "-daemonize"],
    [[QEMU, "-m", "4G"], "-m from 1M to 2G"],
    [[QEMU, "-m", "much"], "-m from 1M to 2G"],
  ];
  for (const [words, said] of bad) assertThrows(() => parseGuest(words), Misuse, said);
});

Deno.test("the recorder's accelerator comes first, and no window opens that was not asked for", () => {
  const wiring = { plugin: "/p.so", folder: "/f", more: ["records=5"] };
  const words = wiredArguments(parseGuest([QEMU, "-m", "64"]), wiring);
  assertEquals(words.slice(0, 2), ["-accel", "tcg,thread=single"]);
  assertEquals(words.at(-3), "none");
  assert(words.includes("/p.so,ram=/f/ram,log=/f/log,control=/f/control,qmp=/f/qmp,records=5"));
  assert(!wiredArguments(parseGuest([QEMU, "-nographic"]), wiring).includes("-display"));
});

Deno.test("a text on the serial line is waited for where it can be read", () => {
  assertEquals(serialOption(parseGuest([QEMU])), ["-serial", "stdio"]);
  for (const words of [["-nographic"], ["-serial", "stdio"], ["-serial", "mon:stdio"]]) {
    assertEquals(serialOption(parseGuest([QEMU, ...words])), []);
  }
  assertThrows(() => serialOption(parseGuest([QEMU, "-serial", "file:a"])), Misuse, "-serial stdio");
});

Deno.test("an end is a time, a number of stores, a symbol or a text; the earliest counts", () => {
  const symbols = [{ address: 0xc0100000n, name: "start_kernel" }];
  const until = parseUntil([
    "20s",
    "500ms",
    "2m",
    "stores:1000",
    "symbol:start_kernel",
    "symbol:0xffffffff81000000",
    "serial:login: ",
  ], symbols);
  assertEquals(until, { time: 500, stores: 1000, symbols: [0xc0100000n, 0xffffffff81000000n], serial: ["login: "] });
  for (const bad of ["", "20", "-1s", "stores:0", "stores:x", "symbol:", "serial:", "later"]) {
    assertThrows(() => parseUntil([bad], symbols), Misuse, "--until");
  }
  assertThrows(() => parseUntil(["symbol:nowhere"], symbols), Misuse, "no such symbol");
  assertThrows(() => parseUntil(["symbol:nowhere"], []), Misuse, "no --symbols");
});

/** An ELF file of 64 bits with one function. */
function elf(): Uint8Array {
  const bytes = new Uint8Array(0x200);
  const view = new DataView(bytes.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setBigUint64(0x28, 0x80n, true); // section headers
  view.setUint16(0x3a, 64, true);
  view.setUint16(0x3c, 3, true);
  const section = (at: number, kind: number, offset: number, size: number, link: number) => {
    view.setUint32(at + 4, kind, true);
    view.setBigUint64(at + 0x18, BigInt(offset), true);
    view.setBigUint64(at + 0x20, BigInt(size), true);
    view.setUint32(at + 0x28, link, true);
  };
  section(0xc0, 2, 0x180, 48, 2);
  section(0x100, 3, 0x160, 16, 0);
  bytes.set(new TextEncoder().encode("\0set_pte\0"), 0x160);
  view.setUint32(0x198, 1, true); // name
  bytes[0x19c] = 2; // a function
  view.setUint16(0x19e, 1, true);
  view.setBigUint64(0x1a0, 0xffffffff81000010n, true);
  return bytes;
}

Deno.test("symbols come from a System.map or an ELF file, and name what lies behind them", () => {
  const map = parseSymbols(new TextEncoder().encode("c0100000 T _text\nc0100010 t set_pte\nnonsense\n"));
  const name = writerNames(map);
  assertEquals(name({ hi: 0, lo: 0xc0100012 }), { name: "set_pte", offset: 2 });
  assertEquals(name({ hi: 0, lo: 0xc00fffff }), { name: "0xc00fffff", offset: 0 });
  assertEquals(name({ hi: 0xffffffff, lo: 0x81000000 }).name, "0xffffffff81000000");
  assertEquals(parseSymbols(elf()), [{ address: 0xffffffff81000010n, name: "set_pte" }]);
  assertThrows(() => parseSymbols(new TextEncoder().encode("no symbols")), RangeError, "System.map");
  for (const length of [60, 0x100, 0x190]) assertThrows(() => parseSymbols(elf().slice(0, length)), RangeError, "ELF");
});

Deno.test("record, blame and timeline refuse what they cannot use in one line, exit 2, and write nothing", async () => {
  const runs = [
    [recordCommand, ["--", QEMU], "--out"],
    [recordCommand, ["--out", "a.rec", "--", "true"], "qemu-system"],
    [recordCommand, ["--out", "a.rec", "--until", "x", "--", QEMU], "--until"],
    [recordCommand, ["--out", "a.rec", "--symbols", "nowhere.map", "--", QEMU], "no such file"],
    [blameCommand, ["nowhere.rec", "0xc0000000"], "no such file"],
    [blameCommand, ["deno.json", "0xc0000000"], "pagetable-recording-1"],
    [blameCommand, ["tests/fixtures/boots/2.6.20-pentium3-64M.jsonl.gz", "paging"], "address"],
    [timelineCommand, ["README.md"], "pagetable-recording-1"],
  ] as const;
  for (const [command, args, said] of runs) {
    const { code, out, err } = await runHere(command, ...args);
    assertEquals([code, out, err.split("\n").length], [2, "", 2], err);
    assert(err.includes(said), err);
  }
  assertEquals(await Deno.stat("a.rec").catch(() => "nothing"), "nothing");
});
