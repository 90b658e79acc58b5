/**
 * Takes from a worker what a reader's code has no use for. A link can bring an edit of somebody else's: it must reach neither what the browser keeps
 * for the site, from which the next page would be read, nor another server.
 *
 * @module
 */

/** Names of the language. */
const LANGUAGE =
  "AggregateError Array ArrayBuffer Atomics BigInt BigInt64Array BigUint64Array Boolean DataView Date Error EvalError " +
  "FinalizationRegistry Float16Array Float32Array Float64Array Infinity Int16Array Int32Array Int8Array Intl Iterator JSON Map Math NaN Number " +
  "Object Promise Proxy RangeError ReferenceError Reflect RegExp Set String Symbol SyntaxError TypeError URIError Uint16Array Uint32Array " +
  "Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet decodeURI decodeURIComponent encodeURI encodeURIComponent escape globalThis isFinite " +
  "isNaN parseFloat parseInt undefined unescape";

/** Names of the browser that compute and nothing else, and the two by which a worker talks to its page. */
const HARMLESS =
  "Blob CompressionStream DecompressionStream DOMException Performance ReadableStream Response TextDecoder TextDecoderStream " +
  "TextEncoder TransformStream URL URLSearchParams WritableStream atob btoa clearInterval clearTimeout console constructor crypto location onerror " +
  "onmessage performance postMessage queueMicrotask self setInterval setTimeout structuredClone";

const KEPT: ReadonlySet<string> = new Set(`${LANGUAGE} ${HARMLESS}`.split(" "));

/**
 * Confines the worker: from now on its global scope has what `KEPT` names, no text becomes code, and files come from one folder alone.
 *
 * @param isOpen Whether a file at an address may be read.
 */
export function confine(isOpen: (address: URL) => boolean): void {
  const { fetch } = self;
  closeText();
  for (let scope: object = self; scope !== Object.prototype && scope !== null; scope = Object.getPrototypeOf(scope)) {
    for (const name of Object.getOwnPropertyNames(scope)) {
      if (KEPT.has(name) || Reflect.deleteProperty(scope, name)) continue;
      Reflect.set(scope, name, undefined);
    }
  }
  const read = (address: URL | string) => {
    const url = new URL(address, location.href);
    if (!isOpen(url)) return Promise.reject(new TypeError(`Expected a file of the book but found ${url.href}`));
    return fetch(url);
  };
  Object.defineProperty(self, "fetch", { value: read });
}

/** Text becomes no code: neither by `eval` nor by the constructor of any function, nor by a timer. */
function closeText(): void {
  const kinds = [() => {}, async () => {}, function* () {}, async function* () {}];
  for (const kind of kinds) Object.defineProperty(Object.getPrototypeOf(kind), "constructor", { value: undefined });
  for (const name of ["setTimeout", "setInterval"] as const) {
    const timer = self[name] as (act: () => void, milliseconds?: number) => number;
    const safe = (act: unknown, milliseconds?: number) => {
      if (typeof act !== "function") throw new TypeError(`Expected a function for ${name} but found ${typeof act}`);
      return timer(act as () => void, milliseconds);
    };
    Object.defineProperty(self, name, { value: safe });
  }
}
