/**
 * The page of the reader's own: a proposal of one's own in the debate, and page tables of one's own machine.
 *
 * @module
 */

import hljs from "highlight.js/lib/core";
import type { Page } from "./layout.ts";

/** Where a reader begins: proposal 4, to be changed. */
export const FIRST_PROPOSAL = `import { KERNEL_RELEASES, type Strategy } from "@pagetable-init/textbook";

/** Keeps every entry that is present. Change it: what would you do? */
export const mine: Strategy = {
  id: "mine",
  does: "a leaf that is present is not touched",
  who: "you",
  release: KERNEL_RELEASES["2.6.22"],
  // called for each page of lowmem
  mapPage: (kernel, entry, pfn, flags, nx) => {
    if (!kernel.present(entry)) kernel.setPte(entry, pfn, flags, nx);
  },
  // called instead where the CPU has large pages
  mapLargePage: (kernel, entry, pfn, flags, nx) => {
    if (!kernel.present(entry)) kernel.setPmd(entry, pfn, flags, nx);
  },
};
`;

/** The page. */
export function ownPage(): Page {
  const code = hljs.highlight(FIRST_PROPOSAL.trimEnd(), { language: "typescript" }).value;
  const body = `<h1>Your own</h1>
<noscript><p>This page needs JavaScript. In a checkout, <code>deno task hunt</code> and <code>deno task audit</code> do the same.</p></noscript>
<section class="own proposal">
<h2 id="proposal">Your proposal</h2>
<p>How would you have decided the debate? Write a rule, and see it judged on every machine: whether the boot goes through, whether every page is right, and why the first wrong cell is wrong. The hunt then looks for the smallest machine on which it fails.</p>
<pre tabindex="0" role="group" aria-label="Your proposal"><code>${code}</code></pre>
<div class="result" aria-live="polite"></div>
</section>
<section class="own files">
<h2 id="files">Your machine</h2>
<p>Audit the page tables of a real machine: a state that <code>deno task capture</code> has saved (its <code>.json</code> and its <code>.pt.gz</code> together), or a recording of <code>deno task record</code>. The files are read in this page, and nothing leaves the browser.</p>
<div class="drop"><label for="dropped">Drop files here, or choose them: </label><input id="dropped" type="file" multiple></div>
<p><label>moment of a recording <input name="moment" size="16" placeholder="end" autocomplete="off"></label></p>
<div class="result" aria-live="polite"></div>
</section>`;
  const sections = [{ title: "Your proposal", slug: "proposal" }, { title: "Your machine", slug: "files" }];
  return { file: "own.html", title: "Your own", body, sections };
}
