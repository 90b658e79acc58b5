/**
 * Error numbers that hypercalls return, negated.
 *
 * @module
 */

/**
 * Operation not permitted.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { EACCES, EBUSY, EINVAL, ENOSYS, EOPNOTSUPP, EPERM, ESRCH } from "@pagetable-init/textbook/xen";
 *
 * const names = { EPERM, ESRCH, EACCES, EBUSY, EINVAL, ENOSYS, EOPNOTSUPP };
 * assertEquals(Object.values(names), [1, 3, 13, 16, 22, 38, 95]);
 * ```
 */
export const EPERM = 1;
/** No such domain. */
export const ESRCH = 3;
/** Permission denied: an entry set cache attributes for a page of Xen's own. */
export const EACCES = 13;
/** The frame is in use as another type (Xen 4.x; Xen 3.1 returns `EINVAL`). */
export const EBUSY = 16;
/** Any failed check. */
export const EINVAL = 22;
/** The command exists, but not for this guest (Xen 4.x). */
export const EOPNOTSUPP = 95;
/** No such hypercall or command. */
export const ENOSYS = 38;
