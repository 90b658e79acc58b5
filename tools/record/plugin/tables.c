// Which frames are page tables: all that are linked below a root, counted level by level, so that a frame that is freed is watched no more.
#include <stdlib.h>
#include <string.h>
#include "recorder.h"

#define LEVELS 5
#define MOST_ROOTS 64
#define P 1u
#define PS 0x80u
#define A_AND_D 0x60u
#define CR4_PSE 0x10u
#define CR4_PAE 0x20u
#define CR4_LA57 0x1000u
#define EFER_LMA 0x400u
#define ADDRESS_BITS 0xFFFFFFFFFF000u

enum mode { TWO_LEVEL, PAE, FOUR_LEVEL, FIVE_LEVEL, PAGING_OFF };
static const unsigned depth_of[] = { 2, 3, 4, 5 };

static enum mode mode = PAGING_OFF;
static bool pse;
uint8_t *table_levels;
bool paging;
static uint32_t *links[LEVELS];   // references, by level and frame
static uint64_t **copies;         // what was stored, by frame: A and D bits of the CPU are not in it
static uint64_t roots[MOST_ROOTS], root_count, given;

static uint64_t frames(void) { return ram_bytes >> 12; }

bool open_tables(void) {
  table_levels = calloc(frames(), 1);
  copies = calloc(frames(), sizeof *copies);
  for (int i = 0; i < LEVELS; i++) links[i] = calloc(frames(), sizeof **links);
  return table_levels && copies && links[LEVELS - 1];
}

static uint64_t entry_at(uint64_t frame, unsigned index) {
  return mode == TWO_LEVEL ? ((uint32_t *)copies[frame])[index] : copies[frame][index];
}

// The frame of the table that an entry points to; 0 for none, which is no loss: frame 0 holds the BIOS's data.
static uint64_t child_of(unsigned level, uint64_t entry) {
  if (!(entry & P) || level == 1) return 0;
  if (entry & PS && (mode == TWO_LEVEL ? pse : level == 2 || (level == 3 && mode != PAE))) return 0;
  uint64_t frame = (entry & ADDRESS_BITS) >> 12;
  return frame < frames() ? frame : 0;
}

// In PAE mode the top table is 32 bytes somewhere in a frame; the rest of that frame is none of it.
static bool is_pdpt(unsigned level) { return mode == PAE && level == 3; }

static bool in_pdpt(uint64_t address) {
  for (uint64_t i = 0; i < root_count; i++) if (roots[i] >> 5 == address >> 5) return true;
  return false;
}

static unsigned entries(void) { return mode == TWO_LEVEL ? 1024 : 512; }

static void earlier(uint64_t address, unsigned size, uint64_t value, const struct past *past) {
  bool known = past->stores != 0;
  name_writer(past->writer);
  write_record((struct record){ .kind = known ? EARLIER : FOUND, .size = size, .writer = past->writer, .stores = past->stores, .address = address,
    .value = value });
}

// Logs what eight bytes hold and was not logged yet, with those who stored it, without A and D bits that the CPU has set since.
static void catch_up_8(uint64_t frame, unsigned i) {
  uint64_t address = (frame << 12) + i * 8, now = ((const uint64_t *)(ram + (frame << 12)))[i], before = copies[frame][i];
  struct past low, high;
  if (last_store(address, &low)) now &= ~(uint64_t)(A_AND_D & ~low.marks);
  if (last_store(address + 4, &high) && mode == TWO_LEVEL) now &= ~((uint64_t)(A_AND_D & ~high.marks) << 32);
  if (now == before) return;
  copies[frame][i] = now;
  if (low.stores == high.stores) earlier(address, 8, now, &low);
  else {
    if ((uint32_t)now != (uint32_t)before) earlier(address, 4, (uint32_t)now, &low);
    if (now >> 32 != before >> 32) earlier(address + 4, 4, now >> 32, &high);
  }
}

static void catch_up(uint64_t frame, unsigned first, unsigned count) {
  if (!copies[frame]) copies[frame] = calloc(512, sizeof(uint64_t));
  for (unsigned i = first; i < first + count; i++) catch_up_8(frame, i);
}

static void say(enum kind kind, uint64_t frame, unsigned level) {
  write_record((struct record){ .kind = kind, .level = level, .stores = stores, .address = frame, .value = mode });
}

static void unlink_table(uint64_t frame, unsigned level) {
  if (!frame || links[level - 1][frame] == 0 || --links[level - 1][frame] > 0) return;
  table_levels[frame] &= ~(1u << (level - 1));
  say(RELEASED, frame, level);
  if (level > 1) for (unsigned i = 0; i < entries(); i++) unlink_table(child_of(level, entry_at(frame, i)), level - 1);
}

static void link_table(uint64_t frame, unsigned level) {
  if (!frame || links[level - 1][frame]++ > 0) return;
  bool watched = (table_levels[frame] & ~(mode == PAE ? 4u : 0)) != 0;
  if (!watched) catch_up(frame, 0, 512);
  table_levels[frame] |= 1u << (level - 1);
  say(TABLE, frame, level);
  if (level > 1) for (unsigned i = 0; i < entries(); i++) link_table(child_of(level, entry_at(frame, i)), level - 1);
}

