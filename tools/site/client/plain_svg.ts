/**
 * A drawing as one picture for those who listen: what it shows is said once, not mark by mark.
 *
 * @module
 */

/** The drawing without roles and labels of its own; the element around it has them. */
export function withoutLabels(svg: string): string {
  return svg.replace(/ role="img"| aria-[a-z]+="[^"]*"/g, "");
}
