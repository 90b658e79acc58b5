/**
 * The symbols that repeat the meaning of a colour by their shape.
 *
 * @module
 */

/** A symbol as Plot draws it: `size` is the area of a circle of the dot's radius. */
export interface FigureSymbol {
  draw(context: CanvasPath, size: number): void;
}

type Stroke = readonly (readonly [x: number, y: number])[];

/** A symbol of straight lines; coordinates are in radii of the dot. */
function lines(...strokes: readonly Stroke[]): FigureSymbol {
  return {
    draw(context: CanvasPath, size: number): void {
      const r = Math.sqrt(size / Math.PI);
      for (const stroke of strokes) {
        stroke.forEach(([x, y], at) => at === 0 ? context.moveTo(x * r, y * r) : context.lineTo(x * r, y * r));
      }
    },
  };
}

/** A block that fills `share` of a swatch from its lower edge, as the runs of a coverage map do. */
function block(share: number): FigureSymbol {
  const top = 1 - 2 * share;
  return lines([[-1.6, 1], [1.6, 1], [1.6, top], [-1.6, top], [-1.6, 1]]);
}

/** Name of a symbol. */
export type SymbolName = "tick" | "warning" | "cross" | "dash" | "post" | "full" | "part" | "low";

/** The symbols by name. */
export const SYMBOLS: Readonly<Record<SymbolName, FigureSymbol>> = Object.freeze({
  tick: lines([[-0.9, 0.05], [-0.25, 0.7], [0.95, -0.7]]),
  warning: lines([[0, -0.95], [1, 0.8], [-1, 0.8], [0, -0.95]]),
  cross: lines([[-0.75, -0.75], [0.75, 0.75]], [[-0.75, 0.75], [0.75, -0.75]]),
  dash: lines([[-0.7, 0], [0.7, 0]]),
  post: lines([[-0.4, -1], [0.4, -1], [0.4, 1], [-0.4, 1], [-0.4, -1]]),
  full: block(1),
  part: block(0.55),
  low: block(0.2),
});
