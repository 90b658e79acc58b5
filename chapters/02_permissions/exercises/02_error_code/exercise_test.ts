import { assertEquals } from "@std/assert";
import { CPUS, explain, Machine, PhysicalMemory } from "@pagetable-init/textbook";
import { errorCode, type Refused } from "./exercise.ts";

/**
 * PTEs that refuse: absent, no right at all (supervisor, read-only, NX if that counts), a
 * frame beyond the CPU's width.
 */
const PTES = {
  absent: [0x300006, 0],
  right: [0x300001, 1 << 31],
  reserved: [0x300007, 1 << 16],
} as const;

/** What the machine says, or undefined where it allows the access. */
function machineSays({ why, kind, user, nxe }: Refused): number | undefined {
  const machine = new Machine(CPUS.k8, new PhysicalMemory(1 << 24));
  const [lo, hi] = PTES[why];
  machine.memory.write(0x1, 6, 0x2001);
  machine.memory.write(0x2, 0, 0x3007);
  machine.memory.write(0x3, 512, lo);
  machine.memory.write(0x3, 513, why === "right" && !nxe ? 0 : hi);
  machine.writeCr4(0x20);
  machine.writeEfer(nxe ? 0x800 : 0);
  machine.writeCr3(0x1000);
  machine.writeCr0(0x80010001);
  const { outcome } = explain(machine, 0xc0100000, kind, { user });
  return outcome.ok ? undefined : outcome.fault.errorCode;
}

const name = (code: number) => `0x${code.toString(16)}`;

Deno.test("the kernel's write to a read-only page is 0x3", () => {
  const code = errorCode({ why: "right", kind: "write", user: false, nxe: false });
  assertEquals(
    name(code),
    "0x3",
    "A right is missing (bit 0), and the access was a write (bit 1)",
  );
});

Deno.test("an absent page leaves bit 0 clear and the others alone", () => {
  const code = errorCode({ why: "absent", kind: "write", user: true, nxe: true });
  assertEquals(
    name(code),
    "0x6",
    "Bits 1 and 2 tell about the access, also where there is no page",
  );
});

Deno.test("bit 2 is about the access, not about the page", () => {
  const code = errorCode({ why: "right", kind: "read", user: true, nxe: true });
  assertEquals(
    name(code),
    "0x5",
    "A user access sets bit 2, though the page that refuses it is the supervisor's",
  );
});

Deno.test("a reserved bit is in an entry that is there", () => {
  const code = errorCode({ why: "reserved", kind: "read", user: false, nxe: true });
  assertEquals(
    name(code),
    "0x9",
    "Bit 3 comes with bit 0: only an entry that is present has reserved bits",
  );
});

Deno.test("a fetch is told apart only where NX exists", () => {
  const code = errorCode({ why: "absent", kind: "fetch", user: true, nxe: false });
  assertEquals(
    name(code),
    "0x4",
    "Without EFER.NXE a fetch looks like a read: bit 4 stays clear",
  );
});

const CASES = ["absent", "right", "reserved"].flatMap((why) =>
  ["read", "write", "fetch"].flatMap((kind) =>
    [false, true].flatMap((user) =>
      [false, true].map((nxe) => ({ why, kind, user, nxe }))
    )
  )
) as readonly Refused[];

const WHY = {
  absent: "the page is absent",
  right: "a right is missing",
  reserved: "a reserved bit is set",
} as const;

const inWords = ({ why, kind, user, nxe }: Refused) =>
  `${user ? "User mode" : "The supervisor"} tries to ${kind}, ${
    WHY[why]
  }, and EFER.NXE is ${nxe ? "set" : "clear"}`;

Deno.test("all codes are the machine's", () => {
  for (const refused of CASES) {
    const expected = machineSays(refused);
    if (expected === undefined) continue;
    const words = `${inWords(refused)}: which bits does the CPU set?`;
    assertEquals(name(errorCode(refused)), name(expected), words);
  }
});
