; A guest that switches paging on in the mode MODE (0 two-level, 1 PAE, 2 4-level, 3 5-level) and halts. QEMU starts it by
; Multiboot, in flat 32-bit mode with paging off. Its tables have what walks get wrong: small and large pages, two maps of one
; frame, no-execute, user pages, a gap, a PDPT inside a frame, and in 4- and 5-level mode a root that is its own entry.

%define P 1
%define RW 2
%define US 4
%define PS 0x80
%define G 0x100
%define NX 0x80000000
%define TABLE P | RW | US
%define CR4_PSE_PAE_PGE 0xB0

IMAGE equ 0x100000
TOP equ 0x10000                 ; the PML5
PML4 equ 0x11000
PDPT equ 0x12000 + (MODE == 1) * 0xA20
PD equ 0x13000
PT equ 0x14000

BITS 32
ORG IMAGE
header:
      dd 0x1BADB002, 0x00010000, -(0x1BADB002 + 0x00010000)
      dd header, IMAGE, image_end, image_end, start

%macro store 3                  ; address, low half, high half
      mov dword [%1], %2
%if MODE > 0
      mov dword [(%1) + 4], %3
%endif
%endmacro

start:
      cli
      ; the lowest pages, each to its own frame, so that this code goes on
      mov edi, PT
      mov eax, P | RW
.page:
      stosd
%if MODE > 0
      mov dword [edi], 0
      add edi, 4
%endif
      add eax, 0x1000
      cmp edi, PT + 0x1000
      jb .page
%if MODE == 0
      store PT + 4 * 5, 0, 0
      store PT + 4 * 6, 0x6000 | P | US, 0
      store PT + 4 * 7, 0x6000 | P | RW | G, 0
      store PD, PT | TABLE, 0
      store PD + 4 * 1, 0x400000 | P | PS | US, 0
      store PD + 4 * 768, P | RW | PS | G, 0
%else
      store PT + 8 * 5, 0, 0
      store PT + 8 * 6, 0x6000 | P | US, NX
      store PT + 8 * 7, 0x6000 | P | RW | G, 0
      store PD, PT | TABLE, 0
      store PD + 8 * 1, 0x400000 | P | PS | US, NX
      store PD + 8 * 511, P | RW | PS | G, 0
%if MODE == 1
      store PDPT, PD | P, 0
      store PDPT + 8 * 3, PD | P, 0
%else
      store PDPT, PD | TABLE, 0
      store PDPT + 8 * 5, 0x40000000 | P | RW | PS | G, NX
      store PDPT + 8 * 511, PD | P | RW, NX
      store PML4, PDPT | TABLE, 0
      store PML4 + 8 * 256, PDPT | P | RW, 0
      store PML4 + 8 * 511, PML4 | P | RW, NX
%if MODE == 3
      store TOP, PML4 | TABLE, 0
      store TOP + 8 * 511, PML4 | P | RW, 0
%endif
%endif
      mov ecx, 0xC0000080       ; EFER: NXE, and LME for long mode
      rdmsr
      or eax, 0x800 | (MODE > 1) * 0x100
      wrmsr
%endif
%if MODE == 0
      mov eax, 0x90             ; CR4: PSE, PGE
      mov ebx, PD
%elif MODE == 1
      mov eax, CR4_PSE_PAE_PGE
      mov ebx, PDPT
%elif MODE == 2
      mov eax, CR4_PSE_PAE_PGE
      mov ebx, PML4
%else
      mov eax, CR4_PSE_PAE_PGE | 0x1000
      mov ebx, TOP
%endif
      mov cr4, eax
      mov cr3, ebx
      mov eax, cr0
      or eax, 0x80010000        ; CR0: PG, WP
      mov cr0, eax
halt:
      hlt
      jmp halt
image_end:
