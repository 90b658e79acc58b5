import { assert, assertEquals, assertThrows } from "@std/assert";
import { Random } from "../../../chapters/guests/random.ts";
import { NOBODY, Stores } from "../../../core/recording/log.ts";
import { Recording } from "../../../core/recording/mod.ts";

const STORES = 300_000; // several copies of the tables lie on the way
const SEED = 20070428;

/** Stores of all widths to a few frames, in any order. */
function randomStores(): Stores {
  const random = new Random(SEED);
  const stores = new Stores();
  for (let i = 0; i < STORES; i++) {
    const size = random.pick([1, 2, 4, 8, 8, 8]);
    const offset = random.below(4096 / size) * size;
    stores.add(i + 1, (0x10 + random.below(6)) * 4096 + offset, 0, size, 0, random.word() | 0, random.word() | 0);
  }
  return stores;
}

/** The bytes of the frames after a number of stores, done one by one. */
function naive({ address, size, lo, hi }: Stores, step: number): Uint8Array {
  const bytes = new Uint8Array(6 * 4096);
  const view = new DataView(new ArrayBuffer(8));
  for (let i = 0; i < step; i++) {
    view.setInt32(0, lo[i] as number, true);
    view.setInt32(4, hi[i] as number, true);
    bytes.set(new Uint8Array(view.buffer, 0, size[i]), (address[i] as number) - 0x10 * 4096);
  }
  return bytes;
}

Deno.test(`the memory at any step of ${STORES} stores is what they leave, seed ${SEED}`, () => {
  const stores = randomStores();
  const header = { description: "", ramBytes: 1 << 24 };
  const recording = new Recording({
    header,
    writers: [NOBODY],
    stores,
    events: [],
    marks: [],
    hasFlushes: true,
    end: undefined,
  });
  for (const step of [0, 1, 65_535, 65_536, 65_537, 131_072, 200_001, STORES - 1, STORES, 7]) {
    const { machine: { memory } } = recording.at(step);
    const words = Array.from({ length: 6 * 1024 }, (_, i) => memory.read(0x10 + (i >>> 10), i & 1023));
    assertEquals(new Uint8Array(Int32Array.from(words).buffer), naive(stores, step), `step ${step}`);
  }
});

Deno.test("more frames than a state may have are refused", () => {
  const stores = new Stores();
  for (let frame = 0; frame <= 2 ** 16; frame++) stores.add(frame, frame * 4096, 0, 8, 0, 1, 0);
  const header = { description: "", ramBytes: 2 ** 40 };
  const log = { header, writers: [NOBODY], stores, events: [], marks: [], hasFlushes: true, end: undefined };
  assertThrows(() => new Recording(log), RangeError, "frames in the recording");
  assert(stores.length > 2 ** 16);
});
