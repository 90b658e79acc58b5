; The guest that stays in one paging session: it runs a list of steps with paging on, each a store to a test entry, a
; write of CR0, CR3, CR4 or EFER, an INVLPG, or an access, and records what became of each access.
;
;   0x100000  this image        0x203000  PAE: the two page directories of the test    0x300000  16 frames
;   0x200000  two-level roots   0x205000  the two page tables of the test              0x800000  the file, copied
;   0x202000  PAE roots, 32 B   0x210000  tables of the identity map, 0 to 32 MiB      0x1C00000 answers
;   0x207000  long mode: PML4s, PDPTs and PML5s, two each
;
; The test's eight pages lie at 1 GiB. What the guest itself touches is mapped to itself with accessed and dirty set.
; In long mode it runs in compatibility mode, so that the same 32-bit code serves all modes. Only an exception is met in
; 64-bit code.

%include "layout.asm"
%include "macros.asm"

ROOT_A        equ 0x200000
ROOT_B        equ 0x201000
PAE_ROOT_A    equ 0x202000
PAE_ROOT_B    equ 0x202020
DIRECTORY_A   equ 0x203000
DIRECTORY_B   equ 0x204000
TEST_TABLES   equ 0x205000        ; two, each a page
PML4_A        equ 0x207000
PML4_B        equ 0x208000
PDPT_A        equ 0x209000
PDPT_B        equ 0x20A000
PML5_A        equ 0x20B000
PML5_B        equ 0x20C000
SELF_TABLES   equ 0x210000        ; 8 page tables of two-level paging
SELF_PAE_PD   equ 0x218000
SELF_PAE_PTS  equ 0x220000        ; 16 page tables of PAE
FRAMES        equ 0x300000
FRAME_COUNT   equ 16
FILE_COPY     equ 0x800000
ANSWERS       equ 0x1C00000
FILE_BYTES    equ 8               ; a word of the header
SESSION_HEAD  equ 16
STEP_BYTES    equ 16
CR0_ON        equ CR0_PG | 0x31

%include "start.asm"
      mov esi, ebx
      mov ecx, [ebx+FILE_BYTES]
      mov edi, FILE_COPY
      cld
      rep movsb
%include "descriptors.asm"
      call build_self_map
      call tag_frames
      mov dword [answer], ANSWERS
      mov dword [cursor], FILE_COPY + FILE_CASES

next_session:
      mov eax, [done]
      cmp eax, [FILE_COPY+FILE_COUNT]
      jae send_answers
      inc dword [done]
      mov esi, [cursor]
      mov eax, [esi]
      mov [mode], eax
      mov eax, [esi+4]
      mov [steps], eax
      add dword [cursor], SESSION_HEAD
      mov edx, [mode]
      mov eax, [mode_efer+edx*4]
      call write_efer
      mov eax, [mode]
      mov edx, [mode_cr4+eax*4]
      mov cr4, edx
      mov edx, [roots+eax*8]
      mov cr3, edx
      mov eax, CR0_ON
      mov cr0, eax
      jmp .paging
.paging:
      cmp dword [mode], MODE_4LEVEL
      jb next_step
      jmp SEL_CODE64:enter_long

BITS 64
enter_long:
      lidt [idtr64]
      and byte [tss64_descriptor+5], 0xFD ; not busy
      mov ax, SEL_TSS64
      ltr ax
      mov esp, stack_top
      push qword SEL_CODE32
      push qword next_step
      o64 retf
BITS 32

next_step:
      mov esp, stack_top
      cmp dword [steps], 0
      je end_session
      dec dword [steps]
      mov esi, [cursor]
      add dword [cursor], STEP_BYTES
      mov ebx, [esi]
      mov eax, [esi+4]
      jmp [operations+ebx*4]

do_store:                         ; the entry at a physical address, mapped to itself
      mov edx, [esi+8]
      mov [eax], edx
      cmp dword [mode], 0
      je next_step
      mov edx, [esi+12]
      mov [eax+4], edx
      jmp next_step
