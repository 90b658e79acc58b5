/**
 * A word as a row of bits: press one to turn it over, drag over several to give all of them its new value, or use the keys.
 *
 * @module
 */

import { make } from "./shown.ts";

/** Makes a row of bits of the field for a word. */
export function startBits(root: HTMLElement): void {
  const field = root.querySelector("input")!;
  const width = Number(root.dataset.width);
  const names = JSON.parse(root.dataset.names ?? "{}") as Record<number, string>;
  const label = root.querySelector("label")?.textContent?.replace(/\s*0x\s*$/, "") ?? "";
  const row = make("div", { class: "row", role: "group", "aria-label": `${label}, bit by bit` });
  const bits = Array.from({ length: width }, (_, at) => bitOf(width - 1 - at, names));
  row.append(...bits);
  root.append(row);

  const word = () => parseInt(field.value, 16) || 0;
  const isSet = (number: number) => ((word() >>> number) & 1) === 1;
  const show = () => {
    for (const bit of bits) {
      const set = isSet(numberOf(bit));
      bit.setAttribute("aria-checked", `${set}`);
      bit.firstElementChild!.textContent = set ? "1" : "0";
    }
  };
  const put = (number: number, set: boolean) => {
    if (isSet(number) === set) return;
    const mask = 2 ** number;
    field.value = (set ? word() + mask : word() - mask).toString(16).padStart(Math.ceil(width / 4), "0");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  let painting: boolean | undefined;
  row.addEventListener("pointerdown", (event) => {
    const bit = bitAt(event, bits);
    if (bit === undefined) return;
    painting = !isSet(numberOf(bit));
    put(numberOf(bit), painting);
    row.setPointerCapture(event.pointerId);
  });
  row.addEventListener("pointermove", (event) => {
    const bit = bitAt(event, bits);
    if (painting !== undefined && bit !== undefined) put(numberOf(bit), painting);
  });
  const end = () => painting = undefined;
  row.addEventListener("pointerup", end);
  row.addEventListener("pointercancel", end);
  row.addEventListener("keydown", (event) => {
    const at = bits.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: width - 1 }[event.key];
    if (to !== undefined) bits[to]?.focus();
    else if (event.key === " " || event.key === "Enter") put(width - 1 - at, !isSet(width - 1 - at));
    else if (event.key === "ArrowUp" || event.key === "ArrowDown") put(width - 1 - at, event.key === "ArrowUp");
    else return;
    event.preventDefault();
  });
  row.addEventListener("focusin", ({ target }) => bits.forEach((bit) => bit.tabIndex = bit === target ? 0 : -1));
  field.addEventListener("input", show);
  field.addEventListener("change", show);
  bits[0]!.tabIndex = 0;
  show();
}

function bitOf(number: number, names: Readonly<Record<number, string>>): HTMLElement {
  const name = names[number];
  const says = name === undefined ? `bit ${number}` : `${name}, bit ${number}`;
  return make(
    "span",
    { role: "switch", tabindex: "-1", "aria-label": says, "aria-checked": "false", "data-bit": `${number}` },
    make("b", {}),
    make("small", {}, name ?? `${number}`),
  );
}

function numberOf(bit: HTMLElement): number {
  return Number(bit.dataset.bit);
}

/** The bit below the pointer, of whatever element has captured it. */
function bitAt({ clientX, clientY }: PointerEvent, bits: readonly HTMLElement[]): HTMLElement | undefined {
  return bits.find((bit) => {
    const { left, right, top, bottom } = bit.getBoundingClientRect();
    return clientX >= left && clientX < right && clientY >= top && clientY < bottom;
  });
}
