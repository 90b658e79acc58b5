; A guest that turns on each feature of paging in the mode MODE (0 two-level, 1 PAE, 2 4-level, 3 5-level) and halts. QEMU starts it by
; Multiboot, in flat 32-bit mode with paging off. BUILD says what is wrong with its tables (features.ts has the list):
;   0  nothing: every defence that the mode has is on, no page is writable and executable
;   1  each kind of defect is planted once
;   2  WP, NXE, SMEP and SMAP are off, and one leaf has NX
; Its tables lie below 0x210000 and are not mapped unless a defect says so. Frames that nothing reads need no memory.

%define P 1
%define RW 2
%define US 4
%define PWT 8
%define PCD 0x10
%define PAT 0x80                ; of a 4K page
%define PAT_LARGE 0x1000
%define PS 0x80
%define G 0x100
%define TABLE P | RW | US
%if MODE > 0 && BUILD < 2
%define NX 0x80000000
%else
%define NX 0
%endif
%define KEY1 0x08000000         ; in the high word

IMAGE equ 0x100000
TOP equ 0x200000                ; the PML5
PML4 equ 0x201000
PDPT equ 0x202000
PD equ 0x203000                 ; user half
PT equ 0x204000
HPDPT equ 0x205000
HPD equ 0x206000                ; kernel half
HPT equ 0x207000
HPML4 equ 0x208000
EMPTY equ 0x209000
TABLES_END equ 0x210000
%if MODE == 0
KERNEL equ PD + 4 * 768         ; the pde of the kernel half
%else
KERNEL equ HPD
%endif

BITS 32
ORG IMAGE
header:
      dd 0x1BADB002, 0x00010000, -(0x1BADB002 + 0x00010000)
      dd header, IMAGE, image_end, image_end, start

%macro entry 4                  ; table, index, low half, high half
%if MODE == 0
      mov dword [(%1) + 4 * (%2)], %3
%else
      mov dword [(%1) + 8 * (%2)], %3
      mov dword [(%1) + 8 * (%2) + 4], %4
%endif
%endmacro

start:
      cli
      mov edi, TOP
      xor eax, eax
      mov ecx, (TABLES_END - TOP) / 4
      rep stosd

      ; the user half: this code, user code and data, a page of key 1, two large pages
      entry PT, 0x100, IMAGE | P, 0
      entry PT, 0x10, 0x300000 | P | US, 0
      entry PT, 0x11, 0x301000 | P | RW | US, NX
      entry PT, 0x12, 0x302000 | P | RW | US, NX | KEY1 * (MODE > 1)
      entry PD, 0, PT | TABLE, 0
      entry PD, 2, 0x1000000 | P | US | PS, 0
      entry PD, 4, 0x1400000 | P | RW | US | PS, NX

      ; the kernel half: code and data, each memory type, large pages
      entry HPT, 0, IMAGE | P | G, 0
      entry HPT, 1, 0x310000 | P | RW | G, NX
      entry HPT, 2, 0xFEC00000 | P | RW | PCD | PWT, NX
      entry HPT, 3, 0xFD000000 | P | RW | PAT, NX
      entry HPT, 4, 0xFEE00000 | P | RW | PCD, NX
      entry HPT, 5, 0x311000 | P | RW | PWT, NX
      entry HPT, 6, 0x312000 | P, NX
      entry KERNEL, 0, HPT | TABLE, 0
      entry KERNEL, 1, 0x400000 | P | PS, 0
      entry KERNEL, 2, 0x800000 | P | RW | PS | G, NX
      entry KERNEL, 3, 0xFD000000 | P | RW | PS | PAT_LARGE, NX
%if MODE == 1
      entry PDPT, 0, PD | P, 0
      entry PDPT, 3, HPD | P, 0
%elif MODE > 1
      entry PDPT, 0, PD | TABLE, 0
      entry PDPT, 1, 0x40000000 | P | US | PS, NX
      entry HPDPT, 0, HPD | TABLE, 0
      entry HPDPT, 1, 0x80000000 | P | RW | PS | G, NX
      entry PML4, 0, PDPT | TABLE, 0
%if MODE == 2
      entry PML4, 384, HPDPT | TABLE, 0
