/**
 * The output of `deno task bench` for people.
 *
 * @module
 */

import { count } from "../../chapters/figures/count.ts";
import { columns } from "../../chapters/shown/columns.ts";
import type { Result } from "./compare.ts";
import type { Felt } from "./felt.ts";
import type { Growth } from "./growth.ts";
import type { Peer } from "./peer.ts";
import { BUSY_SPREAD, short } from "./rounds.ts";
import type { Measured } from "./memory_process.ts";

/**
 * The ratios as a table.
 *
 * @param results The ratios.
 * @returns Lines, each with its end.
 */
export function ratioTable(results: readonly Result[]): string {
  const rows = results.map(({ name, ratio, target, against, spread, tries, why }) => [
    name,
    ratio.toPrecision(3),
    `±${Math.round(50 * spread)}%`,
    `${target}`,
    against,
    spread > BUSY_SPREAD ? `busy, ${tries} tries` : ratio <= target ? "" : "missed",
    why,
  ]);
  return text([["", "ratio", "", "target", "to", "", "the target, because"], ...rows], [1, 2, 3]);
}

/**
 * What is to be said of a run on a busy machine.
 *
 * @param results The ratios.
 * @returns A line with its end; empty if the rounds agreed.
 */
export function busyNote(results: readonly Result[]): string {
  const busy = results.filter(({ spread }) => spread > BUSY_SPREAD).length;
  return busy === 0
    ? ""
    : `The machine was busy: the rounds of ${busy} of ${results.length} lines do not agree, and their ratios say little. Run it again later.\n`;
}

/**
 * The memory as a table.
 *
 * @param measured What was measured.
 * @returns Lines, each with its end.
 */
export function memoryTable(measured: readonly Measured[]): string {
  const rows = measured.map((it) => [
    it.name,
    count(it.entries),
    `${it.tables} MiB`,
    `${it.growth} MiB`,
    it.limit === undefined ? "" : `${it.limit} MiB`,
    `+${it.auditGrowth} MiB`,
    `${it.auditMilliseconds} ms`,
  ]);
  return text([["", "entries", "tables", "growth", "limit", "audit", "in"], ...rows], [1, 2, 3, 4, 5, 6]);
}

/**
 * The waits as a table.
 *
 * @param felt What was measured.
 * @returns Lines, each with its end.
 */
export function feltTable(felt: readonly Felt[]): string {
  const seconds = (value: number) => `${value.toPrecision(2)} s`;
  const busy = (line: Felt) => line.spread > BUSY_SPREAD;
  const rows = felt.map((line) => [
    line.name,
    seconds(line.first),
    seconds(line.then),
    `±${Math.round(50 * line.spread)}%`,
    `${line.aim} s`,
    line.then <= line.aim ? "" : busy(line) ? "busy" : "missed",
  ]);
  const count = felt.filter((line) => line.then > line.aim && busy(line)).length;
  const note = count === 0
    ? ""
    : `The machine was busy: ${count} of ${felt.length} waits swing, and say little. Run it again later.\n`;
  return text([["", "first", "then", "", "aim", ""], ...rows], [1, 2, 3, 4]) + note;
}

/**
 * Time and memory against size as a table.
 *
 * @param growth What was measured.
 * @returns Lines, each with its end.
 */
export function growthTable(growth: readonly Growth[]): string {
  const rows = growth.map(({ name, of, size, seconds, mebibytes }) => [
    name,
    `${count(size)} ${of}`,
    `${seconds} s`,
    `${(seconds / size * 1e6).toPrecision(3)} µs`,
    `${mebibytes} MiB`,
  ]);
  return text([["", "size", "time", "by the unit", "held"], ...rows], [1, 2, 3, 4]);
}

/**
 * What people would use instead beside this library, as a table.
 *
 * @param peers What was measured.
 * @returns Lines, each with its end.
 */
export function peerTable(peers: readonly Peer[]): string {
  const rows = peers.map(({ name, peer, here, there, times, spread, aim }) => [
    name,
    peer,
    timeText(here),
    timeText(there),
    times < 1 ? `${(1 / times).toPrecision(2)} times faster there` : `${short(times, 2)} times faster here`,
    `±${Math.round(50 * spread)}%`,
    aim === undefined ? "" : `${aim}`,
    spread > BUSY_SPREAD ? "busy" : aim !== undefined && times < aim ? "missed" : "",
  ]);
  return text([["", "beside", "here", "there", "", "", "aim", ""], ...rows], [2, 3, 5, 6]);
}

/** Nanoseconds in the unit in which they are few. */
function timeText(nanoseconds: number): string {
  if (nanoseconds < 1e3) return `${nanoseconds} ns`;
  if (nanoseconds < 1e6) return `${short(nanoseconds / 1e3)} µs`;
  return nanoseconds < 1e9 ? `${short(nanoseconds / 1e6)} ms` : `${short(nanoseconds / 1e9)} s`;
}

function text(rows: readonly (readonly string[])[], right: readonly number[]): string {
  return columns(rows, { right }).map((line) => `${line}\n`).join("");
}
