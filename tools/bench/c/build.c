/*
 * The kernel's direct map, built through a table of operations: every store goes through the MMU, every leaf through the strategy's
 * function and `set_pte`, as in core/kernel and core/paravirt. The kernel runs on a boot map of the first 16M.
 *
 * What core/ does by design is done here too: the entry is reached by its linear address, through TLB or walk with the permission check and
 * the A and D bits; a frame beyond the memory is not written; each write is counted, and may be the last or be traced.
 */
#include "jobs.h"
#include "layout.h"
#include "machine.h"
#include <stdlib.h>
#include <string.h>

enum { PAGE_KERNEL = P | RW | A | D | 0x100, PAGE_TABLE = P | RW | US | A | D };
enum { BOOT_PAGES = MEMORY_FRAMES, BOOT_TABLES = 0xf00, ROOT = 0x500, FIRST_FREE = 0x501, STRATEGIES = 5 };
#define PAGE_OFFSET UINT32_C(0xc0000000)

struct kernel;
typedef void entry_writer(struct kernel *k, uint32_t entry, uint32_t lo, uint32_t hi);

struct ops {
  entry_writer *set_pte, *set_pmd;
  void (*alloc_pt)(struct kernel *k, uint32_t pfn);
  uint32_t (*to_machine)(uint32_t pfn);
  uint32_t (*page_permissions)(uint32_t pfn, uint32_t flags);
  struct range { uint32_t first, end, flags; } special[4];
  unsigned specials;
};

typedef void map_page(struct kernel *k, uint32_t entry, uint32_t pfn, uint32_t flags, int nx);

struct kernel {
  struct machine *m;
  struct ops ops;
  map_page *map_page;
  uint8_t taken[LOWMEM_PAGES]; /* bootmem's map */
  uint64_t step, until;
  void *trace;
};

/* Memory as the kernel sees it. */
static uint32_t *word_at(struct kernel *k, uint32_t address, unsigned access) {
  int64_t frame = translate_pae(k->m, address, access);
  if (frame < 0 || frame >= MEMORY_FRAMES) abort();
  return (uint32_t *)k->m->memory + frame * 1024 + (address & 0xfff) / 4;
}

static uint32_t load(struct kernel *k, uint32_t address) { return *word_at(k, address, READ); }

static void store_entry(struct kernel *k, uint32_t entry, uint32_t lo, uint32_t hi) {
  uint32_t *word = word_at(k, entry, WRITE);
  word[1] = hi;
  word[0] = lo;
}

/* Native operations. */
static void alloc_nothing(struct kernel *k, uint32_t pfn) { (void)k, (void)pfn; }
static uint32_t same_frame(uint32_t pfn) { return pfn; }
static uint32_t same_flags(uint32_t pfn, uint32_t flags) { return (void)pfn, flags; }

static void write_entry(struct kernel *k, uint32_t entry, uint32_t pfn, uint32_t flags, int nx, entry_writer *write) {
  uint32_t frame = k->ops.to_machine(pfn);
  if (++k->step > k->until || k->trace) abort();
  write(k, entry, frame << 12 | flags, frame >> 20 | (nx ? UINT32_C(1) << 31 : 0));
}

static void set_pte(struct kernel *k, uint32_t entry, uint32_t pfn, uint32_t flags, int nx) {
  write_entry(k, entry, pfn, flags, nx, k->ops.set_pte);
}

/* The strategies' parts. */
static void write_always(struct kernel *k, uint32_t entry, uint32_t pfn, uint32_t flags, int nx) {
  set_pte(k, entry, pfn, flags, nx);
}

static void ask_callback(struct kernel *k, uint32_t entry, uint32_t pfn, uint32_t flags, int nx) {
  set_pte(k, entry, pfn, k->ops.page_permissions(pfn, flags), nx);
}

static void query_special(struct kernel *k, uint32_t entry, uint32_t pfn, uint32_t flags, int nx) {
  for (unsigned i = 0; i < k->ops.specials; i++)
    if (pfn >= k->ops.special[i].first && pfn < k->ops.special[i].end) flags |= k->ops.special[i].flags;
  set_pte(k, entry, pfn, flags, nx);
}