%else
      entry TOP, 0, PML4 | TABLE, 0
      entry TOP, 511, HPML4 | TABLE, 0
      entry HPML4, 384, HPDPT | TABLE, 0
%endif
%endif

%if BUILD == 1
      entry PT, 0x20, 0x340000 | P | RW | US, 0         ; user-write-exec
      entry PT, 0x22, HPT | P | RW | US, NX             ; page-table-writable, by user mode
      entry PD, 16, 0x1800000 | P | RW | US | PS, 0     ; user-write-exec, large
      entry HPT, 16, 0x320000 | P | RW, 0               ; kernel-write-exec
      entry HPT, 18, IMAGE | P | RW, NX                 ; alias-write-exec
      entry HPT, 20, 0x330000 | P | US, NX              ; kernel-user-accessible
      entry KERNEL, 15, 0x80000000 | TABLE, 0           ; missing-table
      entry KERNEL, 16, 0x1C00000 | P | RW | PS, 0      ; kernel-write-exec, large
%if MODE == 0
      entry KERNEL, 17, 0x600000 | P | RW | PS, 0       ; reserved-bits: 21 is none of an address
      entry KERNEL, 18, 0x01004000 | P | PS, 0          ; beyond-memory: PSE-36, 8 GiB + 16 MiB
      entry KERNEL, 19, 0x01006000 | P | PS, 0          ; beyond-memory: 12 GiB + 16 MiB
%else
      entry HPT, 22, 0x350000 | P | RW, NX | 1 << 19    ; reserved-bits: address bit 51
      entry HPT, 24, P | RW, NX | 0x40                  ; beyond-memory: 256 GiB
      entry KERNEL, 17, 0x2000 | P | RW | PS, NX        ; reserved-bits: 13, in a 2M page
      entry KERNEL, 18, EMPTY | TABLE, 1 << 18          ; reserved-bits: address bit 50, above a table
%endif
%if MODE == 1
      entry PDPT, 2, EMPTY | P | RW | US, 0             ; reserved-bits: RW and US in a PDPTE
%elif MODE > 1
      entry HPDPT, 16, 0xC0000000 | P | RW | PS, 0      ; kernel-write-exec, 1G
      entry HPDPT, 17, 0xC0002000 | P | RW | PS, NX     ; reserved-bits: 13, in a 1G page
%if MODE == 2
      entry PML4, 385, EMPTY | TABLE | PS, 0            ; reserved-bits: PS in a PML4E
%else
      entry HPML4, 385, EMPTY | TABLE | PS, 0
      entry TOP, 510, EMPTY | TABLE | PS, 0             ; reserved-bits: PS in a PML5E
%endif
%endif
%elif BUILD == 2 && MODE > 0
      entry HPT, 6, 0x312000 | P, 0x80000000            ; reserved-bits: NX without NXE
%endif

%if MODE > 0
      mov ecx, 0xC0000080       ; EFER: NXE, and LME for long mode
      rdmsr
      or eax, 0x800 * (BUILD < 2) | (MODE > 1) * 0x100
      wrmsr
%endif
      mov ecx, 0x277            ; the PAT as Linux has it: entries 1, 5 and 7 are others than after reset
      mov eax, 0x00070106
      mov edx, 0x04070506
      wrmsr
      ; CR4: PSE, PGE; PAE; LA57; PKE in long mode; SMEP and SMAP
      mov eax, 0x90 | (MODE > 0) * 0x20 | (MODE == 3) * 0x1000 | (MODE > 1) * 0x400000 | (BUILD < 2) * 0x300000
      mov cr4, eax
%if MODE == 0
      mov ebx, PD
%elif MODE == 1
      mov ebx, PDPT
%elif MODE == 2
      mov ebx, PML4
%else
      mov ebx, TOP
%endif
      mov cr3, ebx
      mov eax, cr0
      and eax, ~0x10000
      or eax, 0x80000000 | (BUILD < 2) * 0x10000        ; CR0: PG, WP
      mov cr0, eax
%if MODE > 1
      xor ecx, ecx              ; PKRU: key 1 may only be read
      xor edx, edx
      mov eax, 8
      db 0x0F, 0x01, 0xEF       ; WRPKRU, which nasm takes only in 64-bit code
%endif
halt:
      hlt
      jmp halt
image_end:
