; Where things lie in physical memory, and the shape of a case and of an answer.
;
;   0x100000  this image          0x200000  root, two-level      0x300000  tagged RAM, 1 MiB
;                                 0x201000  root, PAE           0x1000000  tagged RAM, 4 MiB
;                                 0x202000  root, 4-level       0x1800000  cases (Bochs)
;                                 0x208000  root, 5-level       0x4000000  answers
;                                 0x210000  tables of the case  4 GiB      tagged RAM, 4 MiB (flag 1)
;
; All that the guest itself touches while paging is on lies below 4 MiB, mapped to itself with accessed and
; dirty already set, so that only the entries of the case can change.

IMAGE         equ 0x100000
ROOT_2LEVEL   equ 0x200000
ROOT_PAE      equ 0x201000
ROOT_4LEVEL   equ 0x202000
SELF_PT       equ 0x203000        ; two-level: maps 0..4 MiB
SELF_PD       equ 0x204000        ; 8-byte entries: two page tables, 0..4 MiB
SELF_PT_LOW   equ 0x205000
SELF_PT_HIGH  equ 0x206000
SELF_PDPT     equ 0x207000
ROOT_5LEVEL   equ 0x208000
HIGH_PD       equ 0x211000        ; only while the RAM above 4 GiB is being tagged
TABLES_END    equ 0x220000

TAGGED_LOW    equ 0x300000
TAGGED_LARGE  equ 0x1000000
TAG_SLOT      equ 16
CASES_BOCHS   equ 0x1800000

; The case file: 64 bytes of header, then 128 bytes a case.
FILE_COUNT    equ 4
FILE_FLAGS    equ 8
FILE_ANSWERS  equ 12
FILE_CASES    equ 64
FLAG_HIGH_RAM equ 1
FLAG_PARALLEL equ 2               ; answers leave through the parallel port, power goes off by port 0x8900

CASE_MODE     equ 0
CASE_CR0      equ 4
CASE_CR4      equ 8
CASE_EFER     equ 12
CASE_ACCESS   equ 16
CASE_ENTRIES  equ 20
CASE_LINEAR   equ 24
CASE_TABLE    equ 32
CASE_BYTES    equ 128
ANSWER_BYTES  equ 80

ACCESS_EXCHANGE equ 3
ACCESS_USER   equ 0x100
ACCESS_AC     equ 0x200           ; bits 31..16 of the access word: PKRU of keys 0 to 7

MODE_4LEVEL   equ 2
MODE_5LEVEL   equ 3

CR0_WP        equ 1 << 16
CR0_PG        equ 1 << 31
CR4_PAE       equ 1 << 5
CR4_LA57      equ 1 << 12
CR4_PKE_BIT   equ 22
MSR_EFER      equ 0xC0000080
EFER_LME      equ 1 << 8
EFLAGS_ONE    equ 2
EFLAGS_AC     equ 1 << 18

SEL_CODE32    equ 0x08
SEL_DATA      equ 0x10
SEL_UCODE32   equ 0x1B
SEL_UDATA     equ 0x23
SEL_TSS32     equ 0x28
SEL_CODE64    equ 0x30
SEL_UCODE64   equ 0x3B
SEL_TSS64     equ 0x40

UNTOUCHED     equ 0x5A5A5A5A      ; in EAX before the access
