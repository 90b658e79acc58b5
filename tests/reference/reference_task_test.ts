import { assertEquals, assertMatch } from "@std/assert";
import { referenceCommand } from "../../tools/reference.ts";
import { runHere } from "../tools/run_here.ts";

Deno.test("deno task reference refuses a wrong command line in one line, with exit 2", async () => {
  const wrong = [
    [],
    ["vax"],
    ["bochs", "--frequency", "1"],
    ["bochs", "--cases"],
    ["bochs", "--cases", "-1"],
    ["bochs", "--cases", "99999999999"],
    ["qemu", "--seed", "0x10"],
    ["qemu", "--modes", "pae,\x1b[2J"],
    ["bochs", "--modes", "5-level"],
    ["bochs", "--ops", "3"],
    ["xen", "--modes", "pae"],
    ["xen", "--sessions", "3"],
    ["qemu", "--sessions", "3", "--cases", "3"],
    ["qemu", "--sessions", "9999999"],
    ["bochs", "qemu"],
  ];
  for (const args of wrong) {
    const { code, err } = await runHere(referenceCommand, ...args);
    assertEquals(code, 2, args.join(" "));
    assertMatch(err, /^reference: \P{Cc}{10,}\n$/u, args.join(" "));
  }
});

Deno.test("where a program is missing, deno task reference names the packages and exits 3", async () => {
  // Tests have no right to see /usr: there is no bochs, whatever is installed.
  const { code, err } = await runHere(referenceCommand, "bochs");
  assertEquals(code, 3);
  assertEquals(
    err,
    "Bochs cannot be asked here: apt-get install bochs bochs-term bochsbios vgabios nasm bsdutils\n",
  );
});
