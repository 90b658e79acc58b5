/**
 * A process that does what the first Run of a chapter asks of a page: it loads the library, takes the types from the blocks up to the first
 * that shows something, runs them and draws what is shown.
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

/** Runs a chapter up to its first block that shows something. */
async function runFirst(number: number): Promise<void> {
  const [chapter] = await readChapters([number]);
  const sources = chapter?.page.parts.flatMap((part) => part.kind === "block" ? [part.source] : []) ?? [];
  const shown: unknown[] = [];
  for (let end = 1; shown.length === 0; end++) {
    if (end > sources.length) throw new RangeError(`Expected a chapter that shows something but found ${number}`);
    const { code } = linkBlocks(sources.slice(0, end).map((source, i) => ({ number: i, source })));
    await new AsyncFunction("$show", "$modules", code)((_, value) => shown.push(shownOf(value)), libraryModule);
  }
}

if (import.meta.main) await runFirst(Number(Deno.args[0]));
