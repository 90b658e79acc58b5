// A plugin of QEMU that logs every store to a page table. How it is told what to do: recorder.so,ram=FILE,log=FILE,control=FILE,qmp=SOCKET[,records=N][,stores=N]
// [,stop=PC][,root=ADDRESS]...
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include "api.h"
#include "recorder.h"

__attribute__((visibility("default"))) int qemu_plugin_version = PLUGIN_API;

struct control *control;
uint8_t *ram;
uint64_t ram_bytes, stores;

#define MOST_STOPS 16
#define AFTER_BITS 16 // addresses behind instructions that change registers, by hash
#define MOST_MSR_QUESTIONS 64 // an instruction

static char qmp_path[200];
static uint64_t store_limit = ~0ull, stops[MOST_STOPS], stop_count;
static uint8_t after[1 << AFTER_BITS];
static struct registers known;

// An instruction that changes what the recorder has to ask for.
struct event {
  enum meaning meaning;
  uint64_t pc;
  uint32_t writer, questions;
  uint8_t size, code[16];
};
static struct event *pending;
static unsigned pending_cpu;

static bool loads_cr3(const struct event *event) {
  return event->meaning == MOVES_TO_CR && event->code[event->size - 1] >> 3 == (0xC0 | 3 << 3) >> 3;
}

static void log_register(unsigned which, uint64_t value, unsigned cpu, uint32_t writer) {
  write_record((struct record){ .kind = REGISTER, .cpu = cpu, .writer = writer, .stores = stores, .address = which, .value = value });
}

static void log_registers(const struct registers *now, const struct event *event, unsigned cpu) {
  name_writer(event->writer);
  if (now->cr4 != known.cr4) log_register(4, now->cr4, cpu, event->writer);
  if (now->efer != known.efer) log_register(8, now->efer, cpu, event->writer);
  if (now->cr3 != known.cr3 || loads_cr3(event)) log_register(3, now->cr3, cpu, event->writer);
  if (now->cr0 != known.cr0 && (now->cr0 | known.cr0) & CR0_PG) log_register(0, now->cr0, cpu, event->writer);
  known = *now;
  registers_changed(now);
}

static bool ask(struct registers *registers) {
  control->asking = 1;
  __sync_synchronize();
  bool answered = !control->stop && ask_registers(qmp_path, pending_cpu, registers);
  __sync_synchronize();
  control->asking = 0;
  control->asks++;
  return answered;
}

// `at_once`: nothing has run since the instruction, so that the general registers in memory are those that it left.
static bool find_registers(const struct event *event, bool at_once, struct registers *now) {
  bool enough = pending_cpu == 0 && (loads_cr3(event) || (event->meaning == INVLPG && at_once));
  *now = known;
  if (enough && learned(now)) return true;
  if (!ask(now)) return false;
  if (pending_cpu == 0 && at_once) learn(now);
  return true;
}

static void settle_flush(const struct event *event, const struct registers *now) {
  uint64_t linear = now ? operand_address(event->code, event->size, event->pc, now) : ~0ull;
  name_writer(event->writer);
  write_record((struct record){ .kind = FLUSH, .cpu = pending_cpu, .size = event->meaning == INVPCID ? 2 : 1, .writer = event->writer, .stores = stores,
    .address = linear });
}

// Finds out what an instruction has done to the registers.
static void settle(bool at_once) {
  struct event *event = pending;
  struct registers now;
  if (event->meaning == INVPCID || (event->meaning == INVLPG && !at_once)) {
    pending = NULL;
    settle_flush(event, NULL);
  } else if (event->meaning == WRITES_MSR && event->questions++ >= MOST_MSR_QUESTIONS) pending = NULL;
  else if (find_registers(event, at_once, &now)) {
    pending = NULL;
    if (event->meaning == INVLPG) settle_flush(event, &now);
    else log_registers(&now, event, pending_cpu);
  } else if (control->stop || event->meaning == INVLPG) pending = NULL;
}

static void on_event(unsigned cpu, void *event) {
  if (!log_open) return;
  if (pending) settle(false);
  if (((struct event *)event)->meaning == FAR_JUMP && !paging) return; // no task switch that loads CR3
  forget_places();
  pending = event;
  pending_cpu = cpu;
}

static void on_after(unsigned cpu, void *pc) {
  (void)cpu;
  if (pending && log_open) settle(pending->pc + pending->size == (uint64_t)(uintptr_t)pc);
}

static void on_stop(unsigned cpu, void *pc) {
  (void)cpu;
  (void)pc;
  if (pending && log_open) settle(false);
  end_log(SYMBOL_REACHED);
}

static void store_part(uint64_t address, unsigned size, uint32_t writer) {
  if (address + size > ram_bytes) return;
  remember(address, size, writer);
  if (__builtin_expect(table_levels[address >> 12] != 0, 0)) {
    forget_places();
    table_store(address, size, writer);
  }
}

static void on_store(unsigned cpu, qemu_plugin_meminfo_t info, uint64_t linear, void *data) {
  (void)cpu;
  if (!log_open || !qemu_plugin_mem_is_store(info)) return;
  if (__builtin_expect(pending != NULL, 0)) settle(false);
  uint64_t address = place_of(linear, info);
  if (address == NO_PLACE) return;
  uint32_t writer = (uint32_t)(uintptr_t)data;
  unsigned size = 1u << qemu_plugin_mem_size_shift(info), here = 4096 - (linear & 0xFFF);
  stores++;
  if ((stores & 0xFFFF) == 0) control->stores = stores;
  if (__builtin_expect(size > here, 0)) { // the rest is in the next page, wherever that is
    uint64_t rest = place_of(linear + here, info);
    store_part(address, here, writer);
    if (rest != NO_PLACE) store_part(rest, size - here, writer);
  } else store_part(address, size, writer);
  if (__builtin_expect(control->stop || stores >= store_limit, 0)) end_log(stores >= store_limit ? STORES_REACHED : ASKED_TO_END);
}

