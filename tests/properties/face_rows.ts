/**
 * The public face as rows: for every function and class that is exported, a call that is right, and which odd values each parameter takes.
 *
 * @module
 */

import { environmentOf } from "../../core/environment.ts";
import { decodeBootRecord } from "../../core/recording/boot_record.ts";
import { setupOf } from "../../core/setup.ts";
import * as T from "../library/every_part.ts";

/** Odd values by name: every kind that plain JavaScript can pass. */
export const ODD: { readonly [name: string]: unknown } = {
  undefined: undefined,
  null: null,
  true: true,
  NaN: NaN,
  negative: -1,
  fraction: 0.5,
  infinite: Infinity,
  huge: 2 ** 60,
  bigint: 5n,
  word: "nonsense",
  "empty text": "",
  symbol: Symbol("odd"),
  list: [],
  object: {},
  function: () => {},
  date: new Date(0),
  map: new Map(),
  promise: Promise.resolve({}),
  "no prototype": Object.create(null),
  "no text": { toString: null, valueOf: null },
};

/** A row: how it is called, and the odd values that each parameter takes as they are. */
export interface FaceRow {
  /** Arguments of a call that goes through, made anew. */
  readonly good: () => readonly unknown[];
  /** By parameter, the names of odd values that are right there. */
  readonly takes: readonly (readonly string[])[];
}

type Row = readonly [good: () => readonly unknown[], ...takes: readonly (readonly string[])[]];

/** A parameter that may be left out. */
export const NOTHING: readonly string[] = ["undefined"];
/** A 32-bit word. */
export const WORD: readonly string[] = ["negative"];
/** True or false. */
export const FLAG: readonly string[] = ["true"];
/** A function. */
export const FUNCTION: readonly string[] = ["function"];
/** Options that may be left out. */
export const OPTIONS: readonly string[] = ["undefined", "object", "no prototype"];
/** Any object: which fields it must have, depends on its use. */
const OBJECT: readonly string[] = ["object", "date", "map", "promise", "no prototype"];
/** An address, which may be a bigint. */
export const ADDRESS: readonly string[] = ["bigint"];

/** Memory of the machines. */
export const MEMORY = "16M";
const run = (platform = "native-p6"): T.Run => T.boot({ platform, strategy: "filter-set-pte", memory: MEMORY });
/** The options of a hypervisor for a small domain. */
export const xenOptions = (): T.HypervisorOptions => ({
  release: T.XEN_RELEASES["3.1"],
  mode: T.MODES.pae,
  cpu: T.CPUS.p6,
  guestPages: 0x2000,
  machineFrames: 0x3000,
  p2m: (pfn) => 0x1000 + pfn,
});
/** A CPU after reset, with 16M of memory. */
export const bareMachine = (): T.Machine => new T.Machine(T.CPUS.p6, new T.PhysicalMemory(2 ** 24));
const tables = (): T.Tables => T.tablesOf(run().machine);
const pte = T.MODES.pae.levels[2];
const saved = await T.saveState(run().machine, { name: "small", description: "" });
const RECORDING: Uint8Array = new TextEncoder().encode(
  [
    {
      kind: "page-table writes of a real kernel",
      kernel: "2.6.20",
      memory_mb: 16,
      mode: "two-level",
      cr0: "0x80010001",
    },
    { n: 10, who: "head.S", frame: 1, index: 768, value: "0x2067" },
  ].map((line, at) => JSON.stringify(at === 0 ? { ...line, roots: ["0x1000"], tables: { "0x1": 2, "0x2": 1 } } : line))
    .join("\n"),
);
/** A small recording. */
export const recording: T.Recording = await T.loadRecording(RECORDING);
/** A CPU, and lguest's host on it. */
export const lguest = (): readonly [T.Machine, T.LguestHost] => {
  const machine = new T.Machine(T.CPUS.pentium, new T.PhysicalMemory((0x1000 + T.SHADOW_FRAMES) * 4096));
  return [machine, new T.LguestHost(machine, 0x1000, 0xc000_0000)];
};
/** A kernel that is about to build its tables. */
function started(): T.Kernel {
  const { kernel, start } = environmentOf(
    setupOf({ platform: "native-p6", strategy: "write-always", memory: MEMORY }),
    undefined,
  );
  start();
  return kernel;
}
/** A kernel that has booted. */
export const kernel = (platform = "native-p6"): T.Kernel => run(platform).kernel;
const kernelParts = (): T.KernelParts => {
  const { layout, release, features, policy, mode, bus, ops } = kernel();
  return {
    bus,
    ops: () => ops,
    mode,
    bootMode: mode,
    layout,
    release,
    features,
    policy,
    peek: () => 0,
    trace: undefined,
    until: 0,
  };
};

