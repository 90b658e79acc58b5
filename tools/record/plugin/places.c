// Where linear addresses are. To ask QEMU costs more than all the rest of a store, so the last answers are kept until a table or a register changes.
#include <string.h>
#include "api.h"
#include "recorder.h"

#define PLACES 512

static struct { uint64_t page, place; } places[PLACES]; // page: its number plus 1

void forget_places(void) { memset(places, 0, sizeof places); }

uint64_t place_of(uint64_t linear, uint32_t info) {
  uint64_t page = (linear >> 12) + 1, slot = page % PLACES;
  if (__builtin_expect(places[slot].page == page, 1)) return places[slot].place | (linear & 0xFFF);
  struct qemu_plugin_hwaddr *found = qemu_plugin_get_hwaddr(info, linear);
  if (!found || qemu_plugin_hwaddr_is_io(found)) return NO_PLACE;
  uint64_t address = qemu_plugin_hwaddr_phys_addr(found);
  if (paging && address < ram_bytes) {
    places[slot].page = page;
    places[slot].place = address & ~0xFFFull;
  }
  return address;
}
