/* The jobs that are more than a loop over accesses. */
#include <stdint.h>

struct machine;

struct sample {
  uint64_t nanoseconds;
  uint32_t checksum;
};

uint64_t now(void);
int audit_job(struct machine *m, unsigned passes, struct sample *sample);
int build_job(struct machine *m, unsigned passes, struct sample *sample);
