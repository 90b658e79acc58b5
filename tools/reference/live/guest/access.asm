; The one access of a case, and the way back.

access32:
      mov dword [seen.phase], 1
%include "access32.asm"
ACCESSES kernel32, ebx

; Every 32-bit exception: the stub has pushed an error code, if the CPU did not, and the vector.
trap32:
      mov cx, SEL_DATA
      mov ds, cx
      mov es, cx
      cld
      pop dword [seen.vector]
      pop dword [seen.error]
      pop dword [seen.eip]
      mov [seen.eax], eax
      mov eax, cr2
      mov [seen.cr2], eax
      mov dword [seen.cr2+4], 0
      mov eax, cr0
      and eax, ~(CR0_PG | CR0_WP)
      mov cr0, eax
      jmp record

BITS 64
access64:
      lidt [idtr64]
      and byte [tss64_descriptor+5], 0xFD ; not busy
      mov ax, SEL_TSS64
      ltr ax
      mov ax, SEL_DATA
      mov ss, ax
      mov dword [seen.phase], 1
      mov rax, cr4
      bt eax, CR4_PKE_BIT
      jnc .no_keys
      mov eax, [access]
      shr eax, 16
      xor ecx, ecx
      xor edx, edx
      wrpkru
.no_keys:
      mov rbx, [linear]
      mov edx, [access]
      mov eax, UNTOUCHED
      movzx ecx, dl
      mov esi, EFLAGS_ONE
      test edx, ACCESS_AC
      jz .flags
      or esi, EFLAGS_AC
.flags:
      test edx, ACCESS_USER
      jnz .user
      push rsi
      popfq
      mov ecx, [kernel_accesses64+rcx*4]
      jmp rcx
.user:
      push qword SEL_UDATA
      push qword user_stack
      push rsi
      push qword SEL_UCODE64
      mov ecx, [user_accesses64+rcx*4]
      push rcx
      iretq
ACCESSES kernel64, rbx

trap64:
      cld
      pop rcx
      mov [seen.vector], ecx
      pop rcx
      mov [seen.error], ecx
      pop rcx
      mov [seen.eip], ecx
      mov [seen.eax], eax
      mov rax, cr2
      mov [seen.cr2], rax
      mov esp, stack_top
      push qword SEL_CODE32
      push qword leave64
      o64 retf
BITS 32
leave64:
      mov ax, SEL_DATA
      mov ds, ax
      mov es, ax
      mov ss, ax
      mov eax, cr0
      and eax, ~(CR0_PG | CR0_WP)
      mov cr0, eax
      jmp .paging_off
.paging_off:
      mov eax, [efer]
      and eax, ~EFER_LME
      call set_efer
      lidt [idtr32]
      and byte [tss32_descriptor+5], 0xFD
      mov ax, SEL_TSS32
      ltr ax
      jmp record

BITS 64
STUBS 64
BITS 32
STUBS 32
