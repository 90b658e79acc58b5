/**
 * Page faults and #GP, as values.
 *
 * @module
 */

import type { Linear } from "./address.ts";

/**
 * The kind of an access. A read that also writes (`xchg`) counts as a write.
 *
 * @category Types
 */
export type AccessKind = "read" | "write" | "fetch";

/** An access: its kind and its privilege. Ring 1 counts as supervisor. */
export interface Access {
  /** Kind of the access. */
  readonly kind: AccessKind;
  /** Whether the access is made from CPL 3. */
  readonly user: boolean;
}

/** The causes of a page fault, in the order in which the CPU checks them. */
export type PageFaultReason =
  | "not-present"
  | "reserved-bit"
  | "supervisor-only"
  | "write-protected"
  | "no-execute"
  | "smep"
  | "smap"
  | "protection-key";

/**
 * #PF: the present tables do not allow the access.
 *
 * Source: Intel SDM vol. 3A, section 4.7.
 */
export interface PageFault {
  /** 14. */
  readonly vector: 14;
  /** Error code as pushed by the CPU: the `PF_…` bits. */
  readonly errorCode: number;
  /** The linear address, as CR2 gets it. */
  readonly cr2: Linear;
  /** Why. */
  readonly reason: PageFaultReason;
  /** The entry that stopped the walk or revoked the right. */
  readonly entry: string;
}

/** #GP(0): an address that is not canonical, or a register value that the CPU refuses. */
export interface GeneralProtection {
  /** 13. */
  readonly vector: 13;
  /** Always 0 here. */
  readonly errorCode: 0;
  /** Why. */
  readonly reason: string;
}

/**
 * A fault of the emulated CPU.
 *
 * @category Types
 */
export type Fault = PageFault | GeneralProtection;

/**
 * A #GP(0) value.
 *
 * @param reason Why, for people.
 * @returns The fault.
 */
export function generalProtection(reason: string): GeneralProtection {
  return { vector: 13, errorCode: 0, reason };
}
