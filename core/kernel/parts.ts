/**
 * The parts that a kernel is made of.
 *
 * @module
 */

import { callable, type Check, flag, number, shape } from "../check.ts";
import type { Mode } from "../mmu/mod.ts";
import { modeShape } from "../mmu/shapes.ts";
import type { Bus, PvOps } from "../paravirt/ops.ts";
import { busShape } from "../paravirt/shapes.ts";
import type { TraceWriter } from "../trace/mod.ts";
import type { Kernel } from "./kernel.ts";
import type { Layout } from "./layout.ts";
import type { Policy } from "./policy.ts";
import type { KernelRelease } from "./releases.ts";

/** The CPU features that the kernel finds by CPUID. Xen hides PSE and PGE (trap T14). */
export interface CpuFeatures {
  /** CR4.PSE: large pages. */
  readonly pse: boolean;
  /** CR4.PGE: global pages. */
  readonly pge: boolean;
  /** Execute-disable. */
  readonly nx: boolean;
}

/** The parts of a kernel. */
export interface KernelParts {
  /** Memory through the CPU. */
  readonly bus: Bus;
  /** Paging mode of the tables that it builds. */
  readonly mode: Mode;
  /** Paging mode of the boot tables: two-level for a native PAE kernel. */
  readonly bootMode: Mode;
  /** Addresses of lowmem, fixmap and image. */
  readonly layout: Layout;
  /** Linux release whose behaviour it has. */
  readonly release: KernelRelease;
  /** CPU features that it sees; Xen hides PSE and PGE (trap T14). */
  readonly features: CpuFeatures;
  /** The strategy's part of the kernel. */
  readonly policy: Policy;
  /** Makes the operations that it calls: the back-end of its platform. */
  readonly ops: (kernel: Kernel) => PvOps;
  /** pfn of the root table at the kernel's start; `swapper_pg_dir` unless said otherwise. */
  readonly root?: number;
  /** Whether it has `early_ioremap` even if its release lacks it. No kernel of 2007 had it. */
  readonly earlyIoremap?: boolean;
  /** Reads a word of a page by pfn, as a debugger would: no walk, no marks. */
  readonly peek: (pfn: number, word: number) => number;
  /** The trace that records the writes; undefined for a boot without one. */
  readonly trace: TraceWriter | undefined;
  /** Stop after this many writes. */
  readonly until: number;
}

/** The check of the parts. */
export const partsShape: Check = shape("what a kernel is made of (KernelParts)", {
  bus: busShape,
  ops: callable,
  mode: modeShape,
  bootMode: modeShape,
  layout: shape("a layout (layoutOf)", { pageOffset: number, kernelEnd: number }),
  release: shape("a kernel release", { setupHooks: flag }),
  features: shape("CPU features", { pse: flag, pge: flag, nx: flag }),
  policy: shape("a policy", { mapPage: callable, mapLargePage: callable }),
  peek: callable,
  until: number,
});
