/*
 * The reference of the benchmark: the jobs of core/, done in C.
 *
 * It reads lines "job passes" and answers each with "nanoseconds checksum": the time of the passes, without what prepares them, and the
 * sum of all results modulo 2^32, which must be the one that core/ finds.
 */
#include "jobs.h"
#include "layout.h"
#include "machine.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

static struct machine machine;
static uint64_t accesses[ACCESSES];

uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static uint32_t pass_walk_pae(void) {
  struct found found;
  uint32_t sum = 0;
  for (uint32_t i = 0; i < ACCESSES; i++) sum += walk_pae(&machine, accesses[i], accesses[i] & 1, &found);
  return sum;
}

static uint32_t pass_walk_4level(void) {
  struct found found;
  uint32_t sum = 0;
  for (uint32_t i = 0; i < ACCESSES; i++) sum += walk_4level(&machine, accesses[i], accesses[i] & 1, &found);
  return sum;
}

static uint32_t pass_translate(void) {
  uint32_t sum = 0;
  for (uint32_t i = 0; i < ACCESSES; i++) sum += translate_pae(&machine, accesses[i], accesses[i] & 1);
  return sum;
}

typedef void fill_accesses(uint64_t *accesses, const struct layout *layout, uint32_t pages);

static void prepare(const struct layout *layout, uint32_t pages, fill_accesses *fill) {
  if (layout == &LOWMEM_PAE) build_pae(&machine);
  else build_4level(&machine, layout);
  machine_reset(&machine);
  fill(accesses, layout, pages);
}

/* Passes over the accesses. */
static const struct access_job {
  const char *name;
  const struct layout *layout;
  uint32_t pages;
  fill_accesses *fill;
  uint32_t (*pass)(void);
} ACCESS_JOBS[] = {
  {"walk-pae-sequential", &LOWMEM_PAE, LOWMEM_PAGES, sequential, pass_walk_pae},
  {"walk-pae-random", &LOWMEM_PAE, LOWMEM_PAGES, scattered, pass_walk_pae},
  {"walk-4level-4k-random", &LOWMEM_4LEVEL, LOWMEM_PAGES, scattered, pass_walk_4level},
  {"walk-4level-2m-random", &LARGE_4LEVEL, LARGE_PAGES, scattered, pass_walk_4level},
  {"tlb-hit", &LOWMEM_PAE, HIT_PAGES, scattered, pass_translate},
  {"tlb-miss-sequential", &LOWMEM_PAE, LOWMEM_PAGES, sequential, pass_translate},
  {"tlb-miss-random", &LOWMEM_PAE, LOWMEM_PAGES, scattered, pass_translate},
};

static int access_job(const char *name, unsigned passes, struct sample *sample) {
  for (unsigned i = 0; i < sizeof ACCESS_JOBS / sizeof *ACCESS_JOBS; i++) {
    const struct access_job *job = &ACCESS_JOBS[i];
    if (strcmp(job->name, name) != 0) continue;
    prepare(job->layout, job->pages, job->fill);
    uint64_t begun = now();
    while (passes--) sample->checksum += job->pass();
    sample->nanoseconds = now() - begun;
    return 1;
  }
  return 0;
}

static int run(const char *name, unsigned passes, struct sample *sample) {
  if (strcmp(name, "audit") == 0) {
    prepare(&LOWMEM_PAE, LOWMEM_PAGES, sequential);
    return audit_job(&machine, passes, sample);
  }
  if (strcmp(name, "build") == 0) return build_job(&machine, passes, sample);
  return access_job(name, passes, sample);
}

int main(void) {
  char name[64];
  unsigned passes;
  machine.memory = mmap(NULL, (size_t)MEMORY_FRAMES * 4096, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (machine.memory == MAP_FAILED) return perror("memory"), 1;
  while (scanf("%63s %u", name, &passes) == 2) {
    struct sample sample = {0, 0};
    if (!run(name, passes, &sample)) return fprintf(stderr, "no such job: %s\n", name), 2;
    printf("%llu %u\n", (unsigned long long)sample.nanoseconds, sample.checksum);
    fflush(stdout);
  }
  return 0;
}
