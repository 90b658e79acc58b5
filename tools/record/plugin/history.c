// Who stored last, for every four bytes of memory: a frame that becomes a table has its entries already, and this tells who made them. A word holds the writer, the
// number of the store, and bits 5 and 6 of what was stored: the CPU may have set A and D since. The memory for it exists from the first store to a page on.
#define _GNU_SOURCE
#include <sys/mman.h>
#include "recorder.h"

#define A_AND_D 0x60u
#define MARKS_SHIFT 5 // of A and D, to bits 0 and 1
#define WRITER_SHIFT 2
#define STORES_SHIFT 24

static uint64_t *last;

bool open_history(void) {
  last = mmap(NULL, ram_bytes * 2, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return last != MAP_FAILED;
}

void remember(uint64_t address, unsigned size, uint32_t writer) {
  uint64_t value = stores << STORES_SHIFT | (uint64_t)writer << WRITER_SHIFT;
  uint64_t at = address >> 2, end = (address + size - 1) >> 2;
  if (address & 3) { // the byte with A and D keeps what was stored before
    last[at] = value | (last[at] & 3);
    at++;
  }
  for (; at <= end; at++) last[at] = value | (ram[at << 2] & A_AND_D) >> MARKS_SHIFT;
}

bool last_store(uint64_t address, struct past *past) {
  uint64_t word = last[address >> 2];
  past->stores = word >> STORES_SHIFT;
  past->writer = word >> WRITER_SHIFT & MOST_WRITERS;
  past->marks = (word << MARKS_SHIFT) & A_AND_D;
  return past->stores != 0;
}
