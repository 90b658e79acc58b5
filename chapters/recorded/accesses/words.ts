/**
 * Little-endian words of a recorded file.
 *
 * @module
 */

/**
 * Reads the rest of a file as 32-bit words, lowest byte first on every machine.
 *
 * @param bytes The file.
 * @param start Offset of the first word in bytes.
 * @returns The words; bytes after the last whole word are left out.
 */
export function littleEndianWords(bytes: Uint8Array, start: number): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const words = new Uint32Array((bytes.length - start) >> 2);
  for (let i = 0; i < words.length; i++) words[i] = view.getUint32(start + 4 * i, true);
  return words;
}

/** Formats a word for a message. */
export function hex(word: number): string {
  return `0x${word.toString(16)}`;
}
