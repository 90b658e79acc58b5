; A guest that builds its page tables in the mode MODE (0 two-level, 1 PAE, 2 4-level, 3 5-level), switches paging on and then changes them in every way that a
; recorder has to notice. DEFECT plants a mistake: 1 no flush, 2 a user bit, 3 a table that is reused while it is linked, 4 NX lost. QEMU starts it by Multiboot.

%ifndef DEFECT
%define DEFECT 0
%endif
%define P 1
%define RW 2
%define US 4
%define PS 0x80
%define NX 0x80000000
%define TABLE P | RW
%define ENTRY (4 + 4 * (MODE > 0))
%define COM1 0x3F8

IMAGE equ 0x100000
TOP equ 0x10000                 ; the PML5
PML4 equ 0x11000
PDPT equ 0x12000 + (MODE == 1) * 0xA20
PD equ 0x13000
PT equ 0x14000
LATER equ 0x15000               ; a table that is filled before it is linked
OTHER_TOP equ 0x16000           ; a second root
OTHER_PDPT equ 0x17000 + (MODE == 1) * 0x40
WINDOW equ 0x200000             ; what LATER maps

BITS 32
ORG IMAGE
[map symbols SYMBOLS]
header:
      dd 0x1BADB002, 0x00010000, -(0x1BADB002 + 0x00010000)
      dd header, IMAGE, image_end, image_end, start

%macro store 3                  ; address, low half, high half
      mov dword [%1], %2
%if MODE > 0
      mov dword [(%1) + 4], %3
%endif
%endmacro

%macro flush 1                  ; linear address
      mov eax, %1
      invlpg [eax]
%endmacro

start:
      cli
      mov esp, 0x9000
      call build_tables
      call paging_on
      call map_pages
      call link_later
      call protect_text
      call grow_window
      call reuse_page
      call switch_root
      call plant
      mov esi, done
      mov edx, COM1
.say: lodsb
      test al, al
      jz halt
      out dx, al
      jmp .say
halt:
      hlt
      jmp halt
done: db "done", 10, 0

build_tables:
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
      store PD, PT | TABLE | US, 0
%if MODE == 1
      store PDPT, PD | P, 0
%elif MODE > 1
      store PDPT, PD | TABLE | US, 0
      store PML4, PDPT | TABLE | US, 0
      store PML4 + 8 * 511, PML4 | P | RW, NX
%if MODE == 3
      store TOP, PML4 | TABLE | US, 0
%endif
%endif
      ret

paging_on:
%if MODE > 0
      mov ecx, 0xC0000080       ; EFER: NXE, and LME for long mode
      rdmsr
      or eax, 0x800 | (MODE > 1) * 0x100
      wrmsr
%endif
%if MODE == 0
      mov eax, 0x90             ; CR4: PSE, PGE
      mov ebx, PD
%elif MODE == 1
      mov eax, 0xB0
      mov ebx, PDPT
%elif MODE == 2
      mov eax, 0xB0
      mov ebx, PML4
%else
      mov eax, 0x10B0
      mov ebx, TOP
%endif
      mov cr4, eax
      mov cr3, ebx
      mov eax, cr0
      or eax, 0x80010000        ; CR0: PG, WP
      mov cr0, eax
      ret

; Entries of all widths: a byte, half an entry, an exchange, 8 bytes at once.
map_pages:
      mov byte [PT + ENTRY * 0x20], P ; the page loses RW
      flush 0x20000
      lock or dword [PT + ENTRY * 0x20], RW
      mov eax, 0x77000 | P | RW
      xchg [PT + ENTRY * 0x21], eax
      flush 0x21000
%if MODE > 0
      mov eax, [PT + 8 * 0x22]
      mov edx, [PT + 8 * 0x22 + 4]
      mov ebx, 0x78000 | P
      mov ecx, NX
      lock cmpxchg8b [PT + 8 * 0x22]
%else
      mov dword [PT + 4 * 0x22], 0x78000 | P
%endif
      flush 0x22000
      mov word [PT + ENTRY * 0x23 + 1], 0x790 ; from the middle of the frame number on
      flush 0x23000
      ret

; The table has its entries before it is linked.
link_later:
      mov edi, LATER
      mov ecx, 0x400
      xor eax, eax
      rep stosd
      store LATER, 0x300000 | P | RW, 0
      store LATER + ENTRY, 0x301000 | P, 0
      store PD + ENTRY * (1 - (MODE == 0)) + (MODE == 0) * 4 * 1, LATER | TABLE, 0
%if MODE == 0
      mov byte [0x400000], 1    ; the CPU marks what it uses
%else
      mov byte [WINDOW], 1
%endif
      ret

protect_text:
      mov dword [PT + ENTRY * 0x100], 0x100000 | P
      flush 0x100000
      ret

; A large page, and a gap.
grow_window:
%if MODE == 0
      mov dword [PD + 4 * 2], 0x800000 | P | RW | PS
%else
      store PD + 8 * 2, 0x400000 | P | RW | PS, NX
%endif
      mov dword [PT + ENTRY * 0x30], 0
      flush 0x30000
      ret

; The table of the window is unlinked, its page holds data for a while, then it is a table again.
reuse_page:
%if MODE == 0
%define SLOT PD + 4
%else
%define SLOT PD + 8
%endif
      mov dword [SLOT], 0
      mov eax, cr3
      mov cr3, eax
      mov edi, LATER
      mov ecx, 0x400
      mov eax, 0xDEADBEEF
      rep stosd
      mov edi, LATER
      mov ecx, 0x400
      xor eax, eax
      rep stosd
      store LATER + ENTRY * 2, 0x302000 | P | RW, 0
      mov dword [SLOT], LATER | TABLE
      ret

; A second root, loaded while paging is on: the CPU marks entries before anyone can look.
switch_root:
%if MODE == 0
      store OTHER_TOP, PT | TABLE, 0
      mov eax, OTHER_TOP
%elif MODE == 1
      store OTHER_PDPT, PD | P, 0
      mov eax, OTHER_PDPT
%else
      store OTHER_PDPT, PD | TABLE, 0
      store OTHER_TOP, OTHER_PDPT | TABLE, 0
%if MODE == 3
      store OTHER_TOP + 0x2000, OTHER_TOP | TABLE, 0
      mov eax, OTHER_TOP + 0x2000
%else
      mov eax, OTHER_TOP
%endif
%endif
      mov cr3, eax
      mov eax, cr3              ; and back
%if MODE == 0
      mov eax, PD
%elif MODE == 1
      mov eax, PDPT
%elif MODE == 2
      mov eax, PML4
%else
      mov eax, TOP
%endif
      mov cr3, eax
      ret

plant:
%if DEFECT == 1
      call protect_more
%elif DEFECT == 2
      call open_to_user
%elif DEFECT == 3
      call clear_buffer
%elif DEFECT == 4
      call touch_data
%endif
      ret

%if DEFECT == 1
protect_more:
      mov dword [PT + ENTRY * 0x101], 0x101000 | P
      ret
%endif
%if DEFECT == 2
open_to_user:
      mov dword [PT + ENTRY * 0x40], 0x40000 | P | RW | US
      flush 0x40000
      ret
%endif
%if DEFECT == 3
clear_buffer:                   ; the buffer is the table of the window
      mov edi, LATER
      mov ecx, 0x400
      xor eax, eax
      rep stosd
      ret
%endif
%if DEFECT == 4
touch_data:                     ; writes the low half of an entry, and zero over its NX
      store PT + 8 * 0x22, 0x78000 | P, 0
      flush 0x22000
      ret
%endif
image_end:
