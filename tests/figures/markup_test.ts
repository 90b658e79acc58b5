import { assertEquals } from "@std/assert";
import { parseHTML } from "linkedom";
import { escapeMarkup, markupOf } from "../../chapters/figures/mod.ts";

Deno.test("escaped text has no bracket, quote or ampersand of its own", () => {
  assertEquals(escapeMarkup(`<a b="c" d='e'>&amp;`), "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;amp;");
});

Deno.test("what XML cannot hold becomes U+FFFD", () => {
  assertEquals(escapeMarkup("a\u0000b\u001bc\ud800d\ufffee\tf\u{1f600}"), "a\ufffdb\ufffdc\ufffdd\ufffde\tf\u{1f600}");
});

Deno.test("an attribute is escaped as XML asks, which HTML does not", () => {
  const { document } = parseHTML("<p></p>");
  const element = document.createElement("rect");
  element.setAttribute("aria-label", `a < b & "c"`);
  element.setAttribute("a", "1");
  assertEquals(markupOf(element), `<rect a="1" aria-label="a &lt; b &amp; &quot;c&quot;"/>`);
});
