; The beginning of a guest: it starts by Multiboot (a.out addresses in the header; the first module is the file), or at
; IMAGE + 0x40 with EBX = address of the file. Behind this EBX is that address.

BITS 32
ORG IMAGE
DEFAULT ABS

MULTIBOOT_FLAGS equ 0x00010003
header:
      dd 0x1BADB002, MULTIBOOT_FLAGS, -(0x1BADB002 + MULTIBOOT_FLAGS)
      dd header, IMAGE, image_end, CASES_BOCHS, start
      times 0x40-($-$$) nop

start:
      cli
      mov esp, stack_top
      cmp eax, 0x2BADB002
      jne .direct
      mov esi, [ebx+24]           ; Multiboot: the list of modules
      mov ebx, [esi]
.direct:
