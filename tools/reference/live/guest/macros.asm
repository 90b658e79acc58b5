; What both guests write more than once.

; The accesses of a privilege and mode: a read one byte into the slot, a write eight bytes in, a fetch of the slot, an
; exchange one byte in. Prefix, address register.
%macro ACCESSES 2
%1_read:
      mov eax, [%2+1]
      ud2
%1_write:
      mov [%2+8], eax
      ud2
%1_fetch:
      jmp %2
%1_exchange:
      xchg [%2+1], eax
      ud2
%endmacro
%define FOUR(prefix) prefix %+ _read, prefix %+ _write, prefix %+ _fetch, prefix %+ _exchange

VECTORS equ 32
; Entry points of exceptions, in 32- or 64-bit code.
%macro STUBS 1
%assign vector 0
%rep VECTORS
stub%1_%+vector:
  %if vector != 8 && (vector < 10 || vector > 14) && vector != 17 && vector != 21
      push byte 0                 ; the CPU pushes no error code for this one
  %endif
      push byte vector
      jmp trap%1
%assign vector vector+1
%endrep
%endmacro
%macro STUB_TABLE 1
%assign vector 0
%rep VECTORS
      dd stub%1_%+vector
%assign vector vector+1
%endrep
%endmacro

%define TSS(label) dw 0x67, label - $$, 0x8900 + (IMAGE >> 16), 0  ; the image is under 64 KiB