static void keep_template(struct kernel *k, uint32_t entry, uint32_t pfn, uint32_t flags, int nx) {
  if (!(load(k, entry) & P)) set_pte(k, entry, pfn, flags, nx);
}

/* Natively `filter-set-pte` has nothing to filter, and `table-range` nothing to look up. */
static map_page *const MAP_PAGE[STRATEGIES] = {write_always, ask_callback, query_special, keep_template, write_always};

/* The lowest free page, zeroed through its lowmem address. */
static uint32_t alloc_table_page(struct kernel *k) {
  uint32_t pfn = FIRST_FREE;
  while (k->taken[pfn]) pfn++;
  k->taken[pfn] = 1;
  memset(word_at(k, PAGE_OFFSET + (pfn << 12), WRITE), 0, 4096);
  return pfn;
}

static uint32_t table_at(struct kernel *k, uint32_t entry) {
  return PAGE_OFFSET + ((load(k, entry + 4) & 0xff) << 20 | load(k, entry) >> 12 << 12);
}

static uint32_t table_for(struct kernel *k, uint32_t pmd) {
  if (!(load(k, pmd) & P)) {
    uint32_t pfn = alloc_table_page(k);
    k->ops.alloc_pt(k, pfn);
    write_entry(k, pmd, pfn, PAGE_TABLE, 0, k->ops.set_pmd);
  }
  return table_at(k, pmd);
}

static void map_table(struct kernel *k, uint32_t pmd, uint32_t first) {
  uint32_t entry = table_for(k, pmd);
  for (uint32_t pfn = first; pfn < first + 512; pfn++, entry += 8)
    k->map_page(k, entry, pfn, PAGE_KERNEL, pfn >= TEXT_END);
}

/* The boot map: PAGE_OFFSET on, 4K pages, in tables that no other will reach. */
static void boot(struct kernel *k) {
  const uint64_t tables = BOOT_TABLES;
  struct machine *m = k->m;
  memset(m->memory, 0, (uint64_t)MEMORY_FRAMES * 4096);
  for (uint64_t i = 0; i < BOOT_PAGES; i++) {
    m->memory[(tables + 1) * 512 + i] = i << 12 | PAGE_KERNEL;
    m->memory[tables * 512 + i / 512] = (tables + 1 + i / 512) << 12 | PAGE_TABLE;
  }
  memset(m->pdpte, 0, sizeof m->pdpte);
  m->pdpte[3] = tables << 12 | P;
  m->reserved = UINT64_C(0x7fffff0000000000);
  machine_reset(m);
}

/* What the leaves of the new tables add up to. */
static uint32_t sum_leaves(struct machine *m) {
  uint32_t sum = 0;
  for (uint32_t i = 0; i < LOWMEM_PAGES / 512; i++) {
    uint32_t *table = (uint32_t *)(m->memory + (m->memory[ROOT * 512 + i] & FRAME) / 8);
    for (uint32_t j = 0; j < 1024; j++) sum += table[j];
  }
  return sum;
}

static void build(struct kernel *k, map_page *map_page, struct sample *sample) {
  memset(k->taken, 0, sizeof k->taken);
  boot(k);
  k->map_page = map_page;
  k->step = 0;
  uint64_t begun = now();
  for (uint32_t pfn = 0; pfn < LOWMEM_PAGES; pfn += 512)
    map_table(k, PAGE_OFFSET + (ROOT << 12) + pfn / 512 * 8, pfn);
  sample->nanoseconds += now() - begun;
  sample->checksum += sum_leaves(k->m);
}

static struct kernel *kernel_on(struct machine *m) {
  static struct kernel k;
  k = (struct kernel){.m = m, .until = UINT64_MAX};
  k.ops = (struct ops){store_entry, store_entry, alloc_nothing, same_frame, same_flags, {{0, 0, 0}}, 0};
  return &k;
}

int build_job(struct machine *m, unsigned passes, struct sample *sample) {
  struct kernel *k = kernel_on(m);
  while (passes--)
    for (unsigned i = 0; i < STRATEGIES; i++) build(k, MAP_PAGE[i], sample);
  return 1;
}