const ROWS: { readonly [name: string]: Row } = {
  // verbs
  boot: [() => [{ platform: "native-486", strategy: "write-always", memory: MEMORY }], []],
  access: [() => [run(), 0xc010_0000, "write", {}], [], ADDRESS, NOTHING, OPTIONS],
  explain: [() => [run(), 0xc010_0000, "write", {}], [], ADDRESS, NOTHING, OPTIONS],
  audit: [() => [run(), {}], [], OPTIONS],
  matrix: [() => [{ memory: MEMORY }], OPTIONS],
  cellOf: [() => [run(), {}], [], OPTIONS],
  rowOf: [() => [run(), {}], [], OPTIONS],
  rowStop: [() => [{ kind: "until", message: "stopped", step: 3 }], []],
  voidReason: [() => [T.findStrategy("write-always"), T.findPlatform("xen-pae")], [], []],
  findPlatform: [() => ["xen-pae"], []],
  findStrategy: [() => ["write-always"], []],
  parseMemory: [() => ["64M"], []],
  machineOf: [() => [run()], ["list", ...OBJECT, "no text"]],
  // mmu
  PhysicalMemory: [() => [2 ** 24], []],
  Machine: [() => [T.CPUS.p6, new T.PhysicalMemory(2 ** 24)], [], []],
  Tlb: [() => []],
  toLinear: [() => [0xc000_0000], ADDRESS],
  parseAddress: [() => ["c0000000"], []],
  formatAddress: [() => [{ hi: 0, lo: 5 }], ADDRESS],
  frameOf: [() => [0x1063, 0], WORD, WORD],
  flagsOf: [() => [0x1063, 0, pte], WORD, WORD, NOTHING],
  leafFrame: [() => [T.MODES.pae, pte, 0x1063, 0, T.CPUS.p6], [], [], WORD, WORD, []],
  makeEntry: [() => [7, 0x63], [], []],
  makeLeaf: [() => [T.MODES.pae, pte, 7, 0x63], [], [], [], []],
  reservedBits: [() => [T.MODES.pae, pte, true, T.CPUS.p6, false, true], [], [], FLAG, [], FLAG, ["true", "undefined"]],
  pdpteReserved: [() => [T.CPUS.p6], []],
  patIndex: [() => [pte, 0x1063, T.CPUS.p6], [], WORD, []],
  protectionKey: [() => [0x2800_0000], WORD],
  formatFlags: [() => [0x63, 0, pte], WORD, WORD, NOTHING],
  indexAt: [() => [pte, 0, 0xc000_0000], [], WORD, WORD],
  isLeaf: [() => [pte, 0x63, T.CPUS.p6, true], [], WORD, [], FLAG],
  isCanonical: [() => [T.MODES["4-level"], 0], [], WORD],
  memoryType: [() => [T.PAT_RESET, 0, "WB"], [], [], NOTHING],
  selectMode: [() => [0x20, 0], WORD, WORD],
  // mapper
  FramePool: [() => [0x10, 0x20], [], []],
  mapPage: [
    () => [run().machine, 0xd000_0000, { frame: 5, flags: 0x63 }, new T.FramePool(0x800, 0x900)],
    [],
    ADDRESS,
    [],
    [],
  ],
  unmapPage: [() => [run().machine, 0xc010_0000, {}], [], ADDRESS, OPTIONS],
  protect: [() => [run().machine, 0xc010_0000, 0x61, {}], [], ADDRESS, WORD, OPTIONS],
  readEntry: [() => [run().machine, 0x480, 768], [], [], []],
  writeEntry: [() => [run().machine, 0x480, 5, { lo: 0, hi: 0 }], [], [], [], []],
  tableMode: [() => [run().machine], []],
  // tables and audit
  tablesOf: [() => [run().machine], []],
  tableUses: [() => [tables()], []],
  countLeaves: [() => [tables()], []],
  printLeaves: [() => [tables(), () => {}], [], FUNCTION],
  printLeafText: [() => [tables(), () => {}], [], FUNCTION],
  pageRanges: [() => [tables()], []],
  guestRanges: [() => [tables(), undefined], [], NOTHING],
  intendedRanges: [() => [run().machine.guest], []],
  // files
  saveState: [() => [run().machine, { name: "small", description: "" }], [], []],
  loadState: [() => [T.parseStateHeader(saved.header), saved.frameData], [], []],
  parseStateHeader: [() => [saved.header], []],
  // xen
  Hypervisor: [() => [xenOptions()], []],
  FrameTable: [() => [64], []],
  buildDomain: [() => [new T.Hypervisor(xenOptions()), {}], [], OPTIONS],
  formatLog: [() => ["mfn {mfn:x}", { mfn: 5 }], ["word", "empty text"], [...OBJECT, "no text"]],
  kindOfLog: [() => [T.XEN_RELEASES["3.1"].texts, "a line"], OBJECT, ["word", "empty text"]],
  formatTypeInfo: [() => [T.XEN_RELEASES["3.1"], 0], [], WORD],
  guestCpu: [() => [T.CPUS.k8], []],
  tableLevelOf: [() => [0], WORD],
  describeRefusal: [() => [refusal()], []],
  tableType: [() => [1], []],
  // recordings
  Recording: [() => [decodeBootRecord(RECORDING)], []],
  loadRecording: [() => [RECORDING], []],
  blame: [() => [recording, 0xc000_0000, {}], [], ADDRESS, OPTIONS],
  stepOf: [() => [recording, "end"], [], []],
  formatWriter: [() => [{ name: "set_pte", offset: 0 }], []],
  // hosts and operations
  LguestHost: [() => [bareMachine(), 0x800, 0xc000_0000], [], [], []],
  VmiHost: [() => [bareMachine()], []],
  LguestBus: [() => lguest(), [], []],
  NativeBus: [() => [bareMachine(), 1], [], []],
  XenBus: [() => [new T.Hypervisor(xenOptions())], []],
  nativeOps: [() => [bareMachine(), kernel()], [], []],
  lguestOps: [() => [...lguest(), kernel()], [], [], []],
  vmiOps: [() => [bareMachine(), new T.VmiHost(bareMachine()), kernel()], [], [], []],
  xenOps: [() => xenOpsArguments(), [], [], [], []],
  SpecialPages: [() => []],
  Stopped: [() => [{ kind: "remap", message: "a page is mapped twice" }], []],
  describeFault: [() => [{ vector: 13, errorCode: 0, reason: "no" }, false], [], ["undefined", "true"]],
  pageStructuresOf: [() => [kernel(), 5], ["list", ...OBJECT, "no text"], []],
  kernelLinear: [() => [kernel().bus, 0xc000_0000], [], WORD],
  // kernel
  Kernel: [() => [kernelParts()], []],
  Bootmem: [() => [kernel().bus, kernel().layout, 0x500, "lowest-first"], [], [], [], []],
  Stores: [() => []],
  Trace: [() => []],
  layoutOf: [() => [T.ADDRESS_SPACES.native, T.MODES.pae, 2 ** 24, 0x50_0000, {}], [], [], [], [], OPTIONS],
  usablePages: [() => ["pc", 2 ** 24, []], [], [], ["undefined", "list"]],
  fixmapSlots: [() => [T.DEFAULT_CONFIG], []],
  buildBootTables: [() => [bareMachine(), kernel().layout, T.KERNEL_RELEASES["2.6.22"], 1], [], [], [], []],
  bootKernel: [() => [kernel(), () => {}], [], FUNCTION],
  pagingInit: [() => [started()], []],
  pagetableInit: [() => [started()], []],
  mapSmall: [() => [run().at(0).kernel, 0xc048_0c00, 0, 0, false], [], [], [], [], ["undefined", "true"]],
  MemMap: [() => [kernel().bus, 0xc0f0_0000, 0x1000], [], [], []],
  memMapPages: [() => [0x1000], []],
  zoneSizesInit: [() => [kernel()], []],
  testWpBit: [() => [kernel()], []],
  zapLowMappings: [() => [kernel()], []],
  // strategies
  maskRw: [() => [0x1061, 0x1063], WORD, WORD],
  pgtBufOf: [() => [T.boot({ platform: "native-p6", strategy: "table-range", memory: MEMORY }).kernel], []],
};

function refusal(): unknown {
  const { outcome } = T.boot({ platform: "xen-pae", strategy: "write-always", memory: MEMORY });
  if (outcome.ok || outcome.stop.kind !== "refused-by-xen") throw new Error("write-always boots on xen-pae");
  return outcome.stop.refusal;
}

function xenOpsArguments(): readonly unknown[] {
  const xen = new T.Hypervisor(xenOptions());
  const options = { allocPdReadOnly: false, makePteKeepsNx: true, initSetPte: undefined };
  return [xen, T.buildDomain(xen), kernel("xen-pae"), options];
}

/** The rows by name. */
export const FACE: ReadonlyMap<string, FaceRow> = new Map(
  Object.entries(ROWS).map(([name, [good, ...takes]]) => [name, { good, takes }]),
);
