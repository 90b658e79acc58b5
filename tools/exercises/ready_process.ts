/**
 * A test process that is ready before it is known what it tests: it loads the library, boots until V8 has compiled what boots need, and
 * then runs the tests of the file whose URL comes as a line of input.
 *
 *     deno test tools/exercises/ready_process.ts
 *
 * @module
 */

import { audit, boot, PLATFORMS } from "../../mod.ts";
import "../../chapters/hunting/mod.ts";
import "@std/assert";

/** Boots of each platform; after so many, another makes the tests of the slowest exercises no faster. */
const ROUNDS = 4;
/** The size that most exercises boot with. */
const MEMORY = "16M";

let asked = false;
const url = firstPiece(Deno.stdin.readable).then((line) => {
  asked = true;
  return line.trim();
});

/** What is written first; empty if the input ends. A line comes as one piece: its writer writes it at once. */
async function firstPiece(input: ReadableStream<Uint8Array>): Promise<string> {
  const { value } = await input.getReader().read();
  return new TextDecoder().decode(value);
}

/** Boots, until the line comes or enough is done. */
async function warmUp(): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    for (const { id } of PLATFORMS) {
      await new Promise((resolve) => setTimeout(resolve, 0)); // lets the line in
      if (asked) return;
      audit(boot({ platform: id, strategy: "filter-set-pte", memory: MEMORY }).machine);
    }
  }
}

await warmUp();
const wanted = await url;
if (wanted !== "") await import(wanted);
