/* A plain audit: each leaf is decoded, compared with what it should be, and joined to the run before it. */
#include "jobs.h"
#include "layout.h"
#include "machine.h"

enum { G = 0x100, MOST_RUNS = 1 << 16 };

struct run {
  uint32_t page, pages, rights;
  uint64_t frame;
};

struct audit {
  uint32_t mapped, wrong_frame, tables, coverage_runs, last_kind;
  uint32_t user, executable_data, non_executable_text, not_writable, missing_global;
  uint32_t run_count;
  struct run runs[MOST_RUNS];
};

/* Pages with equal rights that map consecutive frames are a run. */
static void join(struct audit *audit, uint32_t page, uint64_t frame, uint32_t rights) {
  struct run *last = &audit->runs[audit->run_count - 1];
  if (audit->run_count != 0 && last->page + last->pages == page && last->frame + last->pages == frame &&
      last->rights == rights) {
    last->pages++;
  } else if (audit->run_count < MOST_RUNS) {
    audit->runs[audit->run_count++] = (struct run){page, 1, rights, frame};
  }
}

static void audit_leaf(struct audit *audit, uint32_t page, uint64_t pde, uint64_t pte) {
  uint32_t pfn = page - (LOWMEM_PAE.linear >> 12);
  uint64_t frame = (pte & FRAME) >> 12, and = pde & pte, or = pde | pte;
  uint32_t rights = (and & (RW | US)) | (or & NX ? 1 : 0) | (pte & G);
  join(audit, page, frame, rights);
  if (and & US) audit->user++;
  uint32_t kind = frame == pfn ? 1 : 2;
  if (kind != audit->last_kind) audit->coverage_runs++;
  audit->last_kind = kind;
  if (kind == 2) {
    audit->wrong_frame++;
    return;
  }
  audit->mapped++;
  if (pfn >= TEXT_END && !(or & NX)) audit->executable_data++;
  if (pfn < TEXT_END && (or & NX)) audit->non_executable_text++;
  if (!(and & RW)) audit->not_writable++;
  if (!(pte & G)) audit->missing_global++;
}

static uint64_t *table_of(struct machine *m, uint64_t entry) { return m->memory + (entry & FRAME) / 8; }

static void audit_tables(struct machine *m, struct audit *audit) {
  for (unsigned slot = 0; slot < 4; slot++) {
    if (!(m->pdpte[slot] & P)) continue;
    uint64_t *directory = table_of(m, m->pdpte[slot]);
    audit->tables++;
    for (unsigned i = 0; i < 512; i++) {
      if (!(directory[i] & P) || (directory[i] & m->reserved)) continue;
      uint64_t *table = table_of(m, directory[i]);
      audit->tables++;
      for (unsigned j = 0; j < 512; j++)
        if ((table[j] & P) && !(table[j] & m->reserved))
          audit_leaf(audit, slot << 18 | i << 9 | j, directory[i], table[j]);
    }
  }
}

int audit_job(struct machine *m, unsigned passes, struct sample *sample) {
  static struct audit audit;
  uint64_t begun = now();
  while (passes--) {
    audit = (struct audit){.tables = 1};
    audit_tables(m, &audit);
    sample->checksum += audit.mapped + 3 * audit.wrong_frame + 5 * audit.tables + 7 * audit.coverage_runs;
    sample->checksum += 11 * audit.user + 13 * audit.executable_data + 17 * audit.non_executable_text;
    sample->checksum += 19 * audit.not_writable + 23 * audit.missing_global;
  }
  sample->nanoseconds = now() - begun;
  return 1;
}
