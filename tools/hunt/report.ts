/**
 * The findings of a hunt, as text and as JSON.
 *
 * @module
 */

import { count } from "../../chapters/figures/count.ts";
import { columns } from "../../chapters/shown/columns.ts";
import { THROWS } from "../../chapters/hunting/properties.ts";
import type { Finding } from "../../chapters/hunting/finding.ts";
import type { HuntRequest, HuntResult, Stopped } from "./hunt.ts";

/** Everything that is reported. */
export interface Report extends HuntRequest {
  readonly machines: number;
  readonly boots: number;
  readonly impossible: number;
  readonly findings: readonly Finding[];
  readonly stopped: readonly Stopped[];
}

/** A report of a hunt. */
export function reportOf(
  request: HuntRequest,
  result: HuntResult,
  findings: readonly Finding[],
  stopped: readonly Stopped[],
): Report {
  const { machines, boots, impossible } = result;
  return { ...request, machines, boots, impossible, findings, stopped: [...result.stopped, ...stopped] };
}

/** As one JSON value. */
export function reportJson(report: Report): string {
  const { seed, runs, machines, boots, impossible, stopped, pairs } = report;
  const common = { seed, runs, machines, boots, impossible, stopped };
  const found = pairs ? { pairs: pairsOf(report) } : { findings: findingsOf(report), survived: survivorsOf(report) };
  return `${JSON.stringify({ ...common, ...found }, null, 1)}\n`;
}

function findingsOf({ findings }: Report): unknown[] {
  return findings.map(({ strategy, property, boot, why, path }) => ({ strategy, property, boot, why, path }));
}

/** The properties of strategies that were not refuted. */
function survivorsOf({ strategies, properties, findings, stopped }: Report): { strategy: string; property: string }[] {
  const refuted = new Set(findings.map(({ strategy, property }) => `${strategy} ${property}`));
  const broken = [...stopped, ...findings.filter(({ property }) => property === THROWS)];
  const asked = strategies.filter((id) => !broken.some(({ strategy }) => strategy === id));
  return asked.flatMap((strategy) => properties.map((property) => ({ strategy, property })))
    .filter(({ strategy, property }) => !refuted.has(`${strategy} ${property}`));
}

/** Every pair of strategies, with the simplest machine on which they differ. */
function pairsOf({ strategies, findings, machines }: Report): unknown[] {
  return strategies.flatMap((a, at) =>
    strategies.slice(at + 1).map((b) => {
      const found = findings.find(({ strategy, property }) => strategy === a && property === b);
      return { a, b, boot: found?.boot ?? null, why: found?.why ?? `none in ${machines} machines` };
    })
  );
}

/** As text. */
export function reportText(report: Report): string {
  const { seed, machines, boots, impossible, stopped, pairs, findings } = report;
  const head = `seed ${seed}: ${count(machines)} machines, ${count(boots)} boots` +
    (impossible === 0 ? "" : `, ${count(impossible)} more that no machine allows`);
  const lost = stopped.map(({ strategy, why }) => `${strategy} was not asked to the end: it ${why}`);
  const body = pairs ? pairLines(report) : [...findings.flatMap(findingLines), ...survivorLines(report)];
  return [head, ...lost, "", ...body, ""].join("\n");
}

function findingLines({ strategy, property, boot, why, path }: Finding): string[] {
  return [`${strategy}: ${property} does not hold (path ${path})`, `  ${boot}`, `  ${why}`, ""];
}

function survivorLines(report: Report): string[] {
  const survivors = survivorsOf(report);
  if (survivors.length === 0) return [];
  const byStrategy = report.strategies.map((strategy): string[] => [
    strategy,
    survivors.filter((it) => it.strategy === strategy).map(({ property }) => property).join(", "),
  ]);
  return [
    `no counter-example in ${count(report.machines)} machines:`,
    ...columns(byStrategy.filter(([, it]) => it !== "")),
  ];
}

function pairLines(report: Report): string[] {
  const rows = pairsOf(report) as { a: string; b: string; boot: string | null; why: string }[];
  return rows.flatMap((
    { a, b, boot, why },
  ) => [`${a} and ${b}`, ...(boot === null ? [] : [`  ${boot}`]), `  ${why}`, ""]);
}
