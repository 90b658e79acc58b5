/**
 * The index of the search as a small text: a line for each section, then one for each term, with the distance from each section that has it to
 * the next.
 *
 * @module
 */

/** The index as the search library writes it: a term, and how often each section has it, by field. */
type Postings = Readonly<Record<string, Readonly<Record<string, number>>>>;

interface Serialized {
  readonly documentCount: number;
  readonly documentIds: Readonly<Record<string, string>>;
  readonly storedFields: Readonly<Record<string, { readonly title: string; readonly page: string }>>;
  readonly fieldLength: Readonly<Record<string, readonly number[]>>;
  readonly index: readonly (readonly [term: string, postings: Postings])[];
}

/** Fields of a section that are searched: title and text. */
const FIELDS = ["0", "1"] as const;

/** An anchor that its title gives away. */
const SAME = "=";

/**
 * Packs an index.
 *
 * @param json What `MiniSearch` serializes to; its sections are numbered from 0.
 * @returns Text for `unpackIndex`.
 */
export function packIndex(json: string): string {
  const { index, documentIds, storedFields, fieldLength, ...rest } = JSON.parse(json) as Serialized;
  let before = { file: "", page: "" };
  const sections = Array.from({ length: rest.documentCount }, (_, number) => {
    const { title = "", page = "" } = storedFields[number] ?? {};
    const [file = "", anchor = ""] = (documentIds[number] ?? "").split("#");
    const line = [
      file === before.file ? "" : file,
      anchor === slugOf(title) ? SAME : anchor,
      title,
      page === before.page ? "" : page,
      ...fieldLength[number] ?? [],
    ];
    before = { file, page };
    return line.join("\t");
  });
  const terms = [...index].sort(([a], [b]) => a < b ? -1 : 1);
  const lines = terms.map(([term, postings]) => [term, ...FIELDS.map((field) => packed(postings[field]))].join(" "));
  return [JSON.stringify(rest), ...sections, ...lines].join("\n");
}

function slugOf(title: string): string {
  return title.toLowerCase().replace(/[^\p{L}\p{N}_ -]/gu, "").replaceAll(" ", "-");
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
  const [head = "{}", ...lines] = text.split("\n");
  const rest = JSON.parse(head) as Pick<Serialized, "documentCount">;
  const sections = unpackedSections(lines.slice(0, rest.documentCount));
  const index = lines.slice(rest.documentCount).map((line) => {
    const [term = "", ...fields] = line.split(" ");
    const postings = FIELDS.flatMap((field, at) =>
      fields[at] === undefined || fields[at] === "" ? [] : [[field, unpacked(fields[at])]]
    );
    return [term, Object.fromEntries(postings)];
  });
  return JSON.stringify({ ...rest, ...sections, index });
}

function unpackedSections(lines: readonly string[]): Pick<Serialized, "documentIds" | "storedFields" | "fieldLength"> {
  let [file, page] = ["", ""];
  const sections = lines.map((line) => {
    const [newFile = "", anchor = "", title = "", newPage = "", ...lengths] = line.split("\t");
    file = newFile || file;
    page = newPage || page;
    const slug = anchor === SAME ? slugOf(title) : anchor;
    return { id: slug === "" ? file : `${file}#${slug}`, stored: { title, page }, lengths: lengths.map(Number) };
  });
  return {
    documentIds: Object.fromEntries(sections.map(({ id }, at) => [at, id])),
    storedFields: Object.fromEntries(sections.map(({ stored }, at) => [at, stored])),
    fieldLength: Object.fromEntries(sections.map(({ lengths }, at) => [at, lengths])),
  };
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
