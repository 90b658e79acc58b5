; The whole firmware of a machine whose memory has been filled: flat 32-bit protected mode, and on to the guest.

BITS 16
ORG 0

BASE equ 0xF0000
SIZE equ 0x10000
RESET equ 0xFFF0

gdt:  dq 0, 0x00CF9B000000FFFF, 0x00CF93000000FFFF
gdtr: dw gdtr - gdt - 1
      dd BASE + gdt
start:
      o32 lgdt [cs:gdtr]
      in al, 0x92
      or al, 2                  ; A20
      out 0x92, al
      mov eax, cr0
      or al, 1
      mov cr0, eax
      jmp dword 8:CODE
      times RESET - ($ - $$) db 0
      jmp BASE >> 4:start
      times SIZE - ($ - $$) db 0
