/*
 * The area: guest pages that the ops may name, and nothing else may touch.
 * They are the last ones of the guest, so that no entry maps them at first.
 *
 * The window: one page of the probe through which it reads any frame. It is
 * only ever mapped read-only, so it takes no type and disturbs no answer.
 */
#include "probe.h"

static const u64 *p2m;
static u64 area_base;
static u32 area_pages;
static u8 window[PAGE_SIZE] __attribute__((aligned(4096)));

u64 root_mfn;		/* the L4 in CR3 */
u64 home_mfn;		/* the L3 that maps the probe */
u64 shared_info_mfn;

u64
area_mfn(u32 page)
{
	return page < area_pages ? p2m[area_base + page] : 0;
}

/* Reads entry `index` of a frame. Returns 0 when Xen does not let us map it. */
int
peek(u64 mfn, u32 index, u64 *entry)
{
	if (update_va_mapping((u64)window, mfn << PAGE_SHIFT | PTE_RO) != 0)
		return 0;
	*entry = ((volatile u64 *)window)[index % PTES];
	return 1;
}

/* Finds the L1 entry that maps `va` in the loaded table, if there is one. */
int
find_pte(u64 va, u64 *pte)
{
	u64 mfn = root_mfn;

	for (int shift = 39;; shift -= 9) {
		if (!peek(mfn, va >> shift & (PTES - 1), pte))
			return 0;
		if (shift == PAGE_SHIFT)
			return 1;
		if (!(*pte & PTE_P) || *pte & PTE_PS)
			return 0;
		mfn = PTE_FRAME(*pte);
	}
}

/* Tells the driver which machine frames the names stand for; the area run by run. */
static void
print_area(void)
{
	for (u32 page = 0, run; page < area_pages; page += run) {
		for (run = 1; area_mfn(page + run) == area_mfn(page) + run;)
			run++;
		put_string("A ");
		put_decimal(page);
		put_string(" ");
		put_hex(area_mfn(page));
		put_string(" ");
		put_decimal(run);
		end_line();
	}
	put_string("H ");
	put_hex(home_mfn);
	put_string(" ");
	put_hex(shared_info_mfn);
	end_line();
}

/* Clears the area's pages. Returns 0 when the guest is too small for them. */
int
memory_init(const struct start_info *si, u32 pages)
{
	u64 in_use = (si->pt_base - VIRT_BASE >> PAGE_SHIFT) + si->nr_pt_frames + 1;
	const u64 *l4 = (const u64 *)si->pt_base;

	if (pages > si->nr_pages || si->nr_pages - pages < in_use)
		return 0;
	p2m = (const u64 *)si->mfn_list;
	area_base = si->nr_pages - pages;
	area_pages = pages;
	root_mfn = p2m[si->pt_base - VIRT_BASE >> PAGE_SHIFT];
	home_mfn = PTE_FRAME(l4[HOME_SLOT]);
	shared_info_mfn = si->shared_info >> PAGE_SHIFT;
	for (u32 page = 0; page < pages; page++)
		mmuext_op(MMUEXT_CLEAR_PAGE, area_mfn(page));
	print_area();
	return 1;
}
