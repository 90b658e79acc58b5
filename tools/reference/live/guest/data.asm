; Tables, state, and the page of user code.

align 8
stubs32: STUB_TABLE 32
stubs64: STUB_TABLE 64

; by mode: two-level, PAE, 4-level, 5-level
mode_root: dd ROOT_2LEVEL, ROOT_PAE, ROOT_4LEVEL, ROOT_5LEVEL
mode_cr4:  dd 0, CR4_PAE, CR4_PAE, CR4_PAE | CR4_LA57
mode_efer: dd 0, 0, EFER_LME, EFER_LME

; by access: read, write, fetch, exchange
kernel_accesses32: dd FOUR(kernel32)
kernel_accesses64: dd FOUR(kernel64)
user_accesses32:   dd FOUR(user32)
user_accesses64:   dd FOUR(user64)

align 4096                        ; a page without code: QEMU translates the code of a page anew that is written
%include "gdt.asm"

; the first 32 bytes of an answer
align 4
seen:
.vector: dd 0
.error: dd 0
.cr2: dq 0
.eax: dd 0
.case_number: dd 0
.eip: dd 0
.phase: dd 0                      ; 0: paging is being switched on; 1: the access itself

case_file: dd 0
case: dd 0
answer: dd 0
efer: dd 0
access: dd 0
linear: dq 0

align 4096
user_code:
ACCESSES user32, ebx
BITS 64
ACCESSES user64, rbx
      times 2048 - ($ - user_code) int3
user_stack:
      times 4096 - ($ - user_code) db 0
image_end:

; behind the image, not in it
idt32 equ image_end
idt64 equ image_end + 0x1000
stack_top equ image_end + 0x4000
