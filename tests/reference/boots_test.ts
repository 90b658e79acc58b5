import { assert, assertEquals, assertThrows } from "@std/assert";
import { replayBoot } from "../../chapters/recorded/boots/play.ts";
import { type BootRecord, parseBootRecord } from "../../chapters/recorded/boots/record.ts";
import { replayUnderXen } from "../../chapters/recorded/boots/under_xen.ts";
import { UnreadableFile } from "../../chapters/recorded/files/read_bounded.ts";

const FIXTURES = new URL("../fixtures/boots/", import.meta.url);

async function unpacked(name: string): Promise<string> {
  const packed = new Blob([await Deno.readFile(new URL(`${name}.jsonl.gz`, FIXTURES))]).stream();
  return await new Response(packed.pipeThrough(new DecompressionStream("gzip"))).text();
}

const bytesOf = (text: string) => new TextEncoder().encode(text);
const parse = (text: string): BootRecord => parseBootRecord("test", bytesOf(text));

/** Records that are compared store by store: stores of head.S, stores afterwards, stores left out. */
const STORES: readonly (readonly [name: string, head: number, afterwards: number, leftOut: readonly number[]])[] = [
  ["2.6.17.14-pentium3-64M", 2050, 1041, [2, 770]],
  ["2.6.20-486-nopse-16M", 2050, 8966, []],
  ["2.6.20-486-nopse-64M", 2050, 33_554, []],
  ["2.6.20-486-nopse-1024M", 2050, 459_746, []],
  ["2.6.20-n270-64M", 2050, 1811, []],
  ["2.6.20-pentium-64M", 2050, 1811, []],
  ["2.6.20-pentium-100M", 2050, 1820, []],
  ["2.6.20-pentium3-64M", 2050, 1811, []],
  ["2.6.20-pentium3-128M", 2050, 1827, []],
  ["2.6.20-pentium3-1024M", 2050, 2019, []],
  ["2.6.20-pentium3-nopge-64M", 2050, 1811, []],
  ["2.6.20-pentium3-nopse-64M", 2050, 33_554, []],
  ["2.6.20.1-pentium3-64M", 2050, 32_784, [770]],
];

for (const [name, head, afterwards, leftOut] of STORES) {
  Deno.test(`the model writes what ${name} wrote: entry, value, order and frame`, async () => {
    const { comparisons, exceptions } = replayBoot(parse(await unpacked(name)));
    assertEquals(comparisons, [
      { what: "stores of head.S", passed: head, failed: 0, differences: [] },
      { what: "stores afterwards", passed: afterwards, failed: 0, differences: [] },
    ]);
    assertEquals(exceptions.map(({ count }) => count), leftOut);
  });
}

/** Records of later kernels: stores that map lowmem, pages of lowmem, stores left out. */
const LOWMEM: readonly (readonly [name: string, stores: number, pages: number, leftOut: readonly number[]])[] = [
  ["2.6.27.7-pentium3-64M", 1039, 16_384, []],
  ["2.6.32-el6-pae-n270-128M", 65_536, 32_768, [32_898]],
  ["2.6.32-el6-pae-pentium3-128M", 1150, 32_768, [579]],
  ["2.6.32-el6-pae-pentium3-256M", 1278, 65_536, [643]],
  ["2.6.32-el6-pae-pentium3-nopse-128M", 65_536, 32_768, [32_898]],
  ["3.1.10-pentium3-128M", 2110, 32_768, [32]],
  ["3.2.65-486-pentium3-128M", 2110, 32_768, [32]],
  ["3.2.65-486-pentium3-nopse-128M", 92_186, 32_768, [32]],
  ["3.16.7-586-pentium3-128M", 2110, 32_768, [32]],
  ["3.16.7-586-pentium3-nopse-128M", 91_161, 32_768, [32, 1024]],
  ["3.16rc4-pae-coreduo-128M", 1150, 32_768, [579]],
  ["3.16rc4-pae-coreduo-nopse-128M", 65_536, 32_768, [32_898]],
  ["4.8rc6-pentium3-128M", 2110, 32_768, [32]],
  ["4.17.19-pentium3-128M", 2110, 32_768, [32]],
];

for (const [name, stores, pages, leftOut] of LOWMEM) {
  Deno.test(`the model maps lowmem as ${name} did, store by store and every leaf`, async () => {
    const { comparisons, exceptions } = replayBoot(parse(await unpacked(name)));
    assertEquals(comparisons, [
      { what: "stores that map lowmem", passed: stores, failed: 0, differences: [] },
      { what: "leaves", passed: pages, failed: 0, differences: [] },
    ]);
    assertEquals(exceptions.map(({ count }) => count), leftOut);
  });
}

Deno.test("2.6.32 under a real Xen sets each leaf as filter-set-pte does", async () => {
  const { comparison, halves } = replayUnderXen("test", bytesOf(await unpacked("2.6.32-el6-xen-pv32-56M")));
  assertEquals(comparison, { what: "leaves set", passed: 24_576, failed: 0, differences: [] });
  assertEquals(halves, 1);
});

/** Something changed in a record, and how many comparisons must fail. */
const ALTERED: readonly (readonly [what: string, name: string, from: string, to: string, failed: number])[] = [
  ["a value", "2.6.20-pentium-64M", '"value": "0x2af025"', '"value": "0x2af027"', 1],
  ["an index", "2.6.20-pentium-64M", '"index": 768, "value": "0x2c4007"', '"index": 769, "value": "0x2c4007"', 1],
  ["a frame", "2.6.20-pentium-64M", '"frame": 708', '"frame": 709', 1024],
  ["G in the leaves", "2.6.32-el6-pae-pentium3-128M", '"value": "0x2001e3"', '"value": "0x2000e3"', 63 + 63 * 512],
  ["NX in the leaves", "2.6.32-el6-pae-n270-128M", '"value": "0x8000000001000163"', '"value": "0x1000163"', 512 + 512],
  ["the order", "3.16.7-586-pentium3-nopse-128M", '"value": "0x7c00003"', '"value": "0x7800003"', 1024],
];

for (const [what, name, from, to, failed] of ALTERED) {
  Deno.test(`a replay fails when ${what} of ${name} is changed`, async () => {
    const text = await unpacked(name);
    assert(text.includes(from), `${name} has no ${from}`);
    const { comparisons } = replayBoot(parse(text.replace(from, to)));
    assertEquals(comparisons.reduce((sum, it) => sum + it.failed, 0), failed);
  });
}

Deno.test("a replay under Xen fails when a page that was read-only becomes writable", async () => {
  const text = await unpacked("2.6.32-el6-xen-pv32-56M");
  const altered = text.replace('"value": "0xa77061", "old": "0xa77021"', '"value": "0xa77063", "old": "0xa77021"');
  assert(altered !== text);
  assertEquals(replayUnderXen("test", bytesOf(altered)).comparison.failed, 1);
});

Deno.test("a record that is none is refused in one line", () => {
  const header = '{"kind":"page-table writes of a real kernel","mode":"pae","name":"x","kernel":"2.6.20","cpu":"x",' +
    '"memory_mb":64,"cr3":"0x1000","cr4":"0x0","efer":"0x0","tables":{},"symbols":{}}';
  assertEquals(parse(header).stores, []);
  const store = '{"who":"x","pc":"0x1","frame":1,"index":0,"value":"0x0","count":99999999}';
  for (
    const text of [
      "x",
      "[]",
      "{}",
      header.replace("0x1000", "4096"),
      header.replace("64", "-1"),
      `${header}\n${store}`,
      `${header}\nnull`,
    ]
  ) assertThrows(() => parse(text), UnreadableFile);
});
