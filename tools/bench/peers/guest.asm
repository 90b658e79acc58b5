; A guest that only loads: a word of each page, page after page. With it comes a firmware that does nothing but start it.
;
; It lies at CODE, in a page that maps itself, so that it goes on when paging is turned on; then it goes on at its address above 3 GiB.
; It waits for an order, does it, sends the sum of what it loaded through the parallel port, and asks Bochs to end.

BITS 32
ORG CODE

LINEAR equ 0xC0000000
DATA equ 16                     ; the selector of flat data (firmware.asm)
; The order, in the page that all tables have first: where to begin, what to keep of an address (so that it is the first again after the
; last), how many loads. No load reads it.
FIRST equ 0x100
KEPT equ 0x104
COUNT equ 0x108

      jmp short start
      align 4
registers: dd 0, 0, 0           ; CR4, CR3, CR0: the host puts them in

start:
      mov ax, DATA
      mov ds, ax
      mov es, ax
      mov eax, [registers]
      mov cr4, eax
      mov eax, [registers + 4]
      mov cr3, eax
      mov eax, [registers + 8]
      mov cr0, eax
      mov eax, LINEAR + wait_for_order
      jmp eax

wait_for_order:
      mov ecx, [COUNT]
      test ecx, ecx
      jz wait_for_order
      mov dword [COUNT], 0
      mov esi, [FIRST]
      mov ebx, [KEPT]
      xor eax, eax
.load:
      add eax, [esi]
      add esi, 4096
      and esi, ebx
      dec ecx
      jnz .load

      mov ebx, eax
      mov ecx, 4
.send:
      mov al, bl
      mov dx, 0x378
      out dx, al
      mov dx, 0x37A
      mov al, 0x0D              ; strobe
      out dx, al
      mov al, 0x0C
      out dx, al
      shr ebx, 8
      loop .send
      mov esi, shutdown
      mov ecx, 8
      mov dx, 0x8900
      rep outsb
      jmp wait_for_order
shutdown: db 'Shutdown'
