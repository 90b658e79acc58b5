; Fills the gates of 32- and 64-bit code, and loads the descriptors of the first.

      lgdt [gdtr]
      jmp SEL_CODE32:.reload
.reload:
      mov ax, SEL_DATA
      mov ds, ax
      mov es, ax
      mov ss, ax
      mov fs, ax
      mov gs, ax
      mov eax, cr0
      and eax, ~0x6000000C        ; CD, NW, TS and EM off
      mov cr0, eax
      mov edi, idt32
      mov esi, stubs32
      mov ecx, VECTORS
.gate32:
      lodsd
      mov [edi], ax
      mov word [edi+2], SEL_CODE32
      mov word [edi+4], 0xEE00    ; interrupt gate, DPL 3
      shr eax, 16
      mov [edi+6], ax
      add edi, 8
      loop .gate32
      mov edi, idt64
      mov esi, stubs64
      mov ecx, VECTORS
.gate64:
      lodsd
      mov [edi], ax
      mov word [edi+2], SEL_CODE64
      mov word [edi+4], 0xEE00
      shr eax, 16
      mov [edi+6], ax
      mov dword [edi+8], 0
      add edi, 16
      loop .gate64
      lidt [idtr32]
      mov ax, SEL_TSS32
      ltr ax
