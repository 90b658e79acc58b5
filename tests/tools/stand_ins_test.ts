import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertExists,
  assertInstanceOf,
  AssertionError,
  assertIsError,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { afterAll, afterEach, beforeAll, beforeEach, describe, it } from "@std/testing/bdd";

Deno.test("an assertion that does not hold throws an AssertionError", () => {
  assertThrows(() => assert(false), AssertionError);
  assertThrows(() => assertEquals([1, [2]], [1, [3]]), AssertionError);
  assertThrows(() => assertStrictEquals({}, {}), AssertionError);
  assertThrows(() => assertAlmostEquals(1, 1.1, 0.01), AssertionError);
  assertThrows(() => assertThrows(() => {}), AssertionError);
});

Deno.test("assertThrows refuses another class and another message", () => {
  const fail = () => {
    throw new RangeError("Expected 1 but found 2");
  };
  assertEquals(
    assertThrows(fail, RangeError, "found 2").message,
    "Expected 1 but found 2",
  );
  assertThrows(() => assertThrows(fail, TypeError), AssertionError);
  assertThrows(() => assertThrows(fail, RangeError, "3"), AssertionError);
});

Deno.test("assertRejects waits for the promise", async () => {
  const late = async () => {
    await Promise.resolve();
    throw new TypeError("late");
  };
  assertEquals((await assertRejects(late, TypeError, "late")).message, "late");
});

Deno.test("assertions narrow the types of what they have seen", () => {
  const found: number | undefined = [1].find((n) => n === 1);
  assertExists(found);
  const number: number = found;
  const thrown: unknown = new RangeError(`${number}`);
  assertInstanceOf(thrown, RangeError);
  const text: string = thrown.message;
  const error: unknown = new TypeError(text);
  assertIsError(error, TypeError, "1");
  assert(error.message === "1");
});

const calls: string[] = [];

describe("hooks", () => {
  beforeAll(() => void calls.push("first"));
  beforeEach(() => void calls.push("before"));
  afterEach(() => void calls.push("after"));
  afterAll(() => {
    calls.push("last");
    assertEquals(calls.join(" "), "first before a after before b after last");
  });
  it("run around the first test", () => void calls.push("a"));
  it("and around the second", () => void calls.push("b"));
});
