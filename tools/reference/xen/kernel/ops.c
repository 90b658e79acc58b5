/* Performs one op of the list. */
#include "ops.h"

u64
frame_of(u32 ref)
{
	switch (REF_KIND(ref)) {
	case REF_AREA:
		return area_mfn(REF_NUMBER(ref));
	case REF_MACHINE:
		return REF_NUMBER(ref);
	case REF_HOME:
		return home_mfn;
	default:
		return shared_info_mfn;
	}
}

static u64
value_of(const struct op *op)
{
	return frame_of(op->frame) << PAGE_SHIFT | op->flags;
}

/* Can the probe run and write below this entry of an L4? */
static int
maps_home(u64 l4e)
{
	return PTE_FRAME(l4e) == home_mfn && (l4e & (PTE_P | PTE_RW | PTE_NX)) == (PTE_P | PTE_RW);
}

/* Would the op, if Xen allowed it, take the probe's own pages from under it? */
static int
loses_home(const struct op *op)
{
	u64 table = frame_of(op->table), l4e;

	if (op->kind == OP_MMU_UPDATE && table == root_mfn && op->index == HOME_SLOT)
		return !maps_home(value_of(op));
	if (op->kind == OP_MMU_UPDATE)
		return table == home_mfn && op->index == 0;
	if (op->kind == OP_MMUEXT && op->command == MMUEXT_NEW_BASEPTR)
		return !peek(table, HOME_SLOT, &l4e) || !maps_home(l4e);
	return 0;
}

static s64
set_gdt(u64 mfn)
{
	return hypercall(HYPERCALL_SET_GDT, (u64)&mfn, PTES, 0, 0);
}

static s64
mmuext(const struct op *op)
{
	int by_address = op->command == MMUEXT_INVLPG_LOCAL;
	s64 rc = mmuext_op(op->command, by_address ? op->va : frame_of(op->table));

	if (rc == 0 && op->command == MMUEXT_NEW_BASEPTR)
		root_mfn = frame_of(op->table);
	return rc;
}

static struct answer
guarded_access(const struct op *op)
{
	struct answer a = { 0 };
	int faulted;
	u64 value;

	if (op->kind == OP_STORE32)
		faulted = store32(op->va, value_of(op));
	else if (op->kind == OP_STORE64)
		faulted = store64(op->va, value_of(op));
	else
		faulted = load64(op->va, &value);
	if (faulted) {
		a.vector = fault_vector;
		a.code = fault_code;
	}
	return a;
}

struct answer
perform(const struct op *op)
{
	struct answer a = { 0 };

	if (loses_home(op)) {
		a.skipped = 1;
		return a;
	}
	switch (op->kind) {
	case OP_MMU_UPDATE:
		a.rc = mmu_update(frame_of(op->table) << PAGE_SHIFT | op->index << 3 | op->command,
				  value_of(op));
		return a;
	case OP_UPDATE_VA_MAPPING:
		a.rc = update_va_mapping(op->va, value_of(op));
		return a;
	case OP_MMUEXT:
		a.rc = mmuext(op);
		return a;
	case OP_SET_GDT:
		a.rc = set_gdt(frame_of(op->table));
		return a;
	default:
		return guarded_access(op);
	}
}
