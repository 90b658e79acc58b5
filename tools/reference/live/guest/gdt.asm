; Descriptors of 32- and 64-bit code, and the task states from which exceptions take their stack.

gdt:  dq 0
      dq 0x00CF9B000000FFFF       ; 08 code, 32-bit
      dq 0x00CF93000000FFFF       ; 10 data
      dq 0x00CFFB000000FFFF       ; 1B user code, 32-bit
      dq 0x00CFF3000000FFFF       ; 23 user data
tss32_descriptor: TSS(tss32)      ; 28
      dq 0x00AF9B000000FFFF       ; 30 code, 64-bit
      dq 0x00AFFB000000FFFF       ; 3B user code, 64-bit
tss64_descriptor: TSS(tss64)      ; 40, 16 bytes
      dq 0
gdtr: dw gdtr - gdt - 1
      dd gdt
idtr32: dw VECTORS * 8 - 1
      dd idt32
idtr64: dw VECTORS * 16 - 1
      dq idt64

align 8
tss32: dd 0, stack_top, SEL_DATA
      times 0x68 - 12 db 0
tss64: dd 0
      dq stack_top
      times 0x68 - 12 db 0
