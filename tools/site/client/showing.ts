/**
 * What code shows, as data that a worker can send to its page.
 *
 * @module
 */

import { type Figure, renderSvg } from "../../../chapters/figures/mod.ts";
import { Drawing, Shown as ShownValue, Table } from "../../../chapters/shown/mod.ts";
import type { Drawn } from "../figures/control.ts";
import { inspected } from "./inspected.ts";
import { withoutLabels } from "./plain_svg.ts";
import type { Shown } from "./protocol.ts";

/** Any value. */
export function shownOf(value: unknown): Shown {
  if (value instanceof Table) return tableOf(value);
  if (value instanceof Drawing) return figureOf(value.figure, value.name);
  if (value instanceof ShownValue) {
    return { kind: "text", text: value.outputs().map((output) => output["text/plain"] ?? "").join("\n") };
  }
  return { kind: "text", text: inspected(value) };
}

/** A part of a figure with controls. */
export function drawnOf(drawn: Drawn, id: string): Shown {
  if (typeof drawn === "string") return { kind: "text", text: drawn };
  return drawn instanceof Table ? tableOf(drawn) : figureOf(drawn, id);
}

function tableOf({ header, rows, caption }: Table): Shown {
  return { kind: "table", header, rows, caption };
}

let figures = 0;

function figureOf(figure: Figure, name: string): Shown {
  const svg = withoutLabels(
    renderSvg(figure, { id: `live-${++figures}-${name.replaceAll("_", "-")}`, scheme: "page" }),
  );
  const { caption, description, table: { header, rows } } = figure;
  return { kind: "figure", svg, caption, description, header, rows };
}
