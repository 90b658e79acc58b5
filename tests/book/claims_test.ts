import { assert, assertEquals } from "@std/assert";
import { CLAIMS, claimsPage, type Tried, tryClaim } from "../../chapters/claims/mod.ts";
import { claimsCommand } from "../../tools/claims.ts";
import { runHere } from "../tools/run_here.ts";

const ROOT = new URL("../../chapters/", import.meta.url);
const tried: Tried[] = [];
for (const claim of CLAIMS) tried.push(await tryClaim(claim));

for (const { claim, found } of tried) {
  Deno.test(`${claim.id} of the debate: its experiment says what its row says`, () => {
    assertEquals(found, claim.says);
  });
}

Deno.test("the debate has at least the 29 claims of the mail, each with an id of its own", () => {
  assert(CLAIMS.length >= 29);
  assertEquals(CLAIMS.map(({ id }) => id), CLAIMS.map((_, at) => `C${at + 1}`));
});

Deno.test("a claim without an experiment cannot be decided, and says why", () => {
  for (const { id, run, verdict, because } of CLAIMS) {
    assert(run !== undefined || verdict === "cannot be decided here", id);
    assert(because.length > 20, id);
  }
});

Deno.test("a row that says something else is noticed", async () => {
  const [claim] = CLAIMS;
  assert(claim?.run !== undefined);
  const altered = await tryClaim({ ...claim, says: "something else" });
  assertEquals([altered.holds, altered.found], [false, claim.says]);
});

Deno.test("the page of the claims is what the experiments say", async () => {
  const page = await Deno.readTextFile(new URL("claims.md", ROOT));
  const squeezed = (text: string) => text.replace(/[ -]+\|/g, " |").replace(/\| +/g, "| ");
  assertEquals(squeezed(page), squeezed(claimsPage(tried)), "deno task claims --write");
});

Deno.test("every chapter that tells a claim links its row", async () => {
  const missing: string[] = [];
  for (const chapter of new Set(CLAIMS.map(({ chapter }) => chapter))) {
    const text = await Deno.readTextFile(new URL(`${chapter}/README.md`, ROOT));
    const ids = CLAIMS.filter((claim) => claim.chapter === chapter).map(({ id }) => id.toLowerCase());
    missing.push(...ids.filter((id) => !text.includes(`(../claims.md#${id})`)).map((id) => `${chapter}: ${id}`));
  }
  assertEquals(missing, []);
});

Deno.test("deno task claims --json has id, who, claim, experiment, verdict and evidence of each", async () => {
  const { code, out, err } = await runHere(claimsCommand, "--json");
  assertEquals([code, err], [0, ""]);
  const { claims } = JSON.parse(out) as { claims: Record<string, unknown>[] };
  assertEquals(claims.length, CLAIMS.length);
  for (const claim of claims) {
    for (const field of ["id", "who", "claim", "experiment", "verdict", "evidence"]) assert(claim[field], field);
  }
});
