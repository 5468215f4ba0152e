// What the file's modules hand to each other. Declarations only: nothing of this goes into the file.
import type { Described, Layout, Trace } from "../../ui/components/live_plot/types.d.ts";
import type { Label } from "../../ui/components/slider/types.d.ts";

/** A figure as Python packed it: for each array its place in the list of all. */
export interface Picture {
  key: string;
  /** The pixels that it takes at least and at most. */
  heights: [number, number];
  title: string;
  /** Its height for a width of 1. */
  shape: number;
  data: Trace[];
  layout: Layout;
  limits: DrawnLimits;
  /** Of a fit, the places of its curve. */
  curve?: Places;
}

/** Up to how many epochs a path has dots and a curve is marked; how many times its usual size a parameter reaches when it
 * explodes; which share of an axis is room, and how many ticks it has; how much room is beside all epochs, and up to how many
 * of them are numbered one by one; what stands behind the title of an axis with a signed log scale. */
export interface DrawnLimits {
  dots: number;
  marked: number;
  explosion: number;
  room: number;
  ticks: number;
  beside: number;
  counted: number;
  signed: string;
}

/** So many places from the first to the last. */
export interface Places {
  first: number;
  last: number;
  count: number;
}

/** Rows of a run that cannot be computed in the file. */
export interface Recorded {
  rows: number;
  columns: Record<string, Float64Array>;
}

export interface ContentsExperiment extends Described {
  /** Why it ended in the exported run, and after how many epochs. */
  stop: string;
  ran: number;
  /** The ends of the learning rate's slider, and the decades on it. */
  low: number;
  high: number;
  ticks: Label[];
  /** Why it cannot be computed in the file; null where it can. */
  fixed: string | null;
  /** Do its rates stay as they are, whatever the slider says? */
  steady: boolean;
  recorded?: Recorded;
  colors?: Record<Theme, string>;
  verdict?: string;
}

export type Theme = "light" | "dark";

/** What Python says in the file (page_contents.py). */
export interface Contents {
  title: string;
  facts: string[];
  note: string;
  verdict: { sentence: string; look: string };
  experiments: ContentsExperiment[];
  axes: number[];
  /** Is the landscape a slice through more than two parameters? */
  slices: boolean;
  figures: Record<Theme, Picture[]>;
  arrays: import("../../ui/components/live_plot/arrays.js").PackedArray[];
  data: string;
  made: string;
  link: string;
}

/** What a run came to, as it is told. */
export interface Ended {
  names: string[];
  stop: string;
  epochs: number;
  most: number;
  theta: number[];
  value: number;
  norm: number;
  tolerance: number;
}
