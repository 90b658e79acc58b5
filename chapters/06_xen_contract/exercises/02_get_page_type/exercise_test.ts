import { assert, assertEquals } from "@std/assert";
import { type FrameRow, getPageType } from "./exercise.ts";

type Type = FrameRow["type"];

/** Asks for a type and notes what was done. */
function ask(frame: FrameRow, type: Type, valid = true) {
  const done: string[] = [];
  const seen: FrameRow[] = [];
  const validate = () => {
    done.push("validate");
    seen.push({ ...frame });
    return valid;
  };
  const granted = getPageType(frame, type, { flush: () => done.push("flush"), validate });
  return { granted, done, seen, frame };
}

Deno.test("a page table cannot be had writable", () => {
  const { granted, frame } = ask({ type: "L1", uses: 1 }, "writable");
  assert(
    !granted,
    "A page table was given away writable: a type changes only when nobody uses it " +
      "any more",
  );
  assertEquals(
    frame,
    { type: "L1", uses: 1 },
    "A refusal must leave the books as they were",
  );
});

Deno.test("a writable page cannot be had as a table", () => {
  assert(
    !ask({ type: "writable", uses: 2 }, "L1").granted,
    "A page that is mapped writable has become a table",
  );
});

Deno.test("a table of one level cannot be had as one of another", () => {
  assert(
    !ask({ type: "L2", uses: 1 }, "L1").granted,
    "An L2 that is in use has become an L1",
  );
});

Deno.test("one more use as the same thing is counted", () => {
  const { granted, done, frame } = ask({ type: "writable", uses: 2 }, "writable");
  assert(
    granted,
    "A page that is writable already cannot be mapped writable once more: aliases " +
      "are allowed",
  );
  assertEquals(frame.uses, 3, "The use was not counted");
  assertEquals(
    done,
    [],
    "Something was done although the frame was in use as that already",
  );
});

Deno.test("one more use of a table costs no check", () => {
  const { granted, done, frame } = ask({ type: "L2", uses: 1 }, "L2");
  assertEquals(
    [granted, frame.uses],
    [true, 2],
    "A table that is in use as an L2 may be used as an L2 once more",
  );
  assertEquals(
    done,
    [],
    "A table in use was validated when its first use came: nothing is to be done again",
  );
});

Deno.test("a frame that nobody uses may change its type", () => {
  const { granted, frame } = ask({ type: "writable", uses: 0 }, "L1");
  assert(
    granted,
    "A frame without uses was refused for its old type: that is only what it was last",
  );
  assertEquals(
    frame,
    { type: "L1", uses: 1 },
    "The books do not say what the frame is now",
  );
});

Deno.test("a changed type means a flush, and before validation", () => {
  const { done } = ask({ type: "writable", uses: 0 }, "L1");
  assert(
    done.includes("flush"),
    "No flush: somebody may still remember the page as writable, and now it is a table",
  );
  assertEquals(
    done,
    ["flush", "validate"],
    "Flush first: between validation and flush the entries could still change",
  );
});

Deno.test("the same type again needs no flush", () => {
  assertEquals(
    ask({ type: "L1", uses: 0 }, "L1").done,
    ["validate"],
    "A table comes back as a table: validate it, no flush",
  );
});

Deno.test("a page that becomes writable is not validated", () => {
  const { done } = ask({ type: "L1", uses: 0 }, "writable");
  assert(
    !done.includes("validate"),
    "A writable page may hold anything: do not validate it",
  );
  assertEquals(done, ["flush"], 'From "L1" to "writable" the type changes: flush, once');
});

Deno.test("while it is validated the frame has its type already", () => {
  const { seen } = ask({ type: "none", uses: 0 }, "L2");
  assertEquals(
    seen,
    [{ type: "L2", uses: 1 }],
    "A table may map itself: its own entries must find it as what it becomes",
  );
});

Deno.test("a table with a forbidden entry is no table", () => {
  const { granted, frame } = ask({ type: "writable", uses: 0 }, "L1", false);
  assert(!granted, "Validation failed, and the frame was handed out as a table");
  assertEquals(
    frame,
    { type: "none", uses: 0 },
    "After a failed validation the frame has no type and no uses",
  );
});

Deno.test("a page that becomes writable is granted and counted", () => {
  for (const type of ["none", "L1", "writable"] as const) {
    const { granted, frame } = ask({ type, uses: 0 }, "writable");
    assert(
      granted,
      `A frame without uses, last ${type}, was refused as a writable page: what is not ` +
        "validated cannot fail",
    );
    assertEquals(
      frame,
      { type: "writable", uses: 1 },
      "A first use as a writable page is a use like any other: count it",
    );
  }
});

Deno.test("a frame that was nothing before changes its type too", () => {
  assertEquals(
    ask({ type: "none", uses: 0 }, "L1").done,
    ["flush", "validate"],
    'From "none" to "L1" the type changes: rule 3 makes no exception',
  );
});
