/**
 * Runs a tangled program and prints what its blocks showed, as JSON. Started by `programs.ts`, with no permission but to read.
 *
 * @module
 */

import { recorded } from "./record.ts";

const [url = ""] = Deno.args;
await import(url);
const bytes = new TextEncoder().encode(JSON.stringify(recorded()));
await new Response(bytes).body?.pipeTo(Deno.stdout.writable);
