/**
 * The output of `deno test --reporter=junit`.
 *
 * @module
 */

/** A test that was run. */
export interface TestCase {
  /** Its name; that of a step begins with the name of its test. */
  readonly name: string;
  /** The file that has it, relative to the working folder. */
  readonly file: string;
  /** Why it failed, or undefined. */
  readonly failure: Failure | undefined;
}

/** Why a test failed. */
export interface Failure {
  /** Class of what was thrown: `AssertionError`, `TypeError`… */
  readonly error: string;
  /** Its message. */
  readonly message: string;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/**
 * Reads a report. A test that fails for a step of its own is left out: the step says why.
 *
 * @param xml The report.
 * @returns The tests and steps, in order.
 */
export function readJunit(xml: string): TestCase[] {
  const cases = xml.matchAll(/<testcase name="([^"]*)" classname="([^"]*)"[^>]*?(?:\/>|>([^]*?)<\/testcase>)/g);
  return [...cases].flatMap(([, name = "", file = "", inside = ""]) => {
    const [, message] = /<failure message="([^"]*)"/.exec(inside) ?? [];
    if (message !== undefined && /^\d+ test steps? failed/.test(message)) return [];
    return [{
      name: plain(name),
      file: plain(file),
      failure: message === undefined ? undefined : failureOf(plain(message)),
    }];
  });
}

function failureOf(text: string): Failure {
  const [, error = "Error", message = text] = /^Uncaught (?:\(in promise\) )?(\w+): ([^]*)$/.exec(text) ?? [];
  return { error, message: message.trim() };
}

function plain(text: string): string {
  return text.replace(/&(?:(lt|gt|amp|quot|apos)|#x([0-9a-f]+)|#(\d+));/gi, (_, name, hexadecimal, decimal) => {
    if (name !== undefined) return ENTITIES[name] ?? "";
    return String.fromCodePoint(hexadecimal === undefined ? Number(decimal) : parseInt(hexadecimal, 16));
  });
}
