/*
 * The part of Xen's interface for 64-bit PV guests that the probe uses.
 * Numbers and layouts are those of Xen's public headers (arch-x86/xen.h,
 * xen.h, memory.h, sched.h), written down here by hand.
 */
#ifndef XEN_H
#define XEN_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;
typedef long s64;

/* Hypercall numbers; number n is entered at hypercall_page + 32 * n. */
#define HYPERCALL_SET_TRAP_TABLE 0
#define HYPERCALL_MMU_UPDATE 1
#define HYPERCALL_SET_GDT 2
#define HYPERCALL_UPDATE_VA_MAPPING 14
#define HYPERCALL_CONSOLE_IO 18
#define HYPERCALL_MMUEXT_OP 26
#define HYPERCALL_SCHED_OP 29

#define CONSOLEIO_WRITE 0
#define SCHEDOP_SHUTDOWN 2
#define SHUTDOWN_REBOOT 1
#define MMUEXT_NEW_BASEPTR 5
#define MMUEXT_TLB_FLUSH_LOCAL 6
#define MMUEXT_INVLPG_LOCAL 7
#define MMUEXT_CLEAR_PAGE 16
#define UVMF_INVLPG_LOCAL 2
#define DOMID_SELF 0x7ff0

/* The flat 64-bit code segment that Xen keeps in every guest's GDT. */
#define FLAT_KERNEL_CS 0xe033

#define TRAP_GENERAL_PROTECTION 13
#define TRAP_PAGE_FAULT 14

struct start_info {
	char magic[32];
	u64 nr_pages;
	u64 shared_info;
	u32 flags;
	u64 store_mfn;
	u32 store_evtchn;
	u64 console_mfn;
	u32 console_evtchn;
	u64 pt_base;	/* linear address of the loaded L4 */
	u64 nr_pt_frames;
	u64 mfn_list;	/* linear address of the p2m */
	u64 mod_start;	/* linear address of the ramdisk: our op list */
	u64 mod_len;
};

struct trap_info {
	u8 vector;
	u8 flags;
	u16 cs;
	u64 address;
};

struct mmu_update {
	u64 ptr;	/* machine address of an entry; bits 1..0: the command */
	u64 val;
};

struct mmuext_op {
	u32 cmd;
	u64 arg1;	/* a machine frame, or a linear address */
	u64 arg2;
};

#endif
