; Descriptor tables, the guest's own map, and the tags by which memory says where it is.

load_descriptors:
%include "descriptors.asm"
      ret

; 0..4 MiB onto itself in every mode, accessed and dirty set. Only the page of the user code is a user page.
build_self_map:
      mov edi, ROOT_2LEVEL
      xor eax, eax
      mov ecx, (TABLES_END - ROOT_2LEVEL) / 4
      rep stosd
      mov dword [ROOT_2LEVEL], SELF_PT | 0x27
      mov dword [ROOT_PAE], SELF_PD | 1
      mov dword [ROOT_5LEVEL], ROOT_4LEVEL | 0x27
      mov dword [ROOT_4LEVEL], SELF_PDPT | 0x27
      mov dword [SELF_PDPT], SELF_PD | 0x27
      mov dword [SELF_PD], SELF_PT_LOW | 0x27
      mov dword [SELF_PD+8], SELF_PT_HIGH | 0x27
      xor ecx, ecx
.page:
      mov eax, ecx
      shl eax, 12
      or eax, 0x63
      cmp ecx, (user_code - header + IMAGE) >> 12
      jne .supervisor
      or eax, 4
.supervisor:
      mov [SELF_PT+ecx*4], eax
      mov [SELF_PT_LOW+ecx*8], eax
      inc ecx
      cmp ecx, 1024
      jne .page
      ret

tag_memory:
      mov edi, TAGGED_LOW
      mov edx, TAGGED_LOW + 0x100000
      mov eax, edi
      call tag
      mov edi, TAGGED_LARGE
      mov edx, TAGGED_LARGE + 0x400000
      mov eax, edi
      call tag
      mov ebx, [case_file]
      test dword [ebx+FILE_FLAGS], FLAG_HIGH_RAM
      jz .done
      ; 4 MiB at 4 GiB, through a PAE window at 1 GiB
      mov dword [ROOT_PAE+8], HIGH_PD | 1
      mov dword [HIGH_PD], 0x83
      mov dword [HIGH_PD+4], 1
      mov dword [HIGH_PD+8], 0x200083
      mov dword [HIGH_PD+12], 1
      mov eax, CR4_PAE
      mov cr4, eax
      mov eax, ROOT_PAE
      mov cr3, eax
      mov eax, cr0
      or eax, CR0_PG
      mov cr0, eax
      jmp .window
.window:
      mov edi, 0x40000000
      mov edx, 0x40400000
      mov eax, 1                  ; bits 35..32 of the address go where bits 3..0 are always clear
      call tag
      mov eax, cr0
      and eax, ~CR0_PG
      mov cr0, eax
      jmp .closed
.closed:
      xor eax, eax
      mov cr4, eax
      mov [ROOT_PAE+8], eax
      mov edi, HIGH_PD
      mov ecx, 4
      rep stosd
.done:
      ret

; Tags EDI up to EDX. A slot is "mov eax, <EAX>; ud2": a read one byte in, and a fetch, both give the address.
tag:
      mov byte [edi], 0xB8
      mov [edi+1], eax
      mov dword [edi+5], 0x0B0F
      mov dword [edi+9], 0
      add edi, TAG_SLOT
      add eax, TAG_SLOT
      cmp edi, edx
      jb tag
      ret
