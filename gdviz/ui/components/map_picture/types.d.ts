// What a map's modules hand to each other. Declarations only: nothing of this goes to the browser.

/** An axis on the screen's scale: the logarithm of the number on a logarithmic one. */
export interface AxisHead {
  name: string;
  log: boolean;
  low: number;
  high: number;
}

/** What is seen: the ends of both axes on the screen's scale. */
export interface View {
  x0: number;
  x1: number;
  y0: number;
  y1: number;
}

/** Rows `first` … `stop` - 1 of a square picture, the lowest row first. */
export interface BandHead {
  side: number;
  first: number;
  stop: number;
  view: AxisHead[];
}

/** The hues of the kinds of pixels from 1 on, and the places among them of the one that is hatched and the one dotted. */
export interface Colors {
  hues: string[];
  hatched: number;
  dotted: number;
  shading: Shading;
}

/** How many shades a hue has, how far on the way to white they begin and what is left of it at the other end; how many
 * pixels are between two lines of a hatching. */
export interface Shading {
  shades: number;
  light: number;
  dark: number;
  hatch: number;
}

export interface Limit {
  letter: string;
  kind: string;
  at: number[];
}

/** What is known of a place that is pointed at. */
export interface Spot {
  lines: string[];
  path: [number[], number[]] | null;
  curve: number[];
}

/** An answer to a question about the map: a band of its rows, or what is known of a place. */
export interface MapAnswer {
  head: { refused?: string; words?: string[]; limits?: Limit[] } & Partial<Colors & BandHead & Spot>;
  rest: Uint8Array;
}

export interface Head extends Colors {
  /** Where questions about the map are answered. */
  endpoint: string;
  name: string;
  alt: string;
  finest: number;
  sides: number[];
  kind: "basins" | "trainability";
  moving: boolean;
  least: number;
  /** Boxes along a side, at the coarsest scale at which a boundary is counted. */
  fewest: number;
  /** Another number than before: look where `start` says. */
  jump: number;
  /** The number of the message that was heard last. */
  answered: number | null;
  whole: AxisHead[];
  start: AxisHead[];
  words: string[];
  limits?: Limit[];
  first?: BandHead;
}

/** Pixels of a view: `kinds` 0 where nothing is known yet. */
export interface Pixels {
  side: number;
  view: View;
  kinds: Uint8Array;
  measures: Uint16Array;
  rows: number;
}
