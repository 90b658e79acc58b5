/**
 * Planted bugs in `core/dump`, and the tests that must notice them.
 *
 * @module
 */
import { bugsIn, type Mutant, type MutantTable } from "./mutant.ts";

const READING: readonly Mutant[] = [
  ...bugsIn("core/dump/fields.ts", [
    ["Fields.integer", "!Number.isInteger(value) ||", "", "a field may be half a number", "frames and sizes are whole"],
    ["Fields.integer", "value < low", "value < 0", "the lower limit is 0", "each field has its own"],
    [
      "Fields.hex",
      "if (!(number < limit))",
      "if (number >= limit)",
      "text that is no number is NaN",
      "NaN is not above any limit",
    ],
    ["Fields.list", "value.length > max", "false", "a list of any length", "hostile input"],
    ["Fields.isKnown", "this.#value(name) !== null", "true", "null is a value", "it says that nobody knows"],
  ]),
  ...bugsIn("core/dump/header.ts", [
    ["parseStateHeader", "ramBytes % 4096 !== 0", "false", "half a page of memory", "frames are whole"],
    [
      "versionIn",
      'fields.integer("version", STATE_VERSION, STATE_VERSION);',
      "",
      "a later version is read",
      "nobody knows what it means",
    ],
    ["cr3In", "hi & 0x7fff_ffff", "hi", "bit 63 of CR3 is part of the address", "it asks for no flush"],
    [
      "isPlainName",
      "[\\w-][\\w.-]{0,254}",
      "[\\w./-]{1,255}",
      "a header names a file in another folder",
      "../../etc/passwd",
    ],
    [
      "unknownIn",
      "pat: pat !== undefined",
      "pat: true",
      "an unknown PAT is the one of a reset",
      "memory types are then guessed",
    ],
  ]),
  ...bugsIn("core/dump/load.ts", [
    [
      "loadState",
      "frameData.length !== size",
      "frameData.length < size",
      "bytes behind the frames are ignored",
      "the file is another one",
    ],
    [
      "loadState",
      "await checkSha256(header, frameData);",
      "",
      "damaged frames are read",
      "the checksum is there for that",
    ],
    [
      "loadState",
      "if (header.mode.rootInRegisters) clearPdpteMarks(memory, registers.cr3);",
      "",
      "A bits of PDPTEs are kept",
      "a CPU would refuse to load them",
    ],
    [
      "loadState",
      "!frames.includes(Math.floor(registers.cr3 / FRAME_BYTES))",
      "false",
      "a state without its root",
      "every address is then unmapped",
    ],
    [
      "loadState",
      "Math.max(ramBytes, (last + 1) * FRAME_BYTES)",
      "ramBytes",
      "tables above the end of memory do not fit",
      "a device's memory can hold tables",
    ],
    ["clearPdpteMarks", "word < first + 8", "word < first + 6", "the last PDPTE keeps its mark", "off by one"],
    [
      "clearPdpteMarks",
      "((cr3 % FRAME_BYTES) >>> 5) << 3",
      "0",
      "the root of PAE is at the start of its page",
      "it is 32 bytes anywhere",
    ],
    ["takenRegisters", "long ? EFER_LMA : 0", "0", "long mode is not active", "LMA follows from LME and paging"],
    ["takenRegisters", "if (fault)", "if (false)", "registers that no CPU takes", "a #GP"],
    [
      "checkTables",
      "machine.mode !== mode",
      "false",
      "registers of another mode than the header says",
      "which of them is wrong?",
    ],
    [
      "checkTables",
      "leaves !== leafCount",
      "false",
      "another number of leaves than was recorded",
      "tables are missing",
    ],
  ]),
];

const WRITING: readonly Mutant[] = [
  ...bugsIn("core/dump/save.ts", [
    ["save", "cpl: 0,", "cpl: 3,", "states are of user mode", "the machine has no CPL; it is the kernel's"],
    [
      "save",
      'isKnown(machine, "cpu") ? cpuField(machine.cpu) : null',
      "cpuField(machine.cpu)",
      "an unknown CPU is saved as known",
      "null says that nobody knows",
    ],
    [
      "cpuField",
      "same ? cpu.id : cpu",
      "cpu.id",
      "a CPU of one's own is saved by its name alone",
      "nobody knows it elsewhere",
    ],
    [
      "registersOf",
      'isKnown(machine, "pkru") ? pkru >>> 0 : null',
      "pkru >>> 0",
      "an unknown PKRU is saved as 0",
      "0 forbids nothing",
    ],
    [
      "registersOf",
      "(BigInt(hi >>> 0) << 32n) | BigInt(lo >>> 0)",
      "BigInt(lo >>> 0)",
      "CR2 loses its upper half",
      "64-bit addresses",
    ],
    ["save", "isPlainName(`${name}.pt.gz`)", "true", "a state may have any name", "a file in another folder"],
  ]),
  ...bugsIn("core/dump/write.ts", [[
    "patValue",
    "reduceRight",
    "reduce",
    "the PAT is written backwards",
    "entry 0 is the lowest byte",
  ]]),
];

/** The table of `core/dump`. */
export const DUMP_MUTANTS: MutantTable = {
  id: "dump",
  suites: [["tests/core/dump"], ["tests/core/audit"]],
  mutants: [...READING, ...WRITING],
};
