import { assert, assertEquals } from "@std/assert";
import { Machine, PF_P, PF_RSVD, PhysicalMemory } from "../../core/mmu/mod.ts";
import { CONDITION_SPACES, CONDITIONS, decode } from "../../tools/matrix/conditions.ts";
import { joinResults, runMatrix } from "../../tools/matrix/run.ts";
import { MATRIX_SPACES, matrixOf } from "../../tools/matrix/spaces.ts";

/** Every 83rd case: a prime that divides no radix of the numbering, so that every condition meets every other. */
const STRIDE = 83;

const MATRICES = MATRIX_SPACES.map(matrixOf);
const FREE = 2 ** 5 * 2 ** 5; // W U A D P of PDE and PTE

function matrix(id: string) {
  const found = MATRICES.find(({ space }) => space.id === id);
  if (!found) throw new Error(`Expected a matrix but found ${id}`);
  return found;
}

Deno.test("a long mode has 19,169,280 cases: accesses, keys, WP and PDPTE, flags, and what may be reserved", () => {
  const accesses = 2 * 2 * 3; // user, twice; read, write or fetch
  const keys = 2 + 2 ** 3; // without CR4.PKE the key alone; with it the key, AD and WD
  const wpAndPdpte = 2 * 2;
  const withNxe = 2 ** 2 * (3 + 4); // NX twice; no or one reserved bit: two places, with PS three
  const withoutNxe = 5 + 6; // NX is one more reserved bit, in two places
  assertEquals(withNxe + withoutNxe, 39);
  const cases = accesses * keys * wpAndPdpte * FREE * (withNxe + withoutNxe);
  assertEquals(cases, 19_169_280);
  assertEquals([matrix("4-level").size, matrix("5-level").size], [cases, cases]);
});

Deno.test("PAE has 34,799,616 cases: no keys and no rights in a PDPTE, but SMEP, SMAP, CR4.PSE and a PDPTE that is gone", () => {
  const accesses = 2 * 2 * 3;
  const supervisor = 2 * 3; // SMEP; no SMAP, SMAP, SMAP with AC
  const wpPseAndGone = 2 * 2 * 2;
  const withNxe = 2 ** 2 * (5 + 6); // bits 51 and 52 of either entry; with PS bit 13 as well
  const withoutNxe = 7 + 8;
  const cases = accesses * supervisor * wpPseAndGone * FREE * (withNxe + withoutNxe);
  assertEquals(cases, 34_799_616);
  assertEquals(matrix("pae").size, cases);
});

Deno.test("two-level paging has 2,654,208 cases: reserved bits only in a page of 4M, and NXE changes nothing", () => {
  const accesses = 2 * 2 * 3;
  const supervisor = 2 * 3;
  const wpAndNxe = 2 * 2;
  const shapes = 2 + 1 + 2 * 3; // no PS, either CR4.PSE; PS without CR4.PSE; PS with it: bit 13, and no or one of 17, 21
  const cases = accesses * supervisor * wpAndNxe * FREE * shapes;
  assertEquals(cases, 2_654_208);
  assertEquals(matrix("two-level").size, cases);
});

Deno.test("every rule of legality is the only one against some case", () => {
  for (const space of Object.values(CONDITION_SPACES)) {
    const needed = new Set<string>();
    for (let vector = 0; vector < 2 ** space.conditions.length; vector += 1) {
      const conditions = decode(space, vector);
      const against = space.illegal.filter(({ holds }) => holds(conditions));
      if (against.length === 1 && against[0]) needed.add(against[0].why);
      if (needed.size === space.illegal.length) break;
    }
    assertEquals([...needed].sort(), space.illegal.map(({ why }) => why).sort());
  }
});

Deno.test("every condition is met both ways, in each matrix that has it", () => {
  for (const { space, vectors } of MATRICES) {
    const all = 2 ** space.conditions.conditions.length - 1;
    assertEquals(vectors.reduce((met, vector) => met | vector, 0), all);
    assertEquals(vectors.reduce((met, vector) => met | (vector ^ all), 0), all);
  }
  const used = Object.values(CONDITION_SPACES).flatMap(({ conditions }) => conditions);
  assertEquals([...new Set(used)].sort(), [...CONDITIONS].sort());
});

Deno.test("of all matrices every 83rd case, 0.9 million, agrees with the rules", () => {
  const results = MATRICES.map((matrix) => runMatrix(matrix, { first: 0, end: matrix.size, stride: STRIDE }));
  const all = joinResults(results);
  assertEquals(all.shown, []);
  assertEquals(all.differences, 0);
  assertEquals(all.cases, 913_164);
  assert(results.every(({ cases, successes }) => successes > cases / 20 && successes < cases / 5));
});

Deno.test("a machine that forgets P beside RSVD fails the matrix, in nothing else", () => {
  class WithoutP extends Machine {
    override translate(hi: number, lo: number, access: number): number {
      const answer = super.translate(hi, lo, access);
      return answer < 0 && ((-1 - answer) & PF_RSVD) !== 0 ? answer + PF_P : answer;
    }
  }
  const { differences, shown } = runMatrix(
    matrix("4-level"),
    { first: 0, end: 2 ** 20, stride: 11 },
    ({ cpu }) => new WithoutP(cpu, new PhysicalMemory(2 ** 25)),
  );
  assert(differences > 1_000);
  for (const line of shown) assert(/expected #PF (9|d) .* but found #PF (8|c)$/.test(line), line);
});

Deno.test("a machine that sets A while it faults fails the matrix", () => {
  class MarksOnFault extends Machine {
    override translate(hi: number, lo: number, access: number): number {
      const answer = super.translate(hi, lo, access);
      if (answer < 0) this.memory.write(0x10, 0x0d4 * 2, this.memory.read(0x10, 0x0d4 * 2) | 0x20);
      return answer;
    }
  }
  const { differences } = runMatrix(
    matrix("4-level"),
    { first: 0, end: 2 ** 20, stride: 97 },
    ({ cpu }) => new MarksOnFault(cpu, new PhysicalMemory(2 ** 25)),
  );
  assert(differences > 1_000);
});
