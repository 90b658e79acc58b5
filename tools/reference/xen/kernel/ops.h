/*
 * The op list that the ramdisk holds. ../README.md has the format;
 * ../encode.ts writes it.
 */
#ifndef OPS_H
#define OPS_H

#include "probe.h"

#define LIST_MAGIC 0x53504f58	/* "XOPS" */

/* Flags of the list. */
#define LIST_FLUSH 1	/* empty the TLB after every op */

enum kind {
	OP_MMU_UPDATE,
	OP_UPDATE_VA_MAPPING,
	OP_MMUEXT,
	OP_STORE32,
	OP_STORE64,
	OP_LOAD64,
	OP_SET_GDT,
};

struct op {
	u16 kind;
	u16 command;	/* of mmu_update (0 to 3) or of mmuext_op */
	u16 index;	/* of an entry in the table */
	u16 unused;
	u32 table;	/* frame references */
	u32 frame;
	u64 va;		/* 0: the op names no linear address */
	u64 flags;
};

struct op_list {
	u32 magic;
	u32 pages;	/* of the area */
	u32 count;
	u32 flags;
	struct op op[];
};

/* A frame reference: two bits say of what kind, thirty say which. */
#define REF_KIND(r) ((r) >> 30)
#define REF_NUMBER(r) ((r) & 0x3fffffff)
#define REF_AREA 0	/* a page of the area */
#define REF_MACHINE 1	/* a machine frame */
#define REF_HOME 2	/* the L3 that maps the probe */
#define REF_SHARED_INFO 3

/* What an op did; `vector` 0 means that no fault came. */
struct answer {
	s64 rc;
	int skipped;
	u32 vector;
	u64 code;
};

u64 frame_of(u32 ref);
struct answer perform(const struct op *op);

#endif
