/**
 * The methods of the public classes as rows: for every one a call that is right, and which odd values each parameter takes.
 *
 * @module
 */

import * as T from "../library/every_part.ts";
import {
  ADDRESS,
  bareMachine,
  FLAG,
  FUNCTION,
  kernel,
  lguest,
  MEMORY,
  NOTHING,
  OPTIONS,
  recording,
  WORD,
  xenOptions,
} from "./face_rows.ts";

/** A row: an object, arguments of a call that goes through, and by parameter the names of odd values that are right there. */
export interface MethodRow {
  /** The object and the arguments, made anew. */
  readonly good: () => { readonly on: object; readonly values: readonly unknown[] };
  /** By parameter, the names of odd values that are right there. */
  readonly takes: readonly (readonly string[])[];
}

type Row = readonly [values: readonly unknown[], ...takes: readonly (readonly string[])[]];

const BUS: { readonly [name: string]: Row } = {
  load: [[0xc010_0000], WORD],
  store: [[0xc020_0000, 7], WORD, WORD],
  storeEntry: [[0xc020_0000, 0, 7, "hi,lo"], WORD, WORD, WORD, NOTHING],
  clearPage: [[0xc020_0000], WORD],
  probe: [[0xc020_0000, true], WORD, [...FLAG, ...NOTHING]],
  fetch: [[0xc010_0000], WORD],
};

function guest(): T.Hypervisor {
  const xen = new T.Hypervisor(xenOptions());
  T.buildDomain(xen);
  return xen;
}

function poolInUse(): T.FramePool {
  const pool = new T.FramePool(0x10, 0x20);
  pool.allocate();
  return pool;
}

/** Methods that are not checked, each with its reason. */
export const UNCHECKED: { readonly [name: string]: string } = {
  "Machine.translate": "the fast form of the verb access, which is the checked one",
  "Machine.putBack": "protected: Machine.restore is checked",
  "Machine.registers": "protected: takes nothing",
  "Machine.registersChanged": "protected: takes nothing",
  "Tlb.bank": "the inside of the CPU: its callers are the walk and the registers",
  "Tlb.fill": "the inside of the CPU",
  "Tlb.invalidate": "the inside of the CPU",
  "Tlb.flush": "the inside of the CPU",
  "Tlb.snapshot": "takes nothing",
  "Tlb.restore": "the inside of the CPU; Machine.restore is checked",
  "Tlb.entries": "takes nothing",
  "Stores.add": "the inside of the readers of recordings",
};