do_cr0:
      mov cr0, eax
      jmp next_step
do_cr3:                           ; root 0 or 1
      mov edx, [mode]
      lea edx, [eax+edx*2]
      mov edx, [roots+edx*4]
      mov cr3, edx
      jmp next_step
do_cr4:
      mov cr4, eax
      jmp next_step
do_efer:
      call write_efer
      jmp next_step
do_invlpg:
      invlpg [eax]
      jmp next_step

do_access:
      mov [linear], eax
      mov edx, [esi+8]
      mov [access], edx
      xor eax, eax
      mov cr2, eax
%include "access32.asm"

; EAX: the new EFER. ECX and EDX are lost.
write_efer:
      xor edx, edx
      mov ecx, MSR_EFER
      wrmsr
      ret

ACCESSES kernel32, ebx

; Every exception: the stub has pushed an error code, if the CPU did not, and the vector.
BITS 64
trap64:
      cld
      mov edi, [answer]
      pop rcx
      mov [rdi], ecx
      pop rcx
      mov [rdi+4], ecx
      mov esp, stack_top
      push qword SEL_CODE32
      push qword trapped
      o64 retf
BITS 32
trap32:
      mov cx, SEL_DATA
      mov ds, cx
      cld
      mov edi, [answer]
      pop dword [edi]
      pop dword [edi+4]
trapped:                          ; EDI: the answer, which has the vector and the error code
      mov cx, SEL_DATA
      mov ds, cx
      mov es, cx
      mov ss, cx
      mov esp, stack_top
      push dword EFLAGS_ONE
      popfd
      mov [edi+12], eax
      mov eax, cr2
      mov [edi+8], eax
      cmp byte [access], 1
      jne .answered
      mov dword [edi+12], -1      ; a write: which frame has it?
      mov esi, FRAMES + 8
      xor ecx, ecx
.frame:
      cmp dword [esi], UNTOUCHED
      jne .other
      mov dword [esi], 0
      mov [edi+12], ecx
.other:
      add esi, 0x1000
      inc ecx
      cmp ecx, FRAME_COUNT
      jne .frame
.answered:
      add dword [answer], 16
      jmp next_step

; Paging off; the entries of the test are answered too, and cleared.
end_session:
      mov eax, 0x31
      mov cr0, eax
      jmp .off
.off:
      xor eax, eax
      mov cr4, eax
      call write_efer
      cmp dword [mode], MODE_4LEVEL
      jb .descriptors_kept
      lidt [idtr32]
      and byte [tss32_descriptor+5], 0xFD
      mov ax, SEL_TSS32
      ltr ax
.descriptors_kept:
      mov edi, [answer]
      mov eax, [mode]
      mov esi, [directories+eax*8]
      mov ecx, 2
      call dump
      mov eax, [mode]
      mov esi, [directories+eax*8+4]
      mov ecx, 2
      call dump
      mov esi, TEST_TABLES
      mov ecx, 4
      call dump
      mov esi, TEST_TABLES + 0x1000
      mov ecx, 4
      call dump
      mov [answer], edi
      jmp next_session

; ECX entries at ESI to EDI, 8 bytes each, and clears them.
dump:
      mov eax, [esi]
      mov dword [esi], 0
      add esi, 4
      stosd
      xor eax, eax
      cmp dword [mode], 0
      je .narrow
      mov eax, [esi]
      mov dword [esi], 0
      add esi, 4
.narrow:
      stosd
      loop dump
      ret

; 0..32 MiB onto itself in every mode, accessed and dirty set. Only the page of the user code is a user page.
build_self_map:
      mov edi, ROOT_A
      xor eax, eax
      mov ecx, (FRAMES - ROOT_A) / 4
      rep stosd
      xor ecx, ecx
