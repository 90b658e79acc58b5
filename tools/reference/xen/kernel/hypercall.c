/* Hypercalls: arguments in RDI, RSI, RDX, R10; Xen may change all of them. */
#include "probe.h"

s64
hypercall(u32 number, u64 a, u64 b, u64 c, u64 d)
{
	register u64 r10 asm("r10") = d;
	s64 result;

	asm volatile("call *%[entry]"
		     : "=a"(result), "+D"(a), "+S"(b), "+d"(c), "+r"(r10)
		     : [entry] "0"(hypercall_page + 32 * number)
		     : "rcx", "r8", "r9", "r11", "memory");
	return result;
}

s64
mmu_update(u64 ptr, u64 val)
{
	struct mmu_update request = { ptr, val };
	u32 done = 0;

	return hypercall(HYPERCALL_MMU_UPDATE, (u64)&request, 1, (u64)&done, DOMID_SELF);
}

s64
mmuext_op(u32 cmd, u64 arg1)
{
	struct mmuext_op request = { cmd, arg1, 0 };
	u32 done = 0;

	return hypercall(HYPERCALL_MMUEXT_OP, (u64)&request, 1, (u64)&done, DOMID_SELF);
}

s64
update_va_mapping(u64 va, u64 val)
{
	return hypercall(HYPERCALL_UPDATE_VA_MAPPING, va, val, UVMF_INVLPG_LOCAL, 0);
}

void
shutdown(void)
{
	u32 reason = SHUTDOWN_REBOOT;

	for (;;)
		hypercall(HYPERCALL_SCHED_OP, SCHEDOP_SHUTDOWN, (u64)&reason, 0, 0);
}