/** Classes whose objects a caller can have: how one is made, and their methods. */
const CLASSES: { readonly [name: string]: readonly [make: () => object, rows: { readonly [name: string]: Row }] } = {
  PhysicalMemory: [() => new T.PhysicalMemory(2 ** 24), {
    placeOf: [[5], []],
    read: [[5, 7], [], []],
    write: [[5, 7, 1], [], [], WORD],
    writePair: [[5, 6, 0, 1], [], [], WORD, WORD],
    writeFrame: [[5, new Int32Array(1024)], [], []],
    clearFrame: [[5], []],
    copyFrame: [[5, 6], [], []],
    snapshot: [[]],
    restore: [[new T.PhysicalMemory(2 ** 24).snapshot()], []],
  }],
  Machine: [() => T.boot({ platform: "native-p6", strategy: "filter-set-pte", memory: MEMORY }).machine, {
    load: [[0xc010_0000, {}], ADDRESS, OPTIONS],
    store: [[0xc020_0000, 7, {}], ADDRESS, WORD, OPTIONS],
    snapshot: [[]],
    restore: [[bareMachine().snapshot()], []],
    writeCr0: [[0x8001_0033], WORD],
    writeCr3: [[0x48_0000], [...ADDRESS, "huge"]],
    writeCr4: [[0x10], WORD],
    writeEfer: [[0], WORD],
    invlpg: [[0xc010_0000], ADDRESS],
    writePkru: [[0], WORD],
    writeAc: [[true], FLAG],
    writePat: [[T.PAT_RESET], []],
    writeMtrrType: [["WB"], []],
  }],
  FramePool: [poolInUse, { allocate: [[]], release: [[0x10], []] }],
  FrameTable: [() => new T.FrameTable(64), { at: [[5], []] }],
  SpecialPages: [() => new T.SpecialPages(), {
    add: [[{ first: 1, end: 2, property: "uncached" }], []],
    remove: [[1, "uncached"], [], []],
    knows: [["uncached"], []],
    at: [[1], []],
    uniform: [[0, 1024], [], []],
    apply: [[["uncached"], 0x63], ["list"], WORD],
  }],
  Trace: [() => T.boot({ platform: "native-p6", strategy: "filter-set-pte", memory: MEMORY }).trace, {
    at: [[1], []],
    prefix: [[1], []],
  }],
  MemMap: [() => kernel().memMap ?? {}, { isPinned: [[5], []], setPinned: [[5, true], [], FLAG] }],
  Bootmem: [() => kernel().bootmem, {
    reserve: [[5, 6], [], []],
    isFree: [[5], []],
    free: [[5, 6], [], []],
    take: [[() => true], [...FUNCTION, ...NOTHING]],
    takeRun: [[2], []],
    takeRunFrom: [[5, 2], [], []],
    takeRunBelow: [[2, 0x900], [], []],
  }],
  Kernel: [() => kernel(), {
    va: [[5], []],
    pfnOf: [[0xc000_5000], WORD],
    reach: [[5], []],
    present: [[0xc048_0c00], WORD],
    tableAt: [[0xc048_0ffc, T.MODES["two-level"]], WORD, NOTHING],
    setPte: [[0xc020_0000, 5, 0x63, false], WORD, [], WORD, FLAG],
    setPmd: [[0xc020_0000, 5, 0x63, false], WORD, [], WORD, FLAG],
    setPud: [[0xc020_0000, 5, 0x63], WORD, [], WORD],
    clearPte: [[0xc020_0000], WORD],
    clearPmd: [[0xc020_0000], WORD],
    recorded: [["set_pte", 0xc020_0000, 0, 0, () => {}], [], WORD, WORD, WORD, FUNCTION],
    returnLeaves: [[]],
    allocTablePage: [[]],
    bootmemPage: [[]],
    zero: [[0x800], []],
    withWritable: [[0x800, () => {}], [], FUNCTION],
    returnLeavesOf: [[5, 6, 0xc048_0000], [], [], WORD],
    lookupAddress: [[0xc010_0000, T.MODES["two-level"]], WORD, NOTHING],
  }],
  NativeBus: [() => kernel().bus, BUS],
  XenBus: [() => kernel("xen-pae").bus, BUS],
  LguestBus: [() => kernel("lguest").bus, BUS],
  LguestHost: [() => lguest()[1], {
    translate: [[0xc010_0000, 0], WORD, []],
    newPageTable: [[5], []],
    flushTlb: [[]],
    setPmd: [[768], []],
  }],
  Recording: [() => recording, { at: [[1], []], registersAt: [[1], []] }],
  VmiHost: [() => new T.VmiHost(bareMachine()), { allocatePage: [[5, 1], [], []], setPxE: [[5, 1], [], []] }],
  Hypervisor: [guest, {
    mmuUpdate: [[0x1005, 0, 0, 0, 0], [], [], WORD, WORD, NOTHING],
    mmuUpdates: [[[]], ["list"]],
    updateVaMapping: [[0, 0xc010_0000, 0, 0, 0], WORD, WORD, WORD, WORD, [...WORD, ...NOTHING]],
    mmuextOp: [[T.MMUEXT.TLB_FLUSH_LOCAL, 0, 0, 0], [], NOTHING, [...WORD, ...NOTHING], [...WORD, ...NOTHING]],
    setGdt: [[[]], ["list"]],
    store32: [[0, 0xc010_0000, 7], WORD, WORD, WORD],
    store64: [[0, 0xc010_0000, 0, 7], WORD, WORD, WORD, WORD],
    clearPage: [[0, 0xc010_0000], WORD, WORD],
    load32: [[0, 0xc010_0000], WORD, WORD],
    crash: [[3], []],
    relinquish: [[]],
  }],
};

/** The rows by class and method. */
export const METHODS: ReadonlyMap<string, MethodRow> = new Map(
  Object.entries(CLASSES).flatMap(([name, [make, rows]]) =>
    Object.entries(rows).map(([method, [values, ...takes]]) =>
      [`${name}.${method}`, { good: () => ({ on: make(), values }), takes }] as const
    )
  ),
);
