/**
 * Text in lines of a terminal.
 *
 * @module
 */

/**
 * Breaks text at spaces. Lines that begin with spaces, as code does, are left as they are.
 *
 * @param text Text, with line feeds where it must break.
 * @param width Most characters of a line; at least 20 are used.
 * @returns The lines.
 */
export function wrap(text: string, width: number): string[] {
  const max = Math.max(20, width);
  return text.split("\n").flatMap((line) => line.startsWith(" ") || line.length <= max ? [line] : broken(line, max));
}

function broken(text: string, max: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > max) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** Text without what a terminal would take as an order. */
export function printable(text: string): string {
  return text.replace(/[^\P{C}\n\t]/gu, "");
}
