/* The tables and the accesses of the benchmark. */
#include "layout.h"
#include "machine.h"
#include <string.h>

const struct layout LOWMEM_PAE = {0xc0000000, LOWMEM_PAGES, 12};
const struct layout LOWMEM_4LEVEL = {UINT64_C(0xffff888000000000), LOWMEM_PAGES, 12};
const struct layout LARGE_4LEVEL = {UINT64_C(0xffff888000000000), LARGE_PAGES, 21};

enum { G = 0x100, TABLE = P | RW | US | A | D, LEAF = P | RW | A | D | G };

/* The leaf of the n-th page: one page in 75 is read-only, all in a row, and two map a frame that is not theirs. */
static uint64_t leaf(uint32_t n, const struct layout *layout) {
  uint64_t frame = (uint64_t)n << (layout->shift - 12);
  uint64_t flags = layout->shift == 12 ? LEAF : LEAF | PS;
  if (n >= FIRST_READ_ONLY && n < FIRST_READ_ONLY + layout->pages / 75) flags &= ~(uint64_t)RW;
  if (n == 10000 || n == 20000) frame += UINT64_C(1) << (layout->shift - 12);
  return frame << 12 | flags | (frame < TEXT_END ? 0 : NX);
}

static uint64_t *table(struct machine *m, uint32_t frame) { return m->memory + (uint64_t)frame * 512; }

static void clear(struct machine *m) { memset(m->memory, 0, (uint64_t)MEMORY_FRAMES * 4096); }

/* Tables of the last level for a whole layout, the first one in `frame`. */
static void fill_leaves(struct machine *m, uint32_t frame, const struct layout *layout) {
  for (uint32_t n = 0; n < layout->pages; n++) table(m, frame)[n] = leaf(n, layout);
}

/* One entry for each of `count` tables from frame `to` on; they continue in the following frames. */
static void fill_pointers(struct machine *m, uint32_t frame, uint32_t first, uint32_t to, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) table(m, frame)[first + i] = (uint64_t)(to + i) << 12 | TABLE;
}

void build_pae(struct machine *m) {
  clear(m);
  table(m, FIRST_TABLE)[3] = (uint64_t)(FIRST_TABLE + 1) << 12 | P;
  fill_pointers(m, FIRST_TABLE + 1, 0, FIRST_TABLE + 2, LOWMEM_PAGES / 512);
  fill_leaves(m, FIRST_TABLE + 2, &LOWMEM_PAE);
  memcpy(m->pdpte, table(m, FIRST_TABLE), sizeof m->pdpte);
  m->reserved = UINT64_C(0x7fffff0000000000); /* 40 physical bits, and PAE reserves 62..52 */
}

void build_4level(struct machine *m, const struct layout *layout) {
  uint32_t last = (layout->pages + 511) / 512, directories = layout->shift == 12 ? 1 : last;
  clear(m);
  fill_pointers(m, FIRST_TABLE, layout->linear >> 39 & 511, FIRST_TABLE + 1, 1);
  fill_pointers(m, FIRST_TABLE + 1, 0, FIRST_TABLE + 2, directories);
  if (layout->shift == 12) fill_pointers(m, FIRST_TABLE + 2, 0, FIRST_TABLE + 3, last);
  fill_leaves(m, layout->shift == 12 ? FIRST_TABLE + 3 : FIRST_TABLE + 2, layout);
  m->root = (uint64_t)FIRST_TABLE << 12;
  m->reserved = 0; /* 52 physical bits */
}

static uint64_t access_to(const struct layout *layout, uint32_t page, uint32_t write) {
  return layout->linear + ((uint64_t)page << layout->shift) + write;
}

void sequential(uint64_t *accesses, const struct layout *layout, uint32_t pages) {
  for (uint32_t i = 0; i < ACCESSES; i++) accesses[i] = access_to(layout, i % pages, i & 1);
}

/* xorshift32 */
void scattered(uint64_t *accesses, const struct layout *layout, uint32_t pages) {
  uint32_t x = 20070428;
  for (uint32_t i = 0; i < ACCESSES; i++) {
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    accesses[i] = access_to(layout, x % pages, x >> 31);
  }
}
