import { assert, assertEquals } from "@std/assert";
import { thinRuns } from "../../chapters/figures/runs.ts";

Deno.test("runs that are few enough stay as they are", () => {
  const runs = [{ firstPfn: 0, pages: 3 }, { firstPfn: 7, pages: 1 }];
  assertEquals(thinRuns(runs, 2, () => 0), runs);
});

Deno.test("thinned runs cover what the runs cover, in at most as many stretches as asked for", () => {
  for (const pages of [1, 7, 100, 16_384]) {
    const runs = Array.from({ length: pages }, (_, firstPfn) => ({ firstPfn, pages: 1 }));
    for (const limit of [1, 2, 7, 72]) {
      const thin = thinRuns(runs, limit, () => 0);
      assert(thin.length <= Math.max(limit, 1), `${thin.length} stretches of ${pages} pages for ${limit}`);
      assertEquals(thin.reduce((sum, run) => sum + run.pages, 0), pages);
    }
  }
});

Deno.test("the one bad page of a stretch decides it", () => {
  const runs = Array.from({ length: 1000 }, (_, firstPfn) => ({ firstPfn, pages: 1, bad: firstPfn === 503 ? 1 : 0 }));
  const thin = thinRuns(runs, 10, (run) => run.bad);
  assertEquals(thin.filter((run) => run.bad === 1), [{ firstPfn: 500, pages: 100, bad: 1 }]);
});
