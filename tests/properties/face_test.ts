import { assert, assertEquals } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { FACE, type FaceRow, ODD } from "./face_rows.ts";
import { METHODS, UNCHECKED } from "./method_rows.ts";

const root = new URL("../../", import.meta.url);

type Callable = ((...args: readonly unknown[]) => unknown) & { readonly prototype?: object };

/** Every function and class that a module of `exports` has, by name. */
async function publicFunctions(): Promise<Map<string, Callable>> {
  const found = new Map<string, Callable>();
  for (const file of Object.values(config.exports)) {
    const exported: { readonly [name: string]: unknown } = await import(new URL(file, root).href);
    for (const [name, value] of Object.entries(exported)) {
      if (typeof value === "function") found.set(name, value as Callable);
    }
  }
  return found;
}

const functions = await publicFunctions();

const isClass = (called: Callable): boolean => /^class\b/.test(Function.prototype.toString.call(called));

/** Calls, waits, and takes the first of what is generated. */
async function call(called: Callable, values: readonly unknown[]): Promise<unknown> {
  const made = isClass(called) ? Reflect.construct(called, values) : await called(...values);
  const generated = made as { readonly next?: () => unknown } | undefined;
  return typeof generated?.next === "function" ? generated.next() : made;
}

/** What is wrong with the answer to odd arguments; undefined if it is a refusal in the house's words. */
async function complaint(called: Callable, values: readonly unknown[]): Promise<string | undefined> {
  try {
    await call(called, values);
    return "took it in silence";
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) return String(error);
    return /^Expected [^]* but found /.test(error.message) ? undefined : error.message;
  }
}

Deno.test("every public function and class has a row, and every row is of one", () => {
  assertEquals([...FACE.keys()].sort(), [...functions.keys()].sort());
});

/** Makes the right call, and then one call for each odd value that a parameter cannot take. */
async function assertRefusals(called: Callable, { good, takes }: FaceRow): Promise<void> {
  await call(called, good());
  const complaints: string[] = [];
  for (const [at, right] of takes.entries()) {
    for (const [odd, value] of Object.entries(ODD)) {
      if (right.includes(odd)) continue;
      const said = await complaint(called, good().with(at, value));
      if (said !== undefined) complaints.push(`parameter ${at + 1}, ${odd}: ${said}`);
    }
  }
  assertEquals(complaints, []);
  assert(takes.length === good().length, `Expected a list of odd values for each of ${good().length} parameters`);
}

for (const [name, row] of FACE) {
  const called = functions.get(name);
  if (called === undefined) continue;
  Deno.test(`${name} refuses what it cannot take, whatever it is`, () => assertRefusals(called, row));
}

/** The methods of a class and of those that it extends, by name. */
function methodsOf(called: Callable): string[] {
  const names = new Set<string>();
  for (let at = called.prototype; at !== undefined && at !== Object.prototype && at !== Error.prototype;) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      if (name !== "constructor" && typeof value === "function") names.add(name);
    }
    at = Object.getPrototypeOf(at);
  }
  return [...names];
}

Deno.test("every method of a public class has a row or a reason to have none, and every row is of one", () => {
  const classes = [...functions].filter(([, called]) => isClass(called));
  const methods = classes.flatMap(([name, called]) => methodsOf(called).map((method) => `${name}.${method}`));
  assertEquals([...METHODS.keys(), ...Object.keys(UNCHECKED)].sort(), methods.sort());
});

for (const [name, { good, takes }] of METHODS) {
  const [, method = ""] = name.split(".");
  Deno.test(`${name} refuses what it cannot take, whatever it is`, async () => {
    const { on, values } = good();
    const called = (...args: readonly unknown[]) => Reflect.apply(Reflect.get(on, method), on, args);
    await assertRefusals(called, { good: () => values, takes });
  });
}
