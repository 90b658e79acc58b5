/**
 * Texts as they come from a terminal or a monitor's socket.
 *
 * @module
 */

const ESCAPE = new RegExp(`${String.fromCharCode(27)}\\[[0-9;?]*[A-Za-z]`, "g");
/** The lines that a monitor adds: its greeting, its prompt with the echo of a command. */
const MONITOR = /^(QEMU [\w.]+ monitor - |\(qemu\))/;

/**
 * A text without a terminal's control sequences, with which QEMU's monitor echoes what is typed.
 *
 * @param text The text.
 * @returns The text without them, and without a byte order mark.
 */
export function plainText(text: string): string {
  return text.replace(/^(\ufeff|\u00ef\u00bb\u00bf)/, "").replace(ESCAPE, "");
}

/**
 * The lines of a text that are somebody's answer.
 *
 * @param text The text.
 * @returns Its lines, without empty ones and without a monitor's greeting and prompts.
 */
export function answerLines(text: string): string[] {
  return plainText(text).split(/\r?\n/).filter((line) => line.trim() !== "" && !MONITOR.test(line));
}
