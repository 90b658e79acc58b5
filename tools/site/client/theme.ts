/**
 * What is done before anything is seen: the colours that the reader has chosen, and the contents folded on a narrow window. A page that
 * did it later would move under its reader.
 *
 * @module
 */

const root = document.documentElement;
root.dataset.script = "";

try {
  const wanted = localStorage.getItem("theme");
  if (wanted === "light" || wanted === "dark") root.dataset.theme = wanted;
} catch {
  // storage is forbidden: the system's colours stay
}

addEventListener("DOMContentLoaded", () => {
  const contents = document.querySelector<HTMLDetailsElement>(".contents details");
  if (contents !== null && matchMedia("(max-width: 62rem)").matches) contents.open = false;
  delete root.dataset.script; // the style sheet hid the list until now
});
