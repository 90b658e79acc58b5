/**
 * The probe kernel, built from `kernel/`.
 *
 * @module
 */
import { type Need, runFor } from "../live/programs.ts";

/** The compiler. */
export const GCC: Need = { file: "/usr/bin/gcc", debianPackage: "gcc" };

const SOURCES: readonly string[] = ["head.S", "hypercall.c", "console.c", "memory.c", "ops.c", "main.c"];
const SECONDS = 60;

/** Freestanding, at an address far from zero, and without what Xen's guests lack at their entry: SSE, a red zone. */
const FLAGS: readonly string[] = [
  ...["-m64", "-O2", "-Wall", "-Wextra", "-Wno-parentheses"],
  ...["-ffreestanding", "-nostdlib", "-static", "-fno-pic", "-mcmodel=large", "-mno-red-zone", "-mgeneral-regs-only"],
  ...["-fno-stack-protector", "-fcf-protection=none", "-fno-asynchronous-unwind-tables"],
  ...["-Wl,-T,probe.lds", "-Wl,--build-id=none", "-Wl,--no-warn-rwx-segments"],
];

/** Builds the probe as `output`. Throws Error with what the compiler said when it fails. */
export async function buildKernel(output: string): Promise<void> {
  const cwd = new URL("kernel/", import.meta.url).pathname;
  const { code, said } = await runFor(GCC.file, [...FLAGS, "-o", output, ...SOURCES], { cwd, seconds: SECONDS });
  if (code !== 0) throw new Error(`Expected gcc to build the probe but found: ${said}`);
}
