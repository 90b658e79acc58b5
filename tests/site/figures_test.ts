import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { drawnOf } from "../../tools/site/client/showing.ts";
import { type Control, firstState, MOVING, type MovingFigure, type State } from "../../tools/site/figures/mod.ts";
import { pagesOfSite } from "../../tools/site/pages.ts";

/** Other values of a control: the ends of a range, every choice, each switch turned over, all bits turned over. */
function others(control: Control): (readonly string[])[] {
  switch (control.kind) {
    case "choice":
      return Object.keys(control.options).filter((it) => it !== control.value).map((it) => [it]);
    case "range":
      return [control.min, control.max].map((it) => [`${it}`]);
    case "switches":
      return Object.keys(control.options).map((it) =>
        control.value.includes(it) ? control.value.filter((other) => other !== it) : [...control.value, it]
      );
    case "bits":
      return [[((2 ** control.width - 1) ^ parseInt(control.value, 16) >>> 0).toString(16).replace("-", "")], ["0"]];
  }
}

/** What a figure shows, as text to compare. */
function shown(figure: MovingFigure, state: State): string {
  return JSON.stringify(figure.draw(state).map((it) => drawnOf(it, "x"))).replace(/live-\d+/g, "");
}

/** The first state, and those with one control moved. */
function* states({ controls }: MovingFigure): Generator<State> {
  const first = firstState(controls);
  yield first;
  for (const control of controls) for (const value of others(control)) yield { ...first, [control.name]: value };
}

for (const figure of MOVING) {
  Deno.test(`the figure ${figure.id} answers to each of its controls, from end to end`, () => {
    const drawn = new Map([...states(figure)].map((state) => [state, shown(figure, state)]));
    for (const control of figure.controls) {
      const matters = [...drawn].some(([state, before]) =>
        others(control).some((value) => shown(figure, { ...state, [control.name]: value }) !== before)
      );
      assert(matters, `${control.name} changes nothing`);
    }
  });
}

Deno.test("every figure with controls stands once in the site, and ten chapters or more have one", async () => {
  const pages = await pagesOfSite();
  const found = pages.flatMap(({ file, body }) =>
    [...body.matchAll(/<section class="moving" data-figure="([^"]*)"/g)].map(([, id]) => ({ file, id }))
  );
  assertEquals(found.map(({ id }) => id).sort(), MOVING.map(({ id }) => id).sort());
  assert(new Set(found.map(({ file }) => file)).size > 10);
});

Deno.test("a figure refuses a value that its control cannot have", () => {
  const walk = MOVING[0];
  assert(walk !== undefined);
  const first = firstState(walk.controls);
  assertThrows(() => walk.draw({ ...first, address: ["xyz"] }), RangeError, "up to eight hex digits");
  assertThrows(() => walk.draw({ ...first, platform: ["vax"] }), RangeError, "vax");
  assertThrows(() => walk.draw({ ...first, kind: ["eat"] }), TypeError, "eat");
});

Deno.test("the walk shows the fields and the entries of its address", () => {
  const walk = MOVING.find(({ id }) => id === "walk");
  assert(walk !== undefined);
  const [fields, entries] = walk.draw({ ...firstState(walk.controls), address: ["c0106abc"] });
  assert(typeof fields === "object" && "table" in fields);
  assertEquals(fields.table.rows.map((row) => row[2]), [768, 262, 0xabc]);
  assert(typeof entries === "object" && "rows" in entries);
  assertEquals(entries.rows.map((row) => row[2]), [768, 262]);
  assertNotEquals(entries.caption, "");
});
