/**
 * `@std/testing/bdd` without JSR: Deno runs `node:test` as its own tests, with the hooks in the same order.
 *
 * @module
 */
export { after as afterAll, afterEach, before as beforeAll, beforeEach, describe, it, test } from "node:test";
