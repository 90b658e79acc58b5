/**
 * The expected outcome of a case: a rule set of its own, written from the manual's rules over conditions rather than over bits of
 * entries. It shares nothing with `core/`.
 *
 * @module
 */
import type { Conditions } from "./conditions.ts";

/** Flags of an entry as cases count them. */
export const FLAG_W = 1;
export const FLAG_U = 2;
export const FLAG_A = 4;
export const FLAG_D = 8;
export const FLAG_P = 16;

/** The parts of a page-fault error code. */
const CODE = { p: 1, w: 2, u: 4, rsvd: 8, i: 16, pk: 32 };

/** The outcome of an access: `code` is the error code of its page fault, or -1; the flags are those afterwards. */
export interface Expected {
  readonly code: number;
  readonly pde: number;
  readonly pte: number;
}

/** The facts of a vector that do not depend on the flags of its entries. */
export interface CaseFacts {
  readonly conditions: Conditions;
  /** The PDE maps a page. */
  readonly large: boolean;
  readonly pdeReserved: boolean;
  readonly pteReserved: boolean;
  /** A fetch says so in the error code. */
  readonly fetchTold: boolean;
}

interface Kind {
  readonly user: boolean;
  readonly write: boolean;
  readonly fetch: boolean;
}

const SUPERVISOR_READ: Kind = { user: false, write: false, fetch: false };

/**
 * The facts of a vector. Entries of 4 bytes (`wide` false) have no NX bit, and in them PS needs CR4.PSE and bit 13 is an address.
 */
export function caseFacts(conditions: Conditions, wide: boolean): CaseFacts {
  const { pdePs, pse, nxe, pteNx, pdeNx, pte51, pte52, pde51, pde52, pde13, pde17, pde21, smep } = conditions;
  const large = pdePs && (wide || pse);
  const reservedInPage = large && ((wide && pde13) || pde17 || pde21);
  return {
    conditions,
    large,
    pdeReserved: pde51 || pde52 || (pdeNx && !nxe) || reservedInPage,
    pteReserved: pte51 || pte52 || (pteNx && !nxe),
    fetchTold: smep || (wide && nxe),
  };
}

/** The outcome of a case. `twice` makes a supervisor read first, whatever its outcome. */
export function expected(facts: CaseFacts, pde: number, pte: number): Expected {
  if (!facts.conditions.twice) return judge(facts, facts.conditions, pde, pte);
  const first = judge(facts, SUPERVISOR_READ, pde, pte);
  return judge(facts, facts.conditions, first.pde, first.pte);
}

/** One access. A fault leaves every flag as it was: the choice that Bochs and this book make. */
function judge(facts: CaseFacts, kind: Kind, pde: number, pte: number): Expected {
  const { large } = facts;
  const asked = (kind.write ? CODE.w : 0) | (kind.user ? CODE.u : 0) | (kind.fetch && facts.fetchTold ? CODE.i : 0);
  const fault = (code: number): Expected => ({ code: asked | code, pde, pte });
  if ((pde & FLAG_P) === 0) return fault(0);
  if (facts.pdeReserved) return fault(CODE.p | CODE.rsvd);
  if (!large && (pte & FLAG_P) === 0) return fault(0);
  if (!large && facts.pteReserved) return fault(CODE.p | CODE.rsvd);
  const rights = large ? pde : pde & pte;
  const keyed = keyDenies(facts.conditions, kind, rights);
  if (keyed || rightsDeny(facts, kind, rights)) return fault(CODE.p | (keyed ? CODE.pk : 0));
  const leaf = FLAG_A | (kind.write ? FLAG_D : 0);
  return large ? { code: -1, pde: pde | leaf, pte } : { code: -1, pde: pde | FLAG_A, pte: pte | leaf };
}

function rightsDeny({ conditions: c, large }: CaseFacts, kind: Kind, rights: number): boolean {
  const userPage = (rights & FLAG_U) !== 0;
  const writable = (rights & FLAG_W) !== 0 && !c.pdpteReadOnly;
  if (kind.user && !userPage) return true;
  if (kind.fetch && (c.pdeNx || (!large && c.pteNx))) return true;
  if (kind.fetch) return !kind.user && userPage && c.smep;
  if (!kind.user && userPage && c.smap && !c.ac) return true;
  return kind.write && !writable && (kind.user || c.wp);
}

/** A key counts for data in user pages: AD stops all, WD stops writes, but not the supervisor's while WP is clear. */
function keyDenies(c: Conditions, kind: Kind, rights: number): boolean {
  if (!c.pke || !c.key || kind.fetch || (rights & FLAG_U) === 0) return false;
  return c.keyAd || (c.keyWd && kind.write && (kind.user || c.wp));
}
