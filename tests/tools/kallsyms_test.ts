import { assertEquals } from "@std/assert";
import { findKernel } from "../../tools/record/kallsyms.ts";

/** Enough for nine markers. */
const COUNT = 2200;
const ASCENDING = Array.from({ length: COUNT }, (_, i) => i * 0x40);

/** Bytes that are appended to, as `scripts/kallsyms.c` writes its list. */
class Listing {
  readonly bytes: number[] = [];
  readonly #wordBytes: number;

  constructor(wordBytes: number) {
    this.#wordBytes = wordBytes;
  }

  align(): this {
    while (this.bytes.length % this.#wordBytes !== 0) this.bytes.push(0);
    return this;
  }

  number(value: bigint | number, size: number): this {
    for (let i = 0; i < size; i++) this.bytes.push(Number(BigInt.asUintN(64, BigInt(value)) >> BigInt(8 * i) & 255n));
    return this;
  }

  text(text: string): this {
    this.bytes.push(...new TextEncoder().encode(text));
    return this;
  }

  /** Count, names, markers, tokens and their index: what follows the addresses. */
  names(names: readonly string[], longMarkers: boolean): this {
    this.align().number(names.length, 4).align();
    const start = this.bytes.length;
    const markers: number[] = [];
    for (const [i, name] of names.entries()) {
      if (i % 256 === 0) markers.push(this.bytes.length - start);
      this.number(name.length + 1, 1).text(`T${name}`);
    }
    this.align();
    for (const marker of markers) this.number(marker, longMarkers ? this.#wordBytes : 4);
    this.align();
    const table = this.bytes.length;
    const places = Array.from({ length: 256 }, (_, code) => {
      const place = this.bytes.length - table;
      this.text(code > 0x20 && code < 0x7f ? String.fromCharCode(code) : "tok").number(0, 1);
      return place;
    });
    this.align();
    for (const place of places) this.number(place, 2);
    return this;
  }
}

async function found(listing: Listing): Promise<Awaited<ReturnType<typeof findKernel>>> {
  const memory = new Uint8Array(1 << 20);
  memory.set(new TextEncoder().encode("Linux version 6.1.0-test (gcc)"), 0x1000);
  memory.set(listing.bytes, 0x20000);
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeFile(path, memory);
    return await findKernel(path);
  } finally {
    await Deno.remove(path);
  }
}

const NAMES = ASCENDING.map((_, i) => `f${i}`);

Deno.test("symbols of a 32-bit kernel are offsets to the base behind them, and the base is no offset", async () => {
  const listing = new Listing(4);
  for (const offset of ASCENDING) listing.number(offset, 4);
  const { symbols, banner } = await found(listing.number(0xd600_0000, 4).names(NAMES, false));
  assertEquals(banner, "Linux version 6.1.0-test");
  assertEquals(symbols, ASCENDING.map((offset, i) => ({ address: BigInt(0xd600_0000 + offset), name: `f${i}` })));
});

Deno.test("symbols of older kernels are addresses, of 4 or 8 bytes", async () => {
  for (const [size, base] of [[4, 0xc010_0000n], [8, 0xffff_ffff_8100_0000n]] as const) {
    const listing = new Listing(size);
    const addresses = ASCENDING.map((offset) => base + BigInt(offset));
    for (const address of addresses) listing.number(address, size);
    const { symbols } = await found(listing.names(NAMES, true));
    assertEquals(symbols, addresses.map((address, i) => ({ address, name: `f${i}` })));
  }
});

Deno.test("symbols of a 64-bit kernel are offsets below its base; those of each CPU's own data are left out", async () => {
  const base = 0xffff_ffff_8100_0000n;
  const listing = new Listing(8);
  const own = 100; // they come first, as plain numbers
  for (let i = 0; i < own; i++) listing.number(i * 8, 4);
  for (const offset of ASCENDING.slice(own)) listing.number(-1 - offset, 4);
  const { symbols } = await found(listing.align().number(base, 8).names(NAMES, false));
  const rest = ASCENDING.slice(own).map((offset, i) => ({ address: base + BigInt(offset), name: `f${i + own}` }));
  assertEquals(symbols, rest);
});

Deno.test("memory without a list, or with half of one, has no symbols", async () => {
  const listing = new Listing(4);
  for (const offset of ASCENDING) listing.number(offset, 4);
  listing.number(0xd600_0000, 4).names(NAMES, false);
  listing.bytes.splice(listing.bytes.length - 400);
  assertEquals((await found(listing)).symbols, []);
  assertEquals((await found(new Listing(4).text("0123456789".replace(/./g, "$&\0")))).symbols, []);
});