static uint8_t *after_of(uint64_t pc) { return &after[(pc * 0x9E3779B97F4A7C15u) >> (64 - AFTER_BITS)]; }

// Whether wrmsr writes EFER, if the number was put into ECX just before; yes if it cannot be told.
static bool may_write_efer(const uint8_t *before, size_t size) {
  return !before || size != 5 || before[0] != 0xB9 || (before[1] == 0x80 && before[2] == 0 && before[3] == 0 && before[4] == 0xC0);
}

static void register_event(struct qemu_plugin_insn *insn, enum meaning meaning, const uint8_t *code, size_t size) {
  struct event *event = calloc(1, sizeof *event);
  event->meaning = meaning;
  event->pc = qemu_plugin_insn_vaddr(insn);
  event->writer = writer_of(event->pc);
  event->size = size < sizeof event->code ? size : sizeof event->code;
  memcpy(event->code, code, event->size);
  *after_of(event->pc + size) = 1;
  qemu_plugin_register_vcpu_insn_exec_cb(insn, on_event, NO_REGISTERS, event);
}

static void on_translated(qemu_plugin_id_t id, struct qemu_plugin_tb *block) {
  (void)id;
  uint8_t bytes[16], ecx[16];
  size_t ecx_size = 0;
  for (size_t i = 0, count = qemu_plugin_tb_n_insns(block); i < count; i++) {
    struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(block, i);
    uint64_t pc = qemu_plugin_insn_vaddr(insn);
    size_t size = qemu_plugin_insn_size(insn);
    if (size == 0 || size > sizeof bytes) continue;
#if PLUGIN_API >= 3
    qemu_plugin_insn_data(insn, bytes, size);
#else
    memcpy(bytes, qemu_plugin_insn_data(insn), size);
#endif
    if (i == 0 && *after_of(pc)) qemu_plugin_register_vcpu_insn_exec_cb(insn, on_after, NO_REGISTERS, (void *)(uintptr_t)pc);
    for (uint64_t stop = 0; stop < stop_count; stop++) {
      if (stops[stop] == pc) qemu_plugin_register_vcpu_insn_exec_cb(insn, on_stop, NO_REGISTERS, NULL);
    }
    enum meaning meaning = meaning_of(bytes, size);
    if (size == 5 && bytes[0] == 0xB9) memcpy(ecx, bytes, ecx_size = size);
    bool is_event = meaning == MOVES_TO_CR || meaning == FAR_JUMP || meaning == INVLPG || meaning == INVPCID || (meaning == WRITES_MSR && may_write_efer(ecx_size ? ecx : NULL, ecx_size));
    if (is_event) register_event(insn, meaning, bytes, size);
    if (meaning != LOADS_ONLY) qemu_plugin_register_vcpu_mem_cb(insn, on_store, NO_REGISTERS, STORES, (void *)(uintptr_t)writer_of(pc));
  }
}

static void on_exit_of_qemu(qemu_plugin_id_t id, void *data) {
  (void)id;
  (void)data;
  end_log(control->stop ? ASKED_TO_END : GUEST_ENDED);
}

static void *mapped(const char *path, size_t *bytes, int protection) {
  int file = open(path, protection & PROT_WRITE ? O_RDWR : O_RDONLY);
  struct stat found;
  if (file < 0 || fstat(file, &found) || found.st_size == 0) return NULL;
  if (bytes) *bytes = found.st_size;
  void *at = mmap(NULL, found.st_size, protection, MAP_SHARED, file, 0);
  return at == MAP_FAILED ? NULL : at;
}

__attribute__((visibility("default"))) int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv) {
  learn_for(info->target_name);
  uint64_t records = ~0ull, given[MOST_STOPS], given_count = 0;
  const char *log = "";
  for (int i = 0; i < argc; i++) {
    const char *value = strchr(argv[i], '=');
    if (!value++) continue;
    size_t size = 0;
    if (!strncmp(argv[i], "ram=", 4)) { ram = mapped(value, &size, PROT_READ); ram_bytes = size; }
    else if (!strncmp(argv[i], "log=", 4)) log = value;
    else if (!strncmp(argv[i], "control=", 8)) control = mapped(value, NULL, PROT_READ | PROT_WRITE);
    else if (!strncmp(argv[i], "qmp=", 4)) strncpy(qmp_path, value, sizeof qmp_path - 1);
    else if (!strncmp(argv[i], "records=", 8)) records = strtoull(value, NULL, 10);
    else if (!strncmp(argv[i], "stores=", 7)) store_limit = strtoull(value, NULL, 10);
    else if (!strncmp(argv[i], "stop=", 5) && stop_count < MOST_STOPS) stops[stop_count++] = strtoull(value, NULL, 16);
    else if (!strncmp(argv[i], "root=", 5) && given_count < MOST_STOPS) given[given_count++] = strtoull(value, NULL, 16);
  }
  if (!ram || !control || !open_log(log, records) || !open_history() || !open_tables()) {
    fprintf(stderr, "recorder: cannot open its files\n");
    return 1;
  }
  for (uint64_t i = 0; i < given_count; i++) add_root(given[i]);
  qemu_plugin_register_vcpu_tb_trans_cb(id, on_translated);
  qemu_plugin_register_atexit_cb(id, on_exit_of_qemu, NULL);
  return 0;
}
