// The parts of the recorder, and what they share.
#ifndef RECORDER_H
#define RECORDER_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// One record of the log: 32 bytes, little-endian. tools/record/raw_log.ts reads them.
struct record {
  uint8_t kind, cpu, size, level;
  uint32_t writer;
  uint64_t stores, address, value;
};

enum kind {
  WRITER = 1,   // writer, address: its pc
  STORE,        // a store to a table
  EARLIER,      // a store to a frame that became a table later
  FOUND,        // contents of a new table that no store made
  REGISTER,     // address: 0, 3, 4 for CR0, CR3, CR4; 8 for EFER
  FLUSH,        // address: linear, or ~0 if it is not known; size: 1 invlpg, 2 invpcid
  TABLE,        // address: frame; value: mode
  RELEASED,     // the same frame, no table of this level any more
  MARKED,       // at the end: an entry in which the CPU has set A or D
  CHANGED,      // at the end: memory that differs otherwise from what was stored
  END,          // value: reason
};

enum reason { GUEST_ENDED = 1, ASKED_TO_END, STORES_REACHED, SYMBOL_REACHED, LOG_FULL, DISK_FULL };

// Shared with the program that started QEMU.
struct control {
  volatile uint64_t stores, records, stop, asking, ended, asks;
};

struct registers {
  uint64_t cr0, cr3, cr4, efer, gpr[16];
  bool long_mode;
};

#define CR0_PG 0x80000000u

extern struct control *control;
extern uint8_t *ram;
extern uint64_t ram_bytes;
extern uint64_t stores;

// log.c
bool open_log(const char *path, uint64_t most_records);
void write_record(struct record);
void end_log(enum reason);
extern bool log_open;

// writers.c: instructions that store, by number
#define MOST_WRITERS ((1u << 22) - 1) // as many bits as history.c has for them
uint32_t writer_of(uint64_t pc);
void name_writer(uint32_t writer);

// history.c: who stored last, for every four bytes of memory
bool open_history(void);
void remember(uint64_t address, unsigned size, uint32_t writer);
struct past {
  uint64_t stores;
  uint32_t writer, marks; // marks: bits 5 and 6 as they were stored
};
bool last_store(uint64_t address, struct past *);

// tables.c: which frames are page tables
bool open_tables(void);
extern uint8_t *table_levels; // a bit a level, by frame: 0 for what is no table
void table_store(uint64_t address, unsigned size, uint32_t writer);
void registers_changed(const struct registers *);
void add_root(uint64_t address);
void mark_differences(void);
extern bool paging;

// places.c: where linear addresses are, as long as no table and no register changes
uint64_t place_of(uint64_t linear, uint32_t info); // NO_PLACE if it is no memory
void forget_places(void);
#define NO_PLACE (~0ull)

// ask.c: registers, over QMP
bool ask_registers(const char *socket_path, unsigned cpu, struct registers *);

// learn.c: registers, where QEMU keeps them
void learn_for(const char *target);
void learn(const struct registers *);
bool learned(struct registers *);

// decode.c: instructions that matter, by their bytes
enum meaning { NOTHING, LOADS_ONLY, MOVES_TO_CR, WRITES_MSR, FAR_JUMP, INVLPG, INVPCID };
enum meaning meaning_of(const uint8_t *code, size_t size);
uint64_t operand_address(const uint8_t *code, size_t size, uint64_t pc, const struct registers *);
#endif
