// The log: a file of records, whole up to where it was cut, and no longer than agreed.
#include <stdio.h>
#include <stdlib.h>
#include "recorder.h"

static FILE *file;
static uint64_t most;
bool log_open;

bool open_log(const char *path, uint64_t most_records) {
  file = fopen(path, "wb");
  most = most_records;
  log_open = file && setvbuf(file, malloc(1 << 20), _IOFBF, 1 << 20) == 0;
  return log_open;
}

void write_record(struct record record) {
  if (!file) return;
  bool full = control->records >= most && record.kind != END;
  if (full || fwrite(&record, sizeof record, 1, file) != 1) { // what was written stays
    log_open = false;
    fclose(file);
    file = NULL;
    control->ended = full ? LOG_FULL : DISK_FULL;
    return;
  }
  control->records++;
}

// Called between two stores, when nothing is half done.
void end_log(enum reason reason) {
  if (!file) return;
  mark_differences();
  write_record((struct record){ .kind = END, .stores = stores, .value = reason });
  bool whole = file && fclose(file) == 0; // the last of it is written only now
  if (file && !whole) control->ended = DISK_FULL;
  file = NULL;
  log_open = false;
  control->stores = stores;
  if (whole) control->ended = reason;
}
