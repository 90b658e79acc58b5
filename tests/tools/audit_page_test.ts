/** The page of an audit: what it holds, and that its map says what the audit says. */
import { assert, assertEquals } from "@std/assert";
import { readState } from "../../chapters/recorded/files/state.ts";
import { RIGHT_NX, RIGHT_RW, RIGHT_US } from "../../core/mmu/mod.ts";
import { audit } from "../../mod.ts";
import { auditCommand } from "../../tools/audit.ts";
import { shownAt, sightOf } from "../../tools/states/page/client.ts";
import {
  addressText,
  belowTable,
  entryAt,
  limited,
  openSpace,
  pageIn,
  type Space,
} from "../../tools/states/page/space.ts";
import { runHere } from "./run_here.ts";

const STATES = "tests/fixtures/kernels/";
const NAMES = [
  "linux61-amd64-4level",
  "linux61-amd64-5level",
  "linux61-686-pae",
  "linux61-686-2level",
  "xen417-pv64-dom0",
];

async function pageOf(name: string): Promise<string> {
  const path = `${await Deno.makeTempDir()}/page.html`;
  const { code, err } = await runHere(auditCommand, `${STATES}${name}.json`, "--out", path);
  assertEquals([code, err], [0, ""]);
  return await Deno.readTextFile(path);
}

/** The space as the page's program opens it. */
async function spaceOf(page: string): Promise<Space> {
  const part = (id: string) => new RegExp(`id="${id}">([^<]*)<`).exec(page)?.[1] ?? "";
  const stream = new Blob([Uint8Array.fromBase64(part("space-frames"))]).stream();
  const bytes = await new Response(stream.pipeThrough(new DecompressionStream("gzip"))).bytes();
  return openSpace(JSON.parse(part("space-data")), bytes);
}

for (const name of NAMES) {
  Deno.test(`the map of the page has every page that the audit has, with its rights: ${name}`, async () => {
    const [space, { machine }] = [await spaceOf(await pageOf(name)), await readState(`${STATES}${name}.json`)];
    const { map, findings } = audit(machine);
    const pages = map.reduce((sum, { range, times }) => sum + range.pages * times, 0);
    assertEquals(belowTable(space, 0, space.data.root).pages, pages);
    for (const { range: { linear, rights, frame, pageShift } } of map) {
      const page = pageIn(space, `${linear.hi.toString(16)}${linear.lo.toString(16).padStart(8, "0")}`);
      const { path, chosen } = sightOf(space, page, 1);
      const { depth, frame: table, above } = shownAt(space, path);
      const entry = entryAt(space, depth, table, chosen);
      const set = ((rights & RIGHT_RW) !== 0 ? 1 : 0) | ((rights & RIGHT_US) !== 0 ? 2 : 0) |
        ((rights & RIGHT_NX) !== 0 ? 4 : 0);
      assertEquals([entry.kind, entry.frame, limited(entry.below.rights, above)], ["leaf", frame, 1 << set]);
      assertEquals(space.data.levels[depth]?.shift, pageShift);
    }
    assertEquals(space.data.findings.map(({ id }) => id), findings.map(({ id }) => id));
  });
}

Deno.test("a 4M page beyond 4 GiB has its frame: PSE-36 keeps high bits below the address", () => {
  const level = { entry: "PDE", shift: 22, bits: 10, leafBit: 0x80, rights: true };
  const space = openSpace({
    entryWords: 1,
    linearBits: 32,
    levels: [{ ...level, leafReserved: [0, 0], tableReserved: [0, 0] }],
    root: 1,
    rootWord: 0,
    frames: [1],
    regions: [],
    findings: [],
  }, new Uint8Array(Int32Array.of(0x0040_20e3).buffer));
  assertEquals(entryAt(space, 0, 1, 0).frame, 0x10_0400);
});

Deno.test("an address is found and printed as it is", async () => {
  const space = await spaceOf(await pageOf("linux61-amd64-4level"));
  for (const address of ["0xffffffff81000000", "0x0000000000400000"]) {
    assertEquals(addressText(space, pageIn(space, address), 0), address);
  }
  assertEquals(pageIn(space, "nowhere"), -1);
});

Deno.test("a page asks for nothing from outside, runs no script but its own, and what a state calls itself is text in it", async () => {
  const folder = await Deno.makeTempDir();
  const header = JSON.parse(await Deno.readTextFile(`${STATES}linux61-686-pae.json`));
  header.description = "<script>evil()</script>";
  await Deno.writeTextFile(`${folder}/x.json`, JSON.stringify(header));
  await Deno.copyFile(`${STATES}linux61-686-pae.pt.gz`, `${folder}/linux61-686-pae.pt.gz`);
  assertEquals((await runHere(auditCommand, `${folder}/x.json`, "--out", `${folder}/x.html`)).code, 0);
  const page = await Deno.readTextFile(`${folder}/x.html`);
  assert(page.includes("default-src &#39;none&#39;") && !page.includes("<script>evil"));
  assert(!/(?:src|href)="(?!data:)(?!#)/.test(page), "something is fetched");
});
