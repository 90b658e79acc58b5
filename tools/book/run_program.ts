/**
 * Runs tangled programs one after the other and prints what the blocks of each showed, as JSON. Started by `programs.ts`, with no
 * permission but to read.
 *
 * @module
 */

import { recorded } from "./record.ts";

const outputs = [];
for (const url of Deno.args) {
  await import(url);
  outputs.push(recorded());
}
const bytes = new TextEncoder().encode(JSON.stringify(outputs));
await new Response(bytes).body?.pipeTo(Deno.stdout.writable);
