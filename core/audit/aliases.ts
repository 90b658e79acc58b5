/**
 * Aliases: frames that are executable at one address of the kernel and writable at another.
 *
 * @module
 */

import { firstEndingAfter, type Stretch } from "./stretches.ts";

/** Pages that map consecutive frames. The numbers are the linear page number, the 4K pages, the first frame and the effective rights. */
export interface Mapped {
  /** Linear page number of the first, without sign extension. */
  readonly page: number;
  /** Number of 4K pages. */
  readonly pages: number;
  /** First frame. */
  readonly frame: number;
  /** Effective rights. */
  readonly rights: number;
}

/**
 * The parts of writable ranges whose frames are executable elsewhere.
 *
 * @param executable Ranges that the kernel may execute and not write.
 * @param writable Ranges that can be written, and that the kernel may not execute.
 * @returns The parts of the latter, by linear address.
 */
export function writableAliases(executable: readonly Mapped[], writable: readonly Mapped[]): Mapped[] {
  const code = joined([...executable].sort((a, b) => a.frame - b.frame));
  return writable.flatMap((range) => partsIn(range, code));
}

function joined(sorted: readonly Mapped[]): Stretch[] {
  const found: { first: number; end: number }[] = [];
  for (const { frame, pages } of sorted) {
    const last = found[found.length - 1];
    if (last !== undefined && frame <= last.end) last.end = Math.max(last.end, frame + pages);
    else found.push({ first: frame, end: frame + pages });
  }
  return found;
}

function partsIn({ page, pages, frame, rights }: Mapped, code: readonly Stretch[]): Mapped[] {
  const parts: Mapped[] = [];
  for (let i = firstEndingAfter(code, frame); i < code.length; i++) {
    const { first, end } = code[i] as Stretch;
    if (first >= frame + pages) break;
    const from = Math.max(first, frame);
    parts.push({ page: page + from - frame, pages: Math.min(end, frame + pages) - from, frame: from, rights });
  }
  return parts;
}
