/**
 * The kinds of input, told apart by their content.
 *
 * @module
 */

import { LIME_MAGIC } from "./lime.ts";
import { plainText } from "./listing/transcript.ts";

/** Kinds of input, as `--as` has them. */
export const KINDS = ["state", "recording", "elf", "lime", "raw", "info-tlb", "info-mem", "page-tables"] as const;

/** A kind of input. */
export type Kind = typeof KINDS[number];

const RECORDING = "pagetable-recording-";
/** Bytes in which a file says what it is, if it is binary: to read all as text takes longer than to read a small core. */
const MAGIC_BYTES = 256;
/** Kinds of file that are recognised only to say what to do with them. */
const STRANGERS: readonly (readonly [start: string, what: string])[] = Object.freeze([
  ["KDUMP   ", `a compressed kdump: ${uncompressed()}`],
  ["DISKDUMP", `a compressed diskdump: ${uncompressed()}`],
  [
    "makedumpfile\0",
    `a flattened dump (dump-guest-memory -z, makedumpfile -F): ${uncompressed()}; one in ELF becomes whole by "makedumpfile -R OUT < FILE"`,
  ],
  ["\xfd7zXZ\0", "a file packed by xz: unpack it with unxz"],
  ["\x28\xb5\x2f\xfd", "a file packed by zstd: unpack it with unzstd"],
  ["\x04\x22\x4d\x18", "a file packed by lz4: unpack it with unlz4"],
  ["\xff\xfe", "a text in UTF-16: convert it with iconv -f UTF-16 -t UTF-8"],
  ["BZh", "a file packed by bzip2: unpack it with bunzip2"],
  ["PK\x03\x04", "an archive packed by zip: unpack it"],
  ["QFI\xfb", "a qcow2 image, whose memory is a snapshot inside: load it, and use dump-guest-memory"],
  ["AVML", "a compressed image of AVML: write it as LiME by avml-convert"],
  ["PAGEDUMP", "a crash dump of Windows, whose memory is not in an ELF core: dump the guest with dump-guest-memory"],
  ["PAGEDU64", "a crash dump of Windows, whose memory is not in an ELF core: dump the guest with dump-guest-memory"],
  ["QEVM", "a migration stream of QEMU (virsh save, savevm): load it, and use dump-guest-memory"],
  ["LibvirtQemudSave", "a saved guest of libvirt: restore it, and use virsh dump --memory-only --format elf"],
]);

function uncompressed(): string {
  return "dump it as ELF (dump-guest-memory without -z, -l, -s; virsh dump --memory-only --format elf; makedumpfile -E -d 31 /proc/vmcore vmcore)";
}

/** Lines by which a text is known, each of them of one kind. */
const LINES: readonly (readonly [Kind, RegExp])[] = Object.freeze([
  ["info-tlb", /^[0-9a-f]{8,16}: [0-9a-f]{8,16} [-A-Z]{9}\s*$/m],
  ["info-mem", /^[0-9a-f]{8,16}-[0-9a-f]{8,16} [0-9a-f]{8,16} [-u][-r][-w]\s*$/m],
  ["page-tables", /^(---\[ .* \]---|0x[0-9a-f]{8,16}-0x[0-9a-f]{8,16} .*\b(pgd|p4d|pud|pmd|pte))\s*$/m],
]);

/**
 * Tells what a file is.
 *
 * @param start Its first bytes, some thousand.
 * @param size Number of all its bytes.
 * @returns The kind.
 * @throws {RangeError} If it is something that has to be converted, or nothing that is known.
 */
export function kindOf(start: Uint8Array, size: number): Kind {
  if (size === 0) throw new RangeError("Expected a state, a core, a dump of memory or a map but found an empty file");
  const beginning = textOf(start.subarray(0, MAGIC_BYTES));
  for (const [magic, what] of STRANGERS) {
    if (beginning.startsWith(magic)) throw new RangeError(`Expected memory or a state but found ${what}`);
  }
  if (beginning.startsWith("\x7fELF")) return "elf";
  if (start.length >= 4 && new DataView(start.buffer, start.byteOffset).getUint32(0, true) === LIME_MAGIC) {
    return "lime";
  }
  const text = textOf(start);
  if (text.startsWith(RECORDING)) return "recording";
  if (/^\s*([[{]|$)/.test(text)) return "state";
  const isText = !/[^\t\n\r -~]/.test(text);
  if (isText) {
    for (const [kind, line] of LINES) if (line.test(text)) return kind;
    if (/^(CPU#0|[ER]AX=)/m.test(text)) {
      throw new RangeError(
        "Expected memory or a map but found registers alone: name the memory, and give these with --registers",
      );
    }
  }
  if (!isText && size > 0 && size % 4096 === 0) return "raw";
  throw new RangeError(
    `Expected a state, a core, a dump of memory or a map but found ${
      isText ? "another text" : `${size} bytes of something else`
    }; --as says what it is`,
  );
}

function textOf(bytes: Uint8Array): string {
  return plainText(new TextDecoder("latin1").decode(bytes));
}
