import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  check,
  draw,
  type Figure,
  hex,
  lines,
  type MimeBundle,
  type Shown,
  table,
  walkTable,
} from "../../chapters/mod.ts";
import { CPUS, explain, Machine, PhysicalMemory } from "../../mod.ts";
import { recorded, show } from "../../tools/book/record.ts";

const figure: Figure = {
  options: { marks: [] },
  caption: "A <caption>",
  description: "What it shows",
  table: { header: ["a"], rows: [["<b>"]] },
};

/** What a Jupyter kernel gets when it asks a value, and what it was told to show above. */
async function displayed(value: Shown): Promise<MimeBundle[]> {
  const ask: unknown = Reflect.get(value, Symbol.for("Jupyter.display"));
  assert(typeof ask === "function");
  const above: MimeBundle[] = [];
  const jupyter = {
    broadcast: (type: string, { data }: { data: MimeBundle }) => {
      assertEquals(type, "display_data");
      above.push(data);
    },
  };
  Reflect.set(Deno, "jupyter", jupyter);
  try {
    const result = await ask.call(value);
    return [...above, result];
  } finally {
    Reflect.deleteProperty(Deno, "jupyter");
  }
}

Deno.test("check passes what is the same and names both sides of what is not", () => {
  check({ a: [1, "x", true], b: {} }, { a: [1, "x", true], b: {} });
  check(NaN, NaN);
  const different: readonly (readonly [unknown, unknown, string])[] = [
    [1, 2, "The text says 2 but the result is 1"],
    ["1", 1, 'The text says 1 but the result is "1"'],
    [[1, 2], [1], "The text says [1] but the result is [1, 2]"],
    [{ a: undefined }, {}, "The text says {} but the result is { a: undefined }"],
    [[], {}, "The text says {} but the result is []"],
    [null, {}, "The text says {} but the result is null"],
    [0, -0, "The text says 0 but the result is 0"],
  ];
  for (const [actual, expected, message] of different) assertThrows(() => check(actual, expected), Error, message);
});

Deno.test("hex writes words as words", () => {
  assertEquals([hex(0), hex(255), hex(255, 8), hex(-1), hex(0x8000_0000 | 0), hex(2 ** 40)], [
    "0x0",
    "0xff",
    "0x000000ff",
    "0xffffffff",
    "0x80000000",
    "0x10000000000",
  ]);
  for (const value of [0.5, NaN, -(2 ** 31) - 1]) assertThrows(() => hex(value), RangeError, "Expected an integer");
  for (const digits of [65, Infinity, NaN]) {
    assertThrows(() => hex(1, digits), RangeError, "Expected at most 64 digits");
  }
});

Deno.test("rows of a table have the columns of the first", () => {
  assertEquals(table([{ a: 1, b: true }, { a: 2, b: false }]).rows, [[1, "yes"], [2, "no"]]);
  assertThrows(() => table([]), RangeError, "none");
  assertThrows(() => table([{ a: 1 }, { b: 1 }]), RangeError, "a row with a but found b");
  assertThrows(() => table([{ a: 1 }, { a: 1, b: 1 }]), RangeError, "a row with a but found a, b");
});

// What nbconvert 7 keeps with --sanitize-html: bleach's own tags and a few more (nbconvert/filters/strings.py, clean_html).
const KEPT = new Set("a abbr acronym b blockquote code div em i li ol pre span strong table td tr ul".split(" "));

Deno.test("a notebook gets no tag that a sanitizer shows as text, and plain text beside all", async () => {
  for (const value of [lines(["<i>"]), table([{ "<p>": "<p>" }], "<p>"), draw("one", figure)]) {
    for (const bundle of await displayed(value)) {
      assert(bundle["text/plain"] !== undefined);
      const tags = [...(bundle["text/html"] ?? "").matchAll(/<\/?([a-z]+)/g)].map(([, tag = ""]) => tag);
      assertEquals(tags.filter((tag) => !KEPT.has(tag)), []);
    }
  }
});

Deno.test("a figure is a drawing, and where none is shown its description and table; below it stand its words", async () => {
  const [picture, words] = await displayed(draw("one", figure));
  assertEquals(Object.keys(picture ?? {}), ["image/svg+xml", "text/plain"]);
  assertEquals(picture?.["text/plain"], "What it shows\n\na\n<b>");
  assertEquals(words?.["text/plain"], "A <caption>\n\nIn words: What it shows");
  assertStringIncludes(words?.["text/html"] ?? "", ">A &lt;caption&gt;<");
});

Deno.test("a table has columns of numbers to the right and all others to the left", async () => {
  const [bundle] = await displayed(table([{ a: 1, long: "x" }], "below"));
  assertEquals(bundle?.["text/plain"], "a  long\n1  x\nbelow");
  const sides = [...(bundle?.["text/html"] ?? "").matchAll(/text-align: (\w+)/g)].map(([, side]) => side);
  assertEquals(sides, ["right", "left", "right", "left"]);
});

Deno.test("a drawing has a snake_case name, since it becomes a file and an id", () => {
  for (const name of ["One", "one-two", "1st", "a/b", "_a", ""]) {
    assertThrows(() => draw(name, figure), RangeError, "snake_case");
  }
});

Deno.test("a table of a walk has a row for each entry, and says where the walk ended", () => {
  const machine = new Machine(CPUS.k8, new PhysicalMemory(1 << 24));
  machine.memory.write(0x1, 6, 0x2001); // PDPTE 3
  machine.memory.write(0x2, 1, 0x8000_0000 | 0); // high word of PDE 0
  machine.memory.write(0x2, 0, 0x00e3);
  machine.writeEfer(0x800);
  machine.writeCr4(0x20);
  machine.writeCr3(0x1000);
  machine.writeCr0(0x8001_0001);
  const { rows, caption } = walkTable(explain(machine, 0xc0000123));
  assertEquals(rows.map((row) => row.slice(0, 5)), [
    ["PDPTE", "register", 3, "0x00002001", "P"],
    ["PDE", "0x2", 0, "0x80000000000000e3", "P RW A D PS NX"],
  ]);
  assertEquals(caption, "Physical address 0x00000123, in frame 0x0.");
  const fetch = walkTable(explain(machine, 0xc0000123, "fetch"));
  assertEquals(fetch.caption, "Page fault, error code 0x11: no-execute, at the PDE.");
});

Deno.test("the recorder keeps what blocks show, each in a form that survives JSON", () => {
  for (const value of [undefined, 7, "text", [1, 2], lines(["a"]), table([{ a: 1 }]), draw("one", figure)]) show(value);
  const kept = recorded();
  const kinds = kept.map(({ output }) => output.kind);
  assertEquals(kinds, ["lines", "lines", "lines", "lines", "table", "figure"], "undefined shows nothing");
  assertEquals(JSON.parse(JSON.stringify(kept)), [...kept]);
  assertEquals(recorded(), [], "what was asked for belongs to one program, not to the next");
  assertThrows(() => show("two\nlines"), TypeError, "lines([...])");
});