static void link_root(uint64_t root) {
  uint64_t frame = root >> 12;
  if (mode != PAE) { link_table(frame, depth_of[mode]); return; }
  unsigned first = (root & 0xFE0) >> 3;
  catch_up(frame, first, 4);
  if (links[2][frame]++ == 0) {
    table_levels[frame] |= 4;
    say(TABLE, frame, 3);
  }
  for (unsigned i = first; i < first + 4; i++) link_table(child_of(3, entry_at(frame, i)), 2);
}

static void unlink_root(uint64_t root) {
  uint64_t frame = root >> 12;
  if (mode != PAE) { unlink_table(frame, depth_of[mode]); return; }
  unsigned first = (root & 0xFE0) >> 3;
  for (unsigned i = first; i < first + 4; i++) unlink_table(child_of(3, entry_at(frame, i)), 2);
  if (--links[2][frame] > 0) return;
  table_levels[frame] &= ~4;
  say(RELEASED, frame, 3);
}

// The roots loaded last are kept, the latest behind those that the user gave.
static void load_root(uint64_t root) {
  if (root >> 12 == 0 || root >> 12 >= frames()) return;
  uint64_t at = 0;
  while (at < root_count && roots[at] != root) at++;
  if (at < given) return;
  bool known = at < root_count;
  if (!known && root_count == MOST_ROOTS) unlink_root(roots[at = MOST_ROOTS - 1]);
  else if (!known) root_count++;
  memmove(roots + given + 1, roots + given, (at - given) * sizeof *roots);
  roots[given] = root;
  if (!known) link_root(root);
}

void add_root(uint64_t address) {
  if (given < MOST_ROOTS / 2 && address >> 12 < frames()) roots[given++] = address;
  root_count = given;
}

static enum mode mode_of(const struct registers *registers) {
  if (!(registers->cr0 & CR0_PG)) return PAGING_OFF;
  if (!(registers->cr4 & CR4_PAE)) return TWO_LEVEL;
  if (!(registers->efer & EFER_LMA)) return PAE;
  return registers->cr4 & CR4_LA57 ? FIVE_LEVEL : FOUR_LEVEL;
}

void registers_changed(const struct registers *registers) {
  enum mode next = mode_of(registers);
  bool next_pse = (registers->cr4 & CR4_PSE) != 0;
  if (next != mode || (next == TWO_LEVEL && next_pse != pse)) {
    if (mode != PAGING_OFF) for (uint64_t i = 0; i < root_count; i++) unlink_root(roots[i]);
    root_count = given;
    mode = next;
    paging = mode != PAGING_OFF;
    pse = next_pse;
    if (mode != PAGING_OFF) for (uint64_t i = 0; i < given; i++) link_root(roots[i]);
  }
  if (mode != PAGING_OFF) load_root(registers->cr3 & (mode == PAE ? 0xFFFFFFE0u : ADDRESS_BITS));
}

void table_store(uint64_t address, unsigned size, uint32_t writer) {
  uint64_t frame = address >> 12, old[3];
  unsigned role = table_levels[frame], bytes = mode == TWO_LEVEL ? 4 : 8;
  if (mode == PAE && role == 4 && !in_pdpt(address)) return;
  unsigned first = (address & 0xFFF) / bytes, last = ((address + size - 1) & 0xFFF) / bytes;
  for (unsigned i = first; i <= last; i++) old[i - first] = entry_at(frame, i);
  memcpy((uint8_t *)copies[frame] + (address & 0xFFF), ram + address, size);
  uint64_t value = 0;
  memcpy(&value, ram + address, size);
  name_writer(writer);
  write_record((struct record){ .kind = STORE, .size = size, .writer = writer, .stores = stores, .address = address, .value = value });
  for (unsigned level = 2; level <= LEVELS; level++) {
    if (!(role >> (level - 1) & 1) || (is_pdpt(level) && !in_pdpt(address))) continue;
    for (unsigned i = first; i <= last; i++) {
      uint64_t before = child_of(level, old[i - first]), after = child_of(level, entry_at(frame, i));
      if (before == after) continue;
      link_table(after, level - 1);
      unlink_table(before, level - 1);
    }
  }
}

// At the end: entries whose contents are not what was stored. A and D are set by the CPU; all else by something that is no CPU.
void mark_differences(void) {
  unsigned bytes = mode == TWO_LEVEL ? 4 : 8;
  for (uint64_t frame = 0; frame < frames(); frame++) {
    if (!table_levels[frame]) continue;
    for (unsigned i = 0; i < 4096 / bytes; i++) {
      uint64_t address = (frame << 12) + i * bytes, now = 0, known = entry_at(frame, i);
      if (mode == PAE && table_levels[frame] == 4 && !in_pdpt(address)) continue;
      memcpy(&now, ram + address, bytes);
      if (now == known) continue;
      enum kind kind = (now ^ known) & ~(uint64_t)A_AND_D ? CHANGED : MARKED;
      write_record((struct record){ .kind = kind, .size = bytes, .stores = stores, .address = address, .value = now });
    }
  }
}
