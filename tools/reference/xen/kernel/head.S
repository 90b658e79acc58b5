/*
 * Entry, hypercall page, fault entry and guarded accesses of the probe, and
 * the ELF notes by which Xen's domain builder knows it for a PV kernel.
 */
#define VIRT_BASE 0xffffc00000000000

#define NOTE_ENTRY 1
#define NOTE_HYPERCALL_PAGE 2
#define NOTE_VIRT_BASE 3
#define NOTE_XEN_VERSION 5
#define NOTE_GUEST_OS 6
#define NOTE_GUEST_VERSION 7
#define NOTE_LOADER 8
#define NOTE_PAE_MODE 9
#define NOTE_FEATURES 10

.macro note type:req, value:vararg
	.pushsection .note.Xen, "a", @note
	.balign	4
	.long	4, 2f - 1f, \type
	.asciz	"Xen"
1:	\value
2:	.balign	4
	.popsection
.endm

	note NOTE_GUEST_OS, .asciz "pagetable-probe"
	note NOTE_GUEST_VERSION, .asciz "1"
	note NOTE_LOADER, .asciz "generic"
	note NOTE_XEN_VERSION, .asciz "xen-3.0"
	note NOTE_VIRT_BASE, .quad VIRT_BASE
	note NOTE_ENTRY, .quad start
	note NOTE_HYPERCALL_PAGE, .quad hypercall_page
	note NOTE_PAE_MODE, .asciz "yes"
	/* Plain stores to L1 tables are to be emulated. */
	note NOTE_FEATURES, .asciz "!writable_page_tables|pae_pgdir_above_4gb"

	.section .text.head, "ax"
	.globl	start
start:	/* RSI: start_info */
	movq	%rsi, %rdi
	leaq	stack_top(%rip), %rsp
	xorl	%ebp, %ebp
	call	kmain

/*
 * Guarded accesses: RDI is the linear address. The fault entry below knows
 * them by their addresses and returns 1 to their caller in their place.
 */
	.globl	store32, store64, load64
guarded:
store32:
	movl	%esi, (%rdi)
	xorl	%eax, %eax
	ret
store64:
	movq	%rsi, (%rdi)
	xorl	%eax, %eax
	ret
load64:
	movq	(%rdi), %rax
	movq	%rax, (%rsi)
	xorl	%eax, %eax
	ret
guarded_end:

/*
 * A 64-bit PV fault frame, from RSP upwards:
 *   RCX  R11  error code  RIP  CS  RFLAGS  RSP  SS
 */
	.globl	page_fault, general_protection
general_protection:
	movl	$13, fault_vector(%rip)
	jmp	1f
page_fault:
	movl	$14, fault_vector(%rip)
1:	movq	16(%rsp), %rsi
	movq	%rsi, fault_code(%rip)
	movq	24(%rsp), %rdi
	leaq	guarded(%rip), %rax
	cmpq	%rax, %rdi
	jb	2f
	leaq	guarded_end(%rip), %rax
	cmpq	%rax, %rdi
	jae	2f
	movq	48(%rsp), %rsp		/* the access had pushed nothing */
	movl	$1, %eax
	ret
2:	call	unexpected_fault	/* RDI: RIP, RSI: error code */

	.bss
	.globl	fault_vector, fault_code
	.balign	8
fault_code:
	.skip	8
fault_vector:
	.skip	4
	.balign	4096
	.skip	16384
stack_top:

	.section .text.hypercall, "ax"
	.globl	hypercall_page
	.balign	4096
hypercall_page:			/* filled by Xen */
	.skip	4096

	.section .note.GNU-stack, "", @progbits
