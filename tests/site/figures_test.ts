import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { drawnOf } from "../../tools/site/client/showing.ts";
import { type Control, firstState, MOVING, type MovingFigure, type State } from "../../tools/site/figures/mod.ts";

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
      return [[(((2 ** control.width - 1) ^ parseInt(control.value, 16)) >>> 0).toString(16)], ["0"]];
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
    const drawings = new Map<string, string>();
    const drawingOf = (state: State) => {
      const key = JSON.stringify(Object.entries(state).sort());
      const drawing = drawings.get(key) ?? shown(figure, state);
      drawings.set(key, drawing);
      return drawing;
    };
    const drawn = new Map([...states(figure)].map((state) => [state, drawingOf(state)]));
    for (const control of figure.controls) {
      const matters = [...drawn].some(([state, before]) =>
        others(control).some((value) => drawingOf({ ...state, [control.name]: value }) !== before)
      );
      assert(matters, `${control.name} changes nothing`);
    }
  });
}

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
