/**
 * A process that boots and says how long that took, first and later.
 *
 * @module
 */

import { boot } from "../../core/boot.ts";
import { matrix } from "../../core/matrix.ts";
import { type Felt, feltOf } from "./felt.ts";

const native = () => boot({ platform: "native-k8-pae-4k", strategy: "write-always" });
const xen = () => boot({ platform: "xen-pae", strategy: "filter-set-pte" });

/** Waits within a process, in the order in which a reader meets them. */
const WAITS: readonly {
  readonly name: string;
  readonly aim: number;
  readonly prepare: () => (at: number) => unknown;
}[] = [
  { name: "a boot of 64M in 4K pages, native", aim: 0.01, prepare: () => native },
  { name: "a boot of 64M, Xen", aim: 0.04, prepare: () => xen },
  {
    name: "any step of a boot of 64M under Xen",
    aim: 0.02,
    prepare: () => {
      const run = xen();
      return (at) => run.at((at * 7_919) % (run.cost.entryWrites + 1));
    },
  },
  { name: "the matrix at 64M", aim: 0.15, prepare: () => () => matrix({ memory: "64M" }).forEach(() => {}) },
];
const TIMES = 9;

function measure({ name, aim, prepare }: (typeof WAITS)[number]): Felt {
  const work = prepare();
  const times = Array.from({ length: TIMES + 1 }, (_, at) => {
    const begun = performance.now();
    work(at);
    return (performance.now() - begun) / 1_000;
  });
  return feltOf(name, aim, times);
}

if (import.meta.main) {
  Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(WAITS.map(measure))));
}
