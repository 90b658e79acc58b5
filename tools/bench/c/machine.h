/*
 * The machine of the reference: physical memory, the registers that paging reads, and a TLB.
 * Flags and error codes are the architecture's (Intel SDM vol. 3A, chapter 4).
 */
#include <stdint.h>

enum { P = 1, RW = 2, US = 4, A = 0x20, D = 0x40, PS = 0x80 };
#define NX (UINT64_C(1) << 63)
#define FRAME UINT64_C(0x000ffffffffff000)

/* Accesses by number; three more from user mode. */
enum { READ = 0, WRITE = 1, FETCH = 2, USER = 3 };
/* Error code of a page fault. */
enum { PF_P = 1, PF_W = 2, PF_U = 4, PF_RSVD = 8, PF_I = 16 };
/* Rights of a walk, and one bit of a TLB entry. */
enum { RIGHT_RW = 1, RIGHT_US = 2, RIGHT_NX = 4, RIGHT_D = 8 };

enum { SMALL_SLOTS = 1024, LARGE_SLOTS = 64 };

/* A translation remembered. `page` is the linear page number, of the size of the bank; UINT64_MAX is none. */
struct slot {
  uint64_t page;
  int64_t frame;
  uint32_t allowed; /* bit n: access n needs no walk */
  uint32_t rights;
};

struct machine {
  uint64_t *memory;   /* flat */
  uint64_t root;      /* physical address of the root table (long mode) */
  uint64_t pdpte[4];  /* the PDPTE registers (PAE) */
  uint64_t reserved;  /* bits that are reserved in every entry */
  uint64_t cr2;
  uint8_t allowed[16]; /* by rights: which accesses are allowed */
  uint32_t large_used;
  struct slot small[SMALL_SLOTS];
  struct slot large[LARGE_SLOTS]; /* 2M pages */
};

/* What a walk found. */
struct found {
  int64_t frame; /* first of the page */
  uint32_t rights;
  uint32_t shift;
};

/* Frame of the byte addressed, or -1 minus the error code. */
int64_t walk_pae(struct machine *m, uint64_t linear, unsigned access, struct found *found);
int64_t walk_4level(struct machine *m, uint64_t linear, unsigned access, struct found *found);
int64_t miss_pae(struct machine *m, uint64_t linear, unsigned access);
void machine_reset(struct machine *m);
void flush(struct machine *m);

/* A PAE machine's translation: the TLB, and the rest out of line. */
static inline int64_t translate_pae(struct machine *m, uint64_t linear, unsigned access) {
  const struct slot *slot = &m->small[(linear >> 12) % SMALL_SLOTS];
  if (slot->page == linear >> 12 && (slot->allowed >> access & 1)) return slot->frame;
  return miss_pae(m, linear, access);
}
