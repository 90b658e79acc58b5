; Loads the descriptors of 32-bit code, and fills its gates.

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
