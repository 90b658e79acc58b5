; Sends ECX bytes from ESI, and ends the run. EBP: the flags of the case file.
; QEMU is told where they are and how many: it keeps memory in a file, and each byte through its port would be a system call.

      test ebp, FLAG_PARALLEL
      jz .debug_port
.byte:
      lodsb
      mov dx, 0x378
      out dx, al
      mov dx, 0x37A
      mov al, 0x0D                ; strobe
      out dx, al
      mov al, 0x0C
      out dx, al
      loop .byte
      mov esi, .shutdown
      mov ecx, .shutdown_end - .shutdown
      mov dx, 0x8900
      rep outsb
.debug_port:
      mov [.place], esi
      mov [.place+4], ecx
      mov esi, .place
      mov ecx, 8
      mov dx, 0xE9
      rep outsb
      mov al, 0
      out 0xF4, al                ; QEMU's isa-debug-exit
.halt:
      hlt
      jmp .halt
.shutdown: db 'Shutdown'
.shutdown_end:
.place: dd 0, 0
