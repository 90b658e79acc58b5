/**
 * Answers of Xen, recorded.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import type { RecordedClaim } from "../../../chapters/recorded/settle/file.ts";
import { writeWhole } from "../../command/whole_file.ts";

/** Writes lines to a file, as `readRecorded` reads them. */
export async function writeRecorded(file: URL, lines: readonly RecordedClaim[]): Promise<void> {
  const text = lines.map((line) => JSON.stringify(line) + "\n").join("");
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  await writeWhole(fileURLToPath(file), await new Response(packed).bytes());
}
