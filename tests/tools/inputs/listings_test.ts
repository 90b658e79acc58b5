/** Maps as text: what follows from them is found, what does not is said. */
import { assert, assertEquals } from "@std/assert";
import { auditCommand } from "../../../tools/audit.ts";
import { explainCommand } from "../../../tools/explain.ts";
import { readState } from "../../../chapters/recorded/files/state.ts";
import { runHere } from "../run_here.ts";
import { kernelText } from "./kernel_text.ts";

const STATES = "tests/fixtures/kernels/";

async function audited(file: string, ...args: string[]) {
  const { code, out, err } = await runHere(auditCommand, "--json", file, ...args);
  assertEquals([code, err], [0, ""]);
  return JSON.parse(out);
}

async function textFile(text: string): Promise<string> {
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(path, text);
  return path;
}

for (
  const name of [
    "linux61-amd64-4level",
    "linux61-amd64-5level",
    "linux61-686-pae",
    "linux61-686-2level",
    "xen417-pv64-dom0",
  ]
) {
  Deno.test(`info tlb has the leaves, sizes, owner and regions of the tables: ${name}`, async () => {
    const [text, state] = [await audited(`${STATES}${name}.tlb.gz`), await audited(`${STATES}${name}.json`)];
    assertEquals([text.leaves, text.sizes, text.owner], [state.leaves, state.sizes, state.owner]);
    assertEquals(text.regions, state.regions.filter(({ pages }: { pages: number }) => pages > 0));
    assertEquals([text.cr3, text.tables, text.absent], [null, [], []]);
    assert(text.remarks.some((line: string) => line.startsWith("no tables")));
  });
}

Deno.test("info mem tells ranges and who may write and reach them; nothing is said of execution", async () => {
  const text = [
    "0000000000400000-0000000000401000 0000000000001000 ur-",
    "00007ffda1bbd000-00007ffda1bde000 0000000000021000 urw",
    "ffff888000000000-ffff888000200000 0000000000200000 -rw",
    "ffff888000200000-ffff888000201000 0000000000001000 urw",
  ].join("\n");
  const { map, leaves, findings, mode } = await audited(await textFile(`(qemu) info mem\n${text}\n(qemu) \n`));
  assertEquals([mode, leaves], ["4-level", null]);
  assertEquals(map.map(({ first, frame }: { first: string; frame: null }) => [first, frame])[2], [
    "0xffff888000000000",
    null,
  ]);
  assertEquals(findings.map(({ id, address }: { id: string; address: string }) => [id, address]), [
    ["kernel-user-accessible", "0xffff888000200000"],
  ]);
});

Deno.test("what a monitor's socket brings is read: its greeting, the echo with control sequences, line ends of terminals", async () => {
  const leaves = ["0000000000400000: 0000000000001000 X------UW", "ffff888000000000: 0000000000002000 XG-DA---W"];
  const echo = "(qemu) i\x1b[K\x1b[Din\x1b[K\x1b[D\x1b[Dinfo tlb\x1b[K";
  const text = ["QEMU 7.2.22 monitor - type 'help' for more information", echo, ...leaves, "(qemu) "].join("\r\n");
  const expected = await audited(await textFile(leaves.join("\n")));
  for (const form of [text, `\ufeff${leaves.join("\n")}\n`]) {
    assertEquals(await audited(await textFile(form)), expected);
  }
  assertEquals(expected.leaves, 2);
});

/** Made up, in the columns of Linux 6.1. */
const PAGE_TABLES = `---[ User Space ]---
0x0000000000000000-0xffff800000000000    16777088T                               pgd
---[ Kernel Space ]---
0xffff800000000000-0xffff888000000000        8704G                               pgd
---[ Low Kernel Mapping ]---
0xffff888000000000-0xffff888000200000           2M     RW                 GLB NX pte
0xffff888000200000-0xffff888040000000        1022M     RW         PSE     GLB NX pmd
0xffff888040000000-0xffffc90000000000       66047G                               pud
---[ vmalloc() Area ]---
0xffffc90000000000-0xffffc90000001000           4K     RW     PCD         GLB NX pte
0xffffc90000001000-0xffffffff81000000   59053719548K                               pte
---[ High Kernel Mapping ]---
0xffffffff81000000-0xffffffff81e00000          14M     ro         PSE     GLB x  pmd
0xffffffff81e00000-0xffffffff82000000           2M     RW                 GLB x  pte
---[ vsyscall ]---
0xffffffffff600000-0xffffffffff601000           4K USR ro                 GLB NX pte
`;

