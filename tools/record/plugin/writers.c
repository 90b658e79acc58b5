// Instructions that store, numbered as they are translated; the log names those that wrote to a table.
#include <stdlib.h>
#include <string.h>
#include "recorder.h"

static struct { uint64_t pc; bool named; } *writers;
static uint32_t *slots, used, room, size;

static uint32_t *slot_of(uint64_t pc) {
  uint32_t at = (uint32_t)((pc * 0x9E3779B97F4A7C15u) >> 32) & (size - 1);
  while (slots[at] && writers[slots[at]].pc != pc) at = (at + 1) & (size - 1);
  return &slots[at];
}

static void grow(void) {
  room = room ? room * 2 : 1 << 14;
  size = room * 2;
  writers = realloc(writers, room * sizeof *writers);
  free(slots);
  slots = calloc(size, sizeof *slots);
  for (uint32_t i = 1; i < used; i++) *slot_of(writers[i].pc) = i;
}

// Number of the instruction at `pc`, from 1; 0 when there are too many.
uint32_t writer_of(uint64_t pc) {
  if (used == room) grow();
  if (used == 0) used = 1;
  uint32_t *slot = slot_of(pc);
  if (*slot || used == MOST_WRITERS) return *slot;
  writers[used].pc = pc;
  writers[used].named = false;
  return *slot = used++;
}

void name_writer(uint32_t writer) {
  if (!writer || writers[writer].named) return;
  writers[writer].named = true;
  write_record((struct record){ .kind = WRITER, .writer = writer, .address = writers[writer].pc });
}
