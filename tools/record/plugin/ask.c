// The registers, asked for over QMP. Plugins of QEMU 7 and 8 cannot read them. The main loop answers while this CPU waits; if it does not, because it waits for
// this CPU to stop, the question is given up and asked again later.
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "recorder.h"

#define PATIENCE 1000 // milliseconds

static int connection = -1;
static char text[1 << 16];
static size_t length;
static unsigned questions;

static bool send_text(const char *line) {
  size_t size = strlen(line);
  return write(connection, line, size) == (ssize_t)size;
}

// The next whole line, without events; NULL if there is none in time.
static char *next_line(void) {
  static char line[1 << 16];
  for (;;) {
    char *end = memchr(text, '\n', length);
    if (end) {
      size_t size = end + 1 - text;
      memcpy(line, text, size);
      line[size - 1] = 0;
      memmove(text, end + 1, length -= size);
      if (!strstr(line, "\"event\":")) return line;
      continue;
    }
    struct pollfd waits = { .fd = connection, .events = POLLIN };
    if (length == sizeof text || poll(&waits, 1, PATIENCE) <= 0) return NULL;
    ssize_t got = read(connection, text + length, sizeof text - length);
    if (got <= 0) return NULL;
    length += got;
  }
}

static bool connect_to(const char *path) {
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  strncpy(address.sun_path, path, sizeof address.sun_path - 1);
  connection = socket(AF_UNIX, SOCK_STREAM, 0);
  if (connection < 0 || connect(connection, (struct sockaddr *)&address, sizeof address)) return false;
  return next_line() && send_text("{\"execute\":\"qmp_capabilities\"}\n") && next_line();
}

static uint64_t number_after(const char *answer, const char *name) {
  const char *at = strstr(answer, name);
  return at ? strtoull(at + strlen(name), NULL, 16) : 0;
}

static void read_general(const char *answer, struct registers *registers) {
  static const char *const names[] = { "AX=", "CX=", "DX=", "BX=", "SP=", "BP=", "SI=", "DI=" };
  registers->long_mode = strstr(answer, "RAX=") != NULL;
  for (int i = 0; i < 8; i++) registers->gpr[i] = number_after(answer, names[i]);
  for (int i = 8; i < 16; i++) {
    char name[8];
    snprintf(name, sizeof name, "R%-2d=", i);
    registers->gpr[i] = number_after(answer, name);
  }
}

bool ask_registers(const char *path, unsigned cpu, struct registers *registers) {
  if (connection < 0 && !connect_to(path)) return false;
  char question[200], id[40];
  snprintf(id, sizeof id, "\"id\": %u", ++questions);
  snprintf(question, sizeof question,
    "{\"execute\":\"human-monitor-command\",\"arguments\":{\"command-line\":\"info registers\",\"cpu-index\":%u},\"id\":%u}\n", cpu, questions);
  if (!send_text(question)) return false;
  for (char *answer; (answer = next_line());) {
    char *at = strstr(answer, id);
    if (!at || (at[strlen(id)] != '}' && at[strlen(id)] != ',')) continue; // the answer to a question given up
    if (!strstr(answer, "CR3=")) return false;
    registers->cr0 = number_after(answer, "CR0=");
    registers->cr3 = number_after(answer, "CR3=");
    registers->cr4 = number_after(answer, "CR4=");
    registers->efer = number_after(answer, "EFER=");
    read_general(answer, registers);
    return true;
  }
  return false;
}
