/* Lines to Xen's console, one hypercall a line, so that none is torn. */
#include "probe.h"

#define LINE_MAX 120	/* Xen takes 127 bytes at a time */

static char line[LINE_MAX];
static u32 length;

static void
put_char(char c)
{
	if (length < LINE_MAX)
		line[length++] = c;
}

void
put_string(const char *s)
{
	while (*s)
		put_char(*s++);
}

static void
put_number(u64 n, u32 base)
{
	char digits[20];
	int i = 0;

	do
		digits[i++] = "0123456789abcdef"[n % base];
	while ((n /= base) != 0);
	while (i > 0)
		put_char(digits[--i]);
}

void
put_decimal(s64 n)
{
	if (n < 0)
		put_char('-');
	put_number(n < 0 ? -(u64)n : (u64)n, 10);
}

void
put_hex(u64 n)
{
	put_number(n, 16);
}

void
end_line(void)
{
	if (length == LINE_MAX)
		length--;
	put_char('\n');
	hypercall(HYPERCALL_CONSOLE_IO, CONSOLEIO_WRITE, length, (u64)line, 0);
	length = 0;
}
