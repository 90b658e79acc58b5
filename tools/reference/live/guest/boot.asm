; A boot sector for Bochs, which has no Multiboot: A20 on, flat 32-bit protected mode, and into the guest. Bochs's
; own option puts the guest and the cases into memory before the BIOS runs.

%include "layout.asm"

BITS 16
ORG 0x7C00
      cli
      xor ax, ax
      mov ds, ax
      in al, 0x92
      or al, 2
      out 0x92, al
      lgdt [gdtr]
      mov eax, cr0
      or eax, 1
      mov cr0, eax
      jmp SEL_CODE32:protected
BITS 32
protected:
      mov ax, SEL_DATA
      mov ds, ax
      mov es, ax
      mov ss, ax
      mov ebx, CASES_BOCHS
      xor eax, eax                ; not the Multiboot magic
      jmp IMAGE + 0x40

align 8
gdt:  dq 0, 0x00CF9B000000FFFF, 0x00CF93000000FFFF
gdtr: dw gdtr - gdt - 1
      dd gdt
      times 510 - ($ - $$) db 0
      dw 0xAA55
