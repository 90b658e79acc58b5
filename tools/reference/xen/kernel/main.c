/*
 * The probe: a PV kernel that does what its op list says and prints what Xen
 * answered, one line an op:
 *
 *   R <number> <rc> <fault> <entry> <pte>
 *
 * rc is decimal or "skip"; fault is "vector:code"; entry is the word that the
 * op aimed at, pte the L1 entry that maps its linear address, both read after
 * the op. All but number and rc are hexadecimal, "-" where there is none.
 */
#include "ops.h"

static void
put_if(int there, u64 value)
{
	put_string(" ");
	if (there)
		put_hex(value);
	else
		put_string("-");
}

static void
put_result(struct answer a)
{
	if (a.skipped)
		put_string("skip");
	else
		put_decimal(a.rc);
	put_if(a.vector, a.vector);
	if (a.vector) {
		put_string(":");
		put_hex(a.code);
	}
}

/* The word that the op aimed at: in a table by frame, or at a linear address. */
static int
read_target(const struct op *op, int mapped, u64 pte, u64 *entry)
{
	if (op->kind == OP_MMU_UPDATE)
		return peek(frame_of(op->table), op->index, entry);
	if (op->kind >= OP_STORE32 && op->kind <= OP_LOAD64)
		return mapped && pte & PTE_P && peek(PTE_FRAME(pte), op->va >> 3, entry);
	return 0;
}

static void
report(u32 number, const struct op *op, struct answer a)
{
	u64 pte = 0, entry = 0;
	int mapped = op->va && find_pte(op->va, &pte);
	int aimed = read_target(op, mapped, pte, &entry);

	put_string("R ");
	put_decimal(number);
	put_string(" ");
	put_result(a);
	put_if(aimed, entry);
	put_if(mapped, pte);
	end_line();
}

static void
stop(const char *why)
{
	put_string(why);
	end_line();
	shutdown();
}

/* Called by head.S for a fault outside the guarded accesses. */
void
unexpected_fault(u64 rip, u64 code)
{
	put_string("fault ");
	put_decimal(fault_vector);
	put_string(" code ");
	put_hex(code);
	put_string(" at ");
	put_hex(rip);
	end_line();
	stop("stopped: unexpected fault");
}

static void
set_traps(void)
{
	struct trap_info traps[] = {
		{ TRAP_GENERAL_PROTECTION, 0, FLAT_KERNEL_CS, (u64)general_protection },
		{ TRAP_PAGE_FAULT, 0, FLAT_KERNEL_CS, (u64)page_fault },
		{ 0 },
	};

	hypercall(HYPERCALL_SET_TRAP_TABLE, (u64)traps, 0, 0, 0);
}

void
kmain(const struct start_info *si)
{
	const struct op_list *list = (const struct op_list *)si->mod_start;

	set_traps();
	if (si->mod_len < sizeof *list || list->magic != LIST_MAGIC ||
	    si->mod_len < sizeof *list + list->count * sizeof list->op[0])
		stop("stopped: no op list");
	if (!memory_init(si, list->pages))
		stop("stopped: not enough memory for the area");
	for (u32 i = 0; i < list->count; i++) {
		struct answer a = perform(&list->op[i]);

		if (list->flags & LIST_FLUSH)
			mmuext_op(MMUEXT_TLB_FLUSH_LOCAL, 0);
		report(i, &list->op[i], a);
	}
	stop("done");
}
