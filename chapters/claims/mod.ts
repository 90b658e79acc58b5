/**
 * The debate as data: every claim of the mail of 28 April 2007, what it predicts, and the experiment that tests it.
 *
 * @module
 */

import type { Claim } from "./claim.ts";
import { CLOSING_CLAIMS } from "./closing.ts";
import { PATCH_CLAIMS } from "./patch.ts";
import { PROPOSAL_CLAIMS } from "./proposals.ts";
import { TEMPLATE_CLAIMS } from "./template.ts";

export { claimsPage, countVerdicts, saidText } from "./page.ts";
export { type Claim, type ClaimVerdict, type Evidence, type Said, type Tried, tryClaim } from "./claim.ts";

/** The claims, in the order of the mail. */
export const CLAIMS: readonly Claim[] = Object.freeze([
  ...PATCH_CLAIMS,
  ...PROPOSAL_CLAIMS,
  ...TEMPLATE_CLAIMS,
  ...CLOSING_CLAIMS,
]);
