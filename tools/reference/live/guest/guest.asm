; The guest that asks an x86 machine which byte an access reaches, or how it faults.
;
; It runs unchanged wherever a flat 32-bit start is offered (`start.asm`). For each case it stores up
; to six table entries, turns paging on in the mode of the case, makes one access, and records vector, error code, CR2,
; the byte that was reached and the entries afterwards. A successful access ends in UD2 (vector 6): INT would
; need an emulator to read the descriptor of its gate with the rights of the case.

%include "layout.asm"
%include "macros.asm"
%include "start.asm"
      mov [case_file], ebx
      call load_descriptors
      call build_self_map
      call tag_memory
      mov ebx, [case_file]
      mov eax, [ebx+FILE_ANSWERS]
      mov [answer], eax
      add ebx, FILE_CASES
      mov [case], ebx

next_case:
      mov eax, [seen.case_number]
      mov ebx, [case_file]
      cmp eax, [ebx+FILE_COUNT]
      jae send_answers
      mov ebp, [case]
      call store_entries
      mov dword [seen.phase], 0
      mov eax, [ebp+CASE_ACCESS]
      mov [access], eax
      mov eax, [ebp+CASE_LINEAR]
      mov [linear], eax
      mov eax, [ebp+CASE_LINEAR+4]
      mov [linear+4], eax
      xor eax, eax
      mov cr2, eax
      ; control registers: what the mode needs, then what the case adds
      mov edx, [ebp+CASE_MODE]
      mov eax, [ebp+CASE_CR4]
      or eax, [mode_cr4+edx*4]
      mov cr4, eax
      mov eax, [ebp+CASE_EFER]
      or eax, [mode_efer+edx*4]
      call set_efer
      mov eax, [mode_root+edx*4]
      mov cr3, eax
      mov eax, [ebp+CASE_CR0]
      or eax, CR0_PG | 0x31       ; NE, ET, PE
      mov cr0, eax                ; a bad PDPTE faults here, in phase 0
      jmp .paging
.paging:
      cmp edx, MODE_4LEVEL
      jae .long
      jmp access32
.long:
      jmp SEL_CODE64:access64

; In 32-bit code with paging off, the answer's registers saved: writes the answer and clears the entries.
record:
      mov esp, stack_top
      push dword EFLAGS_ONE
      popfd
      mov ebp, [case]
      mov edi, [answer]
      mov esi, seen
      mov ecx, 8
      rep movsd
      call repair_exchange
      mov ecx, [ebp+CASE_ENTRIES]
      lea esi, [ebp+CASE_TABLE]
      mov edx, 6
.entry:
      jecxz .rest
      mov ebx, [esi]
      mov eax, [ebx]
      stosd
      xor eax, eax
      cmp dword [esi+4], 8
      jne .narrow
      mov eax, [ebx+4]
.narrow:
      stosd
      add esi, 16
      dec edx
      dec ecx
      jmp .entry
.rest:
      xor eax, eax
      lea ecx, [edx*2]
      rep stosd
      mov [answer], edi
      call clear_entries
      xor eax, eax
      mov cr4, eax
      add dword [case], CASE_BYTES
      inc dword [seen.case_number]
      jmp next_case

; EAX: the new EFER. Written only on a change: WRMSR is slow in emulators.
set_efer:
      cmp eax, [efer]
      je .same
      mov [efer], eax
      push edx
      xor edx, edx
      mov ecx, MSR_EFER
      wrmsr
      pop edx
.same:
      ret

store_entries:
      mov ecx, [ebp+CASE_ENTRIES]
      lea esi, [ebp+CASE_TABLE]
.entry:
      jecxz .done
      mov edi, [esi]
      mov eax, [esi+8]
      mov [edi], eax
      cmp dword [esi+4], 8
      jne .narrow
      mov eax, [esi+12]
      mov [edi+4], eax
.narrow:
      add esi, 16
      dec ecx
      jmp .entry
.done:
      ret

; A pass of its own: two entries of a case may be one word of memory.
clear_entries:
      mov ecx, [ebp+CASE_ENTRIES]
      lea esi, [ebp+CASE_TABLE]
.entry:
      jecxz .done
      mov edi, [esi]
      mov dword [edi], 0
      cmp dword [esi+4], 8
      jne .narrow
      mov dword [edi+4], 0
.narrow:
      add esi, 16
      dec ecx
      jmp .entry
.done:
      ret

; A successful exchange overwrote a tag below 4 GiB, and read its value first: put it back.
repair_exchange:
      cmp byte [ebp+CASE_ACCESS], ACCESS_EXCHANGE
      jne .done
      cmp dword [seen.vector], 6
      jne .done
      mov eax, [seen.eax]
      test eax, TAG_SLOT-1
      jnz .done
      cmp eax, TAGGED_LOW
      jb .done
      cmp eax, TAGGED_LARGE + 0x400000
      jae .done
      mov [eax+1], eax
.done:
      ret

send_answers:
      mov ebx, [case_file]
      mov esi, [ebx+FILE_ANSWERS]
      imul ecx, [ebx+FILE_COUNT], ANSWER_BYTES
      mov ebp, [ebx+FILE_FLAGS]
%include "send.asm"

%include "setup.asm"
%include "access.asm"
%include "data.asm"
