; The descriptors that 32-bit code needs.

gdt:  dq 0
      dq 0x00CF9B000000FFFF       ; 08 code, 32-bit
      dq 0x00CF93000000FFFF       ; 10 data
      dq 0x00CFFB000000FFFF       ; 1B user code, 32-bit
      dq 0x00CFF3000000FFFF       ; 23 user data
tss32_descriptor: TSS(tss32)      ; 28
