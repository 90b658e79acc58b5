/**
 * A value, and what is thrown, as text.
 *
 * @module
 */

const MAX_ITEMS = 100;

/** A value as text, as far as a reader can take it in. */
export function inspected(value: unknown, depth: number = 0): string {
  if (typeof value === "string") return depth === 0 && value.includes("\n") ? value : JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return `[function ${value.name}]`;
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? "-0" : String(value);
  if (depth > 4) return "…";
  if (Array.isArray(value)) return listed(value.map((it) => inspected(it, depth + 1)), "[", "]");
  const pairs = Object.entries(value).map(([key, it]) => `${key}: ${inspected(it, depth + 1)}`);
  return listed(pairs, "{", "}");
}

function listed(items: readonly string[], open: string, close: string): string {
  const shown = items.length > MAX_ITEMS ? [...items.slice(0, MAX_ITEMS), `… ${items.length - MAX_ITEMS} more`] : items;
  const line = shown.join(", ");
  const gap = open === "{" && line !== "" ? " " : "";
  if (line.length < 90 && !line.includes("\n")) return `${open}${gap}${line}${gap}${close}`;
  return `${open}\n${shown.map((it) => `  ${it.replaceAll("\n", "\n  ")}`).join(",\n")}\n${close}`;
}

/** What was thrown, as a line. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : `thrown: ${inspected(error)}`;
}
