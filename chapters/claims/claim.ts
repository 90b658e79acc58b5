/**
 * A claim of the mail, and the experiment that tests it.
 *
 * @module
 */

/** What an experiment can say about a claim. */
export type ClaimVerdict = "shown" | "refuted" | "shown for another reason" | "cannot be decided here";

/** What stands behind a row: said in the mail, read in code or a record, inferred by us. */
export type Evidence = "said in the mail" | "verified" | "inferred";

/** What an experiment says: plain data, so that it can be compared. */
export type Said = string | number | boolean | readonly Said[];

/** One claim. */
export interface Claim {
  /** Stable id, `C1` and so on, in the order of the mail. */
  readonly id: string;
  /** Who says it. What Eric Biederman says is known as the mail quotes or sums it up. */
  readonly who: string;
  /** The claim in our words. */
  readonly claim: string;
  /** What follows from it that can be seen. */
  readonly predicts: string;
  /** How it is tested: a cell of the matrix, a property, a recorded boot. */
  readonly experiment: string;
  /** Does it; nothing where no experiment can decide. */
  readonly run?: () => Said | Promise<Said>;
  /** What the experiment says. */
  readonly says?: Said;
  /** What follows for the claim, and why nothing follows where no experiment can decide. */
  readonly because: string;
  /** The verdict. */
  readonly verdict: ClaimVerdict;
  /** What the row rests on. */
  readonly evidence: Evidence;
  /** Folder of the chapter that tells it. */
  readonly chapter: string;
}

/** A claim that was tried. */
export interface Tried {
  /** The claim. */
  readonly claim: Claim;
  /** What the experiment says now; undefined where there is none. */
  readonly found: Said | undefined;
  /** Whether that is what the row says. */
  readonly holds: boolean;
}

/**
 * Does the experiment of a claim.
 *
 * @param claim The claim.
 * @returns What it says now, and whether the row still says so.
 */
export async function tryClaim(claim: Claim): Promise<Tried> {
  const found = await claim.run?.();
  return { claim, found, holds: JSON.stringify(found) === JSON.stringify(claim.says) };
}