.table:
      mov eax, ecx
      shl eax, 12
      lea edx, [eax+SELF_TABLES+0x27]
      mov [ROOT_A+ecx*4], edx
      mov [ROOT_B+ecx*4], edx
      inc ecx
      cmp ecx, 8
      jne .table
      xor ecx, ecx
.wide:
      mov eax, ecx
      shl eax, 12
      lea edx, [eax+SELF_PAE_PTS+0x27]
      mov [SELF_PAE_PD+ecx*8], edx
      inc ecx
      cmp ecx, 16
      jne .wide
      mov dword [PAE_ROOT_A], SELF_PAE_PD | 1
      mov dword [PAE_ROOT_B], SELF_PAE_PD | 1
      mov dword [PAE_ROOT_A+8], DIRECTORY_A | 1
      mov dword [PAE_ROOT_B+8], DIRECTORY_B | 1
      mov dword [PDPT_A], SELF_PAE_PD | 0x27
      mov dword [PDPT_B], SELF_PAE_PD | 0x27
      mov dword [PDPT_A+8], DIRECTORY_A | 0x27
      mov dword [PDPT_B+8], DIRECTORY_B | 0x27
      mov dword [PML4_A], PDPT_A | 0x27
      mov dword [PML4_B], PDPT_B | 0x27
      mov dword [PML5_A], PML4_A | 0x27
      mov dword [PML5_B], PML4_B | 0x27
      xor ecx, ecx
.page:
      mov eax, ecx
      shl eax, 12
      or eax, 0x63
      cmp ecx, (user_code - header + IMAGE) >> 12
      jne .supervisor
      or eax, 4
.supervisor:
      mov [SELF_TABLES+ecx*4], eax
      mov [SELF_PAE_PTS+ecx*8], eax
      inc ecx
      cmp ecx, 8192
      jne .page
      ret

; A frame begins with "mov eax, <its number>; ud2": a read one byte in, and a fetch, both give the number.
tag_frames:
      mov edi, FRAMES
      xor ecx, ecx
.frame:
      mov byte [edi], 0xB8
      mov [edi+1], ecx
      mov dword [edi+5], 0x0B0F
      mov dword [edi+8], 0
      add edi, 0x1000
      inc ecx
      cmp ecx, FRAME_COUNT
      jne .frame
      ret

send_answers:
      mov esi, ANSWERS
      mov ecx, [answer]
      sub ecx, esi
      mov ebp, [FILE_COPY+12]
%include "send.asm"

BITS 64
STUBS 64
BITS 32
STUBS 32

align 8
stubs32: STUB_TABLE 32
stubs64: STUB_TABLE 64
operations:      dd do_store, do_cr0, do_cr3, do_cr4, do_efer, do_invlpg, do_access
kernel_accesses32: dd FOUR(kernel32)
user_accesses32:   dd FOUR(user32)
; by mode: two-level, PAE, 4-level, 5-level
mode_cr4:        dd 0, CR4_PAE, CR4_PAE, CR4_PAE | CR4_LA57
mode_efer:       dd 0, 0, EFER_LME, EFER_LME
roots:           dd ROOT_A, ROOT_B, PAE_ROOT_A, PAE_ROOT_B, PML4_A, PML4_B, PML5_A, PML5_B
directories:     dd ROOT_A + 256*4, ROOT_B + 256*4
%rep 3
                 dd DIRECTORY_A, DIRECTORY_B
%endrep

align 4096                        ; a page without code: QEMU translates the code of a page anew that is written
%include "gdt.asm"

answer: dd 0
cursor: dd 0
done:   dd 0
steps:  dd 0
mode:   dd 0
access: dd 0
linear: dd 0

align 4096
user_code:
ACCESSES user32, ebx
      times 2048 - ($ - user_code) int3
user_stack:
      times 4096 - ($ - user_code) db 0
image_end:

; behind the image, not in it
idt32 equ image_end
idt64 equ image_end + 0x1000
stack_top equ image_end + 0x4000
