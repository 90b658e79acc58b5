/* Walks, permissions, the TLB: an MMU as one writes it in C, specialised by hand for each mode. */
#include "machine.h"
#include <string.h>

/* Supervisor accesses and CR0.WP; EFER.NXE is set; no SMEP, no SMAP, no keys. */
static int allows(unsigned rights, unsigned access) {
  unsigned kind = access % USER;
  if (kind == FETCH && (rights & RIGHT_NX)) return 0;
  if (access >= USER && !(rights & RIGHT_US)) return 0;
  return kind != WRITE || (rights & RIGHT_RW);
}

void flush(struct machine *m) {
  memset(m->small, 0xff, sizeof m->small);
  memset(m->large, 0xff, sizeof m->large);
  m->large_used = 0;
}

void machine_reset(struct machine *m) {
  for (unsigned rights = 0; rights < 16; rights++) {
    m->allowed[rights] = 0;
    for (unsigned access = READ; access < 2 * USER; access++)
      m->allowed[rights] |= allows(rights, access) << access;
  }
  flush(m);
}

static unsigned error_bits(unsigned access) {
  unsigned kind = access % USER;
  return (kind == WRITE ? PF_W : 0) | (access >= USER ? PF_U : 0) | (kind == FETCH ? PF_I : 0);
}

static int64_t fault(unsigned access, unsigned code) { return -1 - (int64_t)(error_bits(access) | code); }

static unsigned rights_of(uint64_t and, uint64_t or, uint64_t leaf) {
  return (and >> 1 & 3) | (or & NX ? RIGHT_NX : 0) | (leaf & D ? RIGHT_D : 0);
}

static uint64_t *entry(struct machine *m, uint64_t above, unsigned index) {
  return &m->memory[(above & FRAME) / 8 + index];
}

/* The end of every walk: may the access be made, and which bits does it set? `and` and `or` are those of all entries. */
static inline int64_t arrive(struct machine *m, uint64_t linear, unsigned access, uint64_t *leaf, uint64_t and,
                             uint64_t or, unsigned shift, struct found *found) {
  uint64_t page = *leaf & FRAME & -(UINT64_C(1) << shift);
  unsigned rights = rights_of(and, or, *leaf);
  if (!(m->allowed[rights] >> access & 1)) return fault(access, PF_P);
  if (access % USER == WRITE && !(rights & RIGHT_D)) {
    *leaf |= D;
    rights |= RIGHT_D;
  }
  if (!(*leaf & A)) *leaf |= A;
  found->frame = page >> 12;
  found->rights = rights;
  found->shift = shift;
  return (page >> 12) + ((linear & ((UINT64_C(1) << shift) - 1)) >> 12);
}

/* Reserved bits of a large leaf besides those of all entries: the frame below its size, but not its PAT bit. */
#define LOW_FRAME(shift) (((UINT64_C(1) << (shift)) - 1) & ~UINT64_C(0x1fff))

int64_t walk_pae(struct machine *m, uint64_t linear, unsigned access, struct found *found) {
  uint64_t pdpte = m->pdpte[linear >> 30];
  if (!(pdpte & P)) return fault(access, 0);
  uint64_t *pde = entry(m, pdpte, linear >> 21 & 511);
  if (!(*pde & P)) return fault(access, 0);
  if (*pde & PS) {
    if (*pde & (m->reserved | LOW_FRAME(21))) return fault(access, PF_P | PF_RSVD);
    return arrive(m, linear, access, pde, *pde, *pde, 21, found);
  }
  if (*pde & m->reserved) return fault(access, PF_P | PF_RSVD);
  uint64_t *pte = entry(m, *pde, linear >> 12 & 511);
  if (!(*pte & P)) return fault(access, 0);
  if (*pte & m->reserved) return fault(access, PF_P | PF_RSVD);
  int64_t frame = arrive(m, linear, access, pte, *pde & *pte, *pde | *pte, 12, found);
  if (frame >= 0 && !(*pde & A)) *pde |= A;
  return frame;
}

int64_t walk_4level(struct machine *m, uint64_t linear, unsigned access, struct found *found) {
  if ((int64_t)linear >> 47 != 0 && (int64_t)linear >> 47 != -1) return -1024;
  uint64_t *pml4e = entry(m, m->root, linear >> 39 & 511);
  if (!(*pml4e & P)) return fault(access, 0);
  if (*pml4e & (m->reserved | PS)) return fault(access, PF_P | PF_RSVD);
  uint64_t *pdpte = entry(m, *pml4e, linear >> 30 & 511);
  if (!(*pdpte & P)) return fault(access, 0);
  uint64_t and = *pml4e & *pdpte, or = *pml4e | *pdpte;
  int64_t frame;
  if (*pdpte & PS) {
    if (*pdpte & (m->reserved | LOW_FRAME(30))) return fault(access, PF_P | PF_RSVD);
    frame = arrive(m, linear, access, pdpte, and, or, 30, found);
  } else {
    if (*pdpte & m->reserved) return fault(access, PF_P | PF_RSVD);
    uint64_t *pde = entry(m, *pdpte, linear >> 21 & 511);
    if (!(*pde & P)) return fault(access, 0);
    and &= *pde, or |= *pde;
    if (*pde & PS) {
      if (*pde & (m->reserved | LOW_FRAME(21))) return fault(access, PF_P | PF_RSVD);
      frame = arrive(m, linear, access, pde, and, or, 21, found);
    } else {
      if (*pde & m->reserved) return fault(access, PF_P | PF_RSVD);
      uint64_t *pte = entry(m, *pde, linear >> 12 & 511);
      if (!(*pte & P)) return fault(access, 0);
      if (*pte & m->reserved) return fault(access, PF_P | PF_RSVD);
      frame = arrive(m, linear, access, pte, and & *pte, or | *pte, 12, found);
    }
    if (frame >= 0 && !(*pde & A)) *pde |= A;
  }
  if (frame >= 0 && !(*pml4e & *pdpte & A)) *pml4e |= A, *pdpte |= A;
  return frame;
}

/* What the slot may be used for without a walk: no write before D is set. */
static void fill(struct machine *m, struct slot *slot, uint64_t page, const struct found *found) {
  unsigned writes = found->rights & RIGHT_D ? 0 : 1 << WRITE | 1 << (WRITE + USER);
  *slot = (struct slot){page, found->frame, m->allowed[found->rights] & ~writes, found->rights};
}

int64_t miss_pae(struct machine *m, uint64_t linear, unsigned access) {
  struct slot *large = &m->large[(linear >> 21) % LARGE_SLOTS];
  if (m->large_used && large->page == linear >> 21 && (large->allowed >> access & 1))
    return large->frame + (linear >> 12 & 511);
  struct found found;
  int64_t frame = walk_pae(m, linear, access, &found);
  struct slot *small = &m->small[(linear >> 12) % SMALL_SLOTS];
  if (frame < 0) { /* CR2 is set, and what the TLB holds for the page goes */
    m->cr2 = linear;
    if (small->page == linear >> 12) small->page = UINT64_MAX;
    if (large->page == linear >> 21) large->page = UINT64_MAX, m->large_used--;
  } else if (found.shift == 12) {
    fill(m, small, linear >> 12, &found);
  } else {
    if (large->page == UINT64_MAX) m->large_used++;
    fill(m, large, linear >> 21, &found);
  }
  return frame;
}
