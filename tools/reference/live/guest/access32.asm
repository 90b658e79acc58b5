; Makes the access of the access word in 32-bit code. It ends in an exception: UD2, if nothing else.

      mov ebx, [linear]
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
      push esi
      popfd
      jmp [kernel_accesses32+ecx*4]
.user:
      push dword SEL_UDATA
      push dword user_stack
      push esi
      push dword SEL_UCODE32
      push dword [user_accesses32+ecx*4]
      mov ecx, SEL_UDATA
      mov ds, cx
      mov es, cx
      iretd
