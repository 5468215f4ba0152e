// What the page in one file is made of. Declarations only: nothing of this is in the file.

export type Point = [number, number];
export type Numbers = ArrayLike<number>;

/** What the step's module gives, in rows of n numbers. */
export interface Steps {
  thetas: Float64Array;
  gradients: Float64Array;
  values: Float64Array;
  stop: string;
}
export type Descend = (start: Numbers, rates: number | Float64Array, tolerance: number) => Steps;

/** theta of standardized terms ↔ theta in the data's own units, as fits/scaling.py. */
export interface Scaling {
  means: number[];
  scales: number[];
  intercept: number | null;
  level: number;
}

/** A run as it was exported; `rates` are those of its epochs, null for one and the same. */
export interface Exported {
  label: string;
  eta: number;
  rates: number[] | null;
  follows: boolean;
  epochs: number;
  tolerance: number;
  verdict: string;
  thetas: string;
  gradients: string;
  values: string;
  stop: string;
}

/** A trace of a figure; `meta` as in figures/base.py. */
export interface Trace {
  name?: string;
  x: Numbers;
  y: Numbers;
  xaxis?: string;
  yaxis?: string;
  line?: { color?: string; width?: number; dash?: string };
  marker?: { color?: string; size?: number; symbol?: string; line?: { color?: string; width?: number } };
  showlegend?: boolean;
  meta?: { moving?: boolean; part?: string; x?: string; y?: string; unit?: number; run?: number };
  [name: string]: unknown;
}

export interface Figure {
  data: Trace[];
  layout: Record<string, unknown>;
}

export interface Content {
  variables: string[];
  axes: number[];
  start: number[];
  minimum: number | null;
  range: Point;
  live: boolean;
  why: string;
  scaling: Scaling | null;
  runs: Exported[];
  charts: { id: string; heading: string; figure: Figure }[];
}

/** An axis of plotly.js, as far as it is read. */
export interface Axis {
  type: string;
  range: Point;
  _offset: number;
  _length: number;
  c2p(value: number): number;
  p2c(pixel: number): number;
}
