/**
 * A process that does what the first Run of a chapter asks of a page: it loads the library, takes the types from the first block, runs it and
 * draws what it shows.
 *
 *     deno run --allow-read tools/bench/first_block.ts NN
 *
 * @module
 */

import { readChapters } from "../book/chapters.ts";
import { libraryModule } from "../site/client/library.ts";
import { linkBlocks } from "../site/client/program.ts";
import { shownOf } from "../site/client/showing.ts";

type Body = (show: (block: number, value: unknown) => void, modules: (name: string) => object) => Promise<void>;
const AsyncFunction = (async () => {}).constructor as new (...parts: string[]) => Body;

/** Runs the first block of a chapter. */
async function runFirst(number: number): Promise<void> {
  const [chapter] = await readChapters([number]);
  const block = chapter?.page.parts.find(({ kind }) => kind === "block");
  if (block?.kind !== "block") throw new RangeError(`Expected a chapter with a block but found ${number}`);
  const { code } = linkBlocks([{ number: 0, source: block.source }]);
  const shown: unknown[] = [];
  await new AsyncFunction("$show", "$modules", code)((_, value) => shown.push(shownOf(value)), libraryModule);
  if (shown.length === 0) throw new Error(`Expected the first block of chapter ${number} to show something`);
}

if (import.meta.main) await runFirst(Number(Deno.args[0]));
