/**
 * Puts on the colours that the reader has chosen before anything is seen.
 *
 * @module
 */

try {
  const wanted = localStorage.getItem("theme");
  if (wanted === "light" || wanted === "dark") document.documentElement.dataset.theme = wanted;
} catch {
  // storage is forbidden: the system's colours stay
}
