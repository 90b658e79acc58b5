/* The tables and the accesses of the benchmark, the same on both sides (see ../layout.ts). */
#include <stdint.h>

struct machine;

enum {
  MEMORY_FRAMES = 0x1000,  /* the memory that tables are in */
  FIRST_TABLE = 0x600,     /* frame of the root; the other tables follow, level by level */
  LOWMEM_PAGES = 0x38000,  /* 896 MiB */
  LARGE_PAGES = 0x8000,    /* 64 GiB in 2M pages */
  TEXT_END = 0x500,        /* frames below are executable */
  FIRST_READ_ONLY = 0x400, /* the first page that is */
  HIT_PAGES = 64,          /* all writable, all at once in the TLB */
  ACCESSES = 1 << 18
};

/* A direct map: which linear address frame 0 has, and how many pages of which size there are. */
struct layout {
  uint64_t linear;
  uint32_t pages;
  uint32_t shift;
};

extern const struct layout LOWMEM_PAE, LOWMEM_4LEVEL, LARGE_4LEVEL;

void build_pae(struct machine *m);
void build_4level(struct machine *m, const struct layout *layout);

/* Accesses to the first pages of a layout: linear addresses, plus 1 for a write. */
void sequential(uint64_t *accesses, const struct layout *layout, uint32_t pages);
void scattered(uint64_t *accesses, const struct layout *layout, uint32_t pages);
