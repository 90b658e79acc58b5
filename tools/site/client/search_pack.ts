/**
 * The index of the search as a small text: a line for each term, with the distance from each section that has it to the next.
 *
 * @module
 */

/** The index as the search library writes it: a term, and how often each section has it, by field. */
type Postings = Readonly<Record<string, Readonly<Record<string, number>>>>;

interface Serialized {
  readonly index: readonly (readonly [term: string, postings: Postings])[];
}

/** Fields of a section that are searched: title and text. */
const FIELDS = ["0", "1"] as const;

/**
 * Packs an index.
 *
 * @param json What `MiniSearch` serializes to.
 * @returns Text for `unpackIndex`.
 */
export function packIndex(json: string): string {
  const { index, ...rest } = JSON.parse(json) as Serialized;
  const terms = [...index].sort(([a], [b]) => a < b ? -1 : 1);
  const lines = terms.map(([term, postings]) => [term, ...FIELDS.map((field) => packed(postings[field]))].join(" "));
  return [JSON.stringify(rest), ...lines].join("\n");
}

function packed(counts: Readonly<Record<string, number>> = {}): string {
  let before = 0;
  return Object.entries(counts).map(([section, count]) => {
    const distance = Number(section) - before;
    before = Number(section);
    return `${distance.toString(36)}${count === 1 ? "" : `*${count}`}`;
  }).join(",");
}

/**
 * Unpacks an index.
 *
 * @param text What `packIndex` returned.
 * @returns JSON for `MiniSearch.loadJSON`.
 */
export function unpackIndex(text: string): string {
  const [rest = "{}", ...lines] = text.split("\n");
  const index = lines.map((line) => {
    const [term = "", ...fields] = line.split(" ");
    const postings = FIELDS.flatMap((field, at) =>
      fields[at] === undefined || fields[at] === "" ? [] : [[field, unpacked(fields[at])]]
    );
    return [term, Object.fromEntries(postings)];
  });
  return JSON.stringify({ ...JSON.parse(rest), index });
}

function unpacked(text: string): Record<string, number> {
  let section = 0;
  return Object.fromEntries(
    text.split(",").map((piece) => {
      const [distance = "", count = "1"] = piece.split("*");
      section += parseInt(distance, 36);
      return [section, Number(count)];
    }),
  );
}
