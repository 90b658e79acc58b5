/* What the files of the probe share. */
#ifndef PROBE_H
#define PROBE_H

#include "xen.h"

#define PAGE_SHIFT 12
#define PAGE_SIZE (1UL << PAGE_SHIFT)
#define PTES 512
#define PTE_P 0x001UL
#define PTE_RW 0x002UL
#define PTE_RO 0x065UL	/* present, user, accessed, dirty */
#define PTE_PS 0x080UL
#define PTE_NX (1UL << 63)
#define PTE_FRAME(e) (((e) >> PAGE_SHIFT) & 0xffffffffffUL)

/* The probe lives in this slot of every L4 that it loads, at VIRT_BASE. */
#define HOME_SLOT 384
#define VIRT_BASE 0xffffc00000000000UL

/* head.S */
extern u8 hypercall_page[];
extern void page_fault(void), general_protection(void);
extern u32 fault_vector;
extern u64 fault_code;
/* These return 0, or 1 when the access faulted. */
int store32(u64 va, u32 value);
int store64(u64 va, u64 value);
int load64(u64 va, u64 *value);

/* hypercall.c */
s64 hypercall(u32 number, u64 a, u64 b, u64 c, u64 d);
s64 mmu_update(u64 ptr, u64 val);
s64 mmuext_op(u32 cmd, u64 arg1);
s64 update_va_mapping(u64 va, u64 val);
void shutdown(void) __attribute__((noreturn));

/* console.c */
void put_string(const char *s);
void put_decimal(s64 n);
void put_hex(u64 n);
void end_line(void);

/* memory.c */
extern u64 root_mfn, home_mfn, shared_info_mfn;
int memory_init(const struct start_info *si, u32 pages);
u64 area_mfn(u32 page);
int peek(u64 mfn, u32 index, u64 *entry);
int find_pte(u64 va, u64 *pte);

#endif
