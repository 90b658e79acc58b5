/**
 * The lines that Xen prints on its console when it refuses a request.
 *
 * @module
 */

import { anyText, checkArguments, shape } from "../check.ts";
/** The kinds of log lines. A release without a text for a kind prints nothing. */
export type XenLogKind =
  | "bad-flags"
  | "bad-type"
  | "type-overflow"
  | "validation-failed"
  | "table-failed"
  | "l1-frame"
  | "writable-type"
  | "frame-owner"
  | "io-space"
  | "no-frame"
  | "linear-writable"
  | "private-slot"
  | "pae-slot-shared"
  | "pae-root-high"
  | "cache-attributes"
  | "global-kernel-page"
  | "update-frame"
  | "m2p-frame"
  | "update-command"
  | "foreign-domain"
  | "mmuext-command"
  | "pin"
  | "already-pinned"
  | "not-pinned"
  | "unpin-frame"
  | "baseptr"
  | "user-baseptr"
  | "clear-page"
  | "copy-from"
  | "copy-to"
  | "flush-cache"
  | "ptwr-access"
  | "ptwr-refused"
  | "ptwr-rescue"
  | "unhandled-fault";

/** One line of Xen's console. */
export interface XenLogLine {
  /** Kind of the line: the same for both releases, unlike the text. */
  readonly kind: XenLogKind;
  /** The text as the release prints it, without file name, line number and domain prefix. */
  readonly text: string;
}

/** The texts of a release. A field is `{name}` or `{name:format}`, the format that of C: `x`, `08x`, `#x`, `04X`, `d`. */
export type XenLogTexts = { readonly [kind in XenLogKind]?: string };

/** Values for the fields of a text. */
export type LogFields = { readonly [name: string]: number | string };

const FIELD = /\{(\w+)(?::([^}]*))?\}/g;

/**
 * Fills in a text.
 *
 * @param template Text with fields.
 * @param fields Their values. Text goes in as it is.
 * @returns The line.
 * @throws {TypeError} If a field has no value.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { formatLog } from "@pagetable-init/textbook/xen";
 *
 * assertEquals(formatLog("Bad L{level} flags {flags:x}", { level: 1, flags: 0x100 }), "Bad L1 flags 100");
 * ```
 */
export function formatLog(template: string, fields: LogFields): string {
  checkArguments({ template: anyText, fields: shape("the fields of a text", {}) }, [template, fields]);
  return template.replace(FIELD, (_, name: string, format: string | undefined) => {
    const value = fields[name];
    if (value === undefined) throw new TypeError(`Expected a value for {${name}} in ${JSON.stringify(template)}`);
    return typeof value === "string" ? value : formatNumber(value, format ?? "d");
  });
}

function formatNumber(value: number, format: string): string {
  const [, prefix = "", width = "", conversion = "d"] = /^(#?)(\d*)([dxX])$/.exec(format) ?? [];
  if (conversion === "d") return String(value);
  const digits = value.toString(16).padStart(Number(width), "0");
  const cased = conversion === "X" ? digits.toUpperCase() : digits;
  return prefix === "#" && value !== 0 ? `0x${cased}` : cased;
}

/**
 * The kind of a printed line.
 *
 * @param texts The texts of the release that printed it.
 * @param line The line.
 * @returns Its kind, or undefined if no text of the release begins like this.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { kindOfLog, XEN_RELEASES } from "@pagetable-init/textbook/xen";
 *
 * assertEquals(kindOfLog(XEN_RELEASES["3.1"].texts, "Bad L2 flags 80"), "bad-flags");
 * ```
 */
export function kindOfLog(texts: XenLogTexts, line: string): XenLogKind | undefined {
  checkArguments({ texts: shape("the texts of a release", {}), line: anyText }, [texts, line]);
  for (const [kind, template] of Object.entries(texts)) {
    anyText(template, `texts.${kind}`);
    if (matches(template, line)) return kind as XenLogKind;
  }
  return undefined;
}

/** The literal parts of the text must come in their order; the fields and what follows the frame may be written differently. */
function matches(template: string, line: string): boolean {
  const [beforePfn = ""] = template.split(" (pfn");
  let at = 0;
  for (const part of beforePfn.replace(FIELD, "\0").split("\0")) {
    const found = line.indexOf(part, at);
    if (found < 0 || (at === 0 && found !== 0)) return false;
    at = found + part.length;
  }
  return true;
}