Deno.test("debugfs' page_tables names its regions, and W+X in them is found", async () => {
  const { regions, findings, leaves, map } = await audited(await textFile(PAGE_TABLES));
  assertEquals(
    regions.map(({ name, first, pages }: { name: string; first: string; pages: number }) => [name, first, pages]),
    [
      ["Low Kernel Mapping", "0xffff888000000000", 0x4_0000],
      ["vmalloc() Area", "0xffffc90000000000", 1],
      ["High Kernel Mapping", "0xffffffff81000000", 4096],
      ["vsyscall", "0xffffffffff600000", 1],
    ],
  );
  assertEquals(leaves, 512 + 511 + 1 + 7 + 512 + 1);
  assertEquals(map[2].memoryType, "UC-");
  assertEquals(
    findings.map(({ id, address, pages }: { id: string; address: string; pages: number }) => [id, address, pages]),
    [
      ["kernel-write-exec", "0xffffffff81e00000", 512],
    ],
  );
});

for (const release of ["4.0", "4.19", "6.1"] as const) {
  for (const name of ["kernels/linux61-686-2level", "kernels/linux61-686-pae", "states/linux61-amd64-rodata"]) {
    Deno.test(`the text that a kernel prints of its tables has the pages, sizes and W+X of the tables: ${release}, ${name}`, async () => {
      const path = `tests/fixtures/${name}.json`;
      const [text, state] = [
        await audited(await textFile(kernelText(await readState(path), release))),
        await audited(path),
      ];
      const isLarge = ({ pageBytes }: { pageBytes: number }) => pageBytes > 4096 || name.includes("686");
      assertEquals(text.sizes.filter(isLarge), state.sizes.filter(isLarge)); // of ESPFIX's pages only 16 are printed
      const found = ({ findings }: { findings: readonly { id: string; address: string; pages: number }[] }) =>
        findings.filter(({ id }) => id.endsWith("write-exec")).map(({ id, address, pages }) => [id, address, pages]);
      assertEquals(found(text), found(state));
      assert(found(text).length > 0);
    });
  }
}

Deno.test("a listing with a broken line, in the wrong order or without a page is refused in one line that says which", async () => {
  const refused = async (text: string, ...args: string[]) => {
    const { code, out, err } = await runHere(auditCommand, await textFile(text), ...args);
    assertEquals([code, out, err.split("\n").length], [2, "", 2]);
    return err;
  };
  const line = "0000000000400000: 0000000000001000 ----A--U-";
  assert((await refused(`${line}\n0000000000401000: oops\n`)).includes("a leaf of info tlb in line 2"));
  assert((await refused(`${line}\n${line}\n`)).includes("addresses that ascend"));
  assert((await refused(PAGE_TABLES.replace("RW     PCD", "RW     WTF"))).includes("flags of page_tables in line 10"));
  assert((await refused(PAGE_TABLES.replace(/1022M/, "1024M"))).includes("a size that fits the addresses in line 7"));
  assert((await refused(PAGE_TABLES.replaceAll(/^0x.* (RW|ro|USR) .*\n/gm, ""))).includes("found none"));
  assert((await refused("0000000000400000-0000000000401000 0000000000000000 ur-\n")).includes("a range of some pages"));
});

Deno.test("what needs tables is refused for a map as text", async () => {
  const path = `${STATES}linux61-686-pae.tlb.gz`;
  for (const args of [["--leaves"], ["--save", "x.json"], ["--against", `${STATES}linux61-686-pae.json`]]) {
    const { code, err } = await runHere(auditCommand, path, ...args);
    assertEquals([code, err], [
      2,
      `audit: expected page tables for ${args[0]} but found a map, from QEMU's info tlb\n`,
    ]);
  }
  const { code, err } = await runHere(explainCommand, path, "0xc0000000");
  assertEquals([code, err], [2, "explain: expected page tables to walk but found a map, from QEMU's info tlb\n"]);
});
