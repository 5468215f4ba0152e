// What the modules of this folder hand to each other. Declarations only: nothing of this goes to the browser.
import type { Run } from "../live/run.js";

/** Pixels in a chart, or data coordinates: [x, y]. */
export type Point = [number, number];

/** Data coordinates in a scene: [x, y, z]. */
export type Place = [number, number, number];

export type Numbers = ArrayLike<number>;

/** What a trace says of itself (figures/base.py): which columns of a run it draws, and how it follows the hand. */
export interface Meta {
  /** Only this changes while a hand moves. */
  moving?: boolean;
  /** It belongs to the run at rest, and is hidden while another one is shown. */
  own?: boolean;
  part?: "line" | "halo" | "points" | "first" | "last";
  x: string;
  y: string;
  /** Of a signed log scale: values are drawn as asinh(value / unit). */
  unit?: number | null;
  /** Which of several runs it draws. */
  run?: number;
  /** How far above a surface a mark stands. */
  lift?: number;
}

export interface Marker {
  color?: string | Numbers;
  size?: number | Numbers;
  symbol?: string;
  line?: { color?: string; width?: number };
}

/** A trace as Plotly takes it, as far as it is read here. */
export interface Trace {
  type?: string;
  name?: string;
  mode?: string;
  visible?: boolean | "legendonly";
  opacity?: number;
  x: Numbers;
  y: Numbers;
  xaxis?: string;
  yaxis?: string;
  customdata?: ArrayLike<number | Numbers>;
  line?: { color?: string; width?: number; dash?: string };
  marker?: Marker;
  meta?: Meta;
}

/** A trace of a scene: a path that lies on the surface, or the surface itself. */
export interface PathInSpace extends Trace {
  z: Numbers;
}
export interface Surface extends Trace {
  z: ArrayLike<Numbers>;
  meta: Meta & Laying;
}

/** How lines are laid upon a surface: so far above it, cut into parts of the window, at most so many of them; and, in
 * windows, from where on it is lost where a line crosses. */
export interface Laying {
  lift: number;
  cells: number;
  vertices: number;
  lost: number;
}

/** What of a layout is read or set here. */
export interface Layout {
  template?: unknown;
  width?: number;
  height?: number;
  autosize?: boolean;
  uirevision?: unknown;
  dragmode?: string | false;
  [axis: string]: unknown;
}

/** A part of a figure as Python sends it: without its value, if the browser is thought to hold it. */
export interface SentPart<Value> {
  digest: string;
  value?: Value;
  keep?: boolean;
}
export interface Part<Value> extends SentPart<Value> {
  value: Value;
}

interface Head {
  key: string;
  /** The picture in words. */
  alt: string;
  /** For those who listen only. */
  heading: string;
  /** The number of the last message that Python has heard. */
  answered: number | null;
  clicks: boolean;
  /** A hand that presses anywhere and moves drags the start there, instead of zooming. */
  drags: boolean;
  fileName: string;
  probes: boolean;
  /** Where the start is, if it can be dragged. */
  handle: [number, number] | null;
  /** Pixels; null for what the page's style sheet says. */
  height: number | null;
  limits: Limits;
  /** From the colors of this theme to those on white paper, where they differ. */
  print: Record<string, string>;
  layout: Layout;
  layoutDigest: string;
}

/** Numbers that Python and the browser share; Python has them. */
export interface Limits {
  /** How many heavy parts of a chart the browser keeps. */
  keptParts: number;
  /** How many epochs are drawn as dots while they move. */
  dots: number;
}

/** Python's message for a chart, written by message.py. */
export interface SentFigure extends Head {
  traces: SentPart<Trace>[];
  template: SentPart<unknown>;
}

/** The same with every part in it. */
export interface Figure extends Head {
  traces: Part<Trace>[];
  template: Part<unknown>;
}

/** What is known of a run besides its rows. */
export interface RunFacts {
  /** Are these all of its epochs? */
  complete?: boolean;
  /** Why it ended; empty while it goes on. */
  stop?: string;
  /** How many epochs it is to have. */
  epochs?: number;
}

/** Numbers of an experiment that a hand changes: the start, the epochs, and settings by their names. */
export interface Changes {
  start?: number[];
  epochs?: number;
  [setting: string]: number | number[] | undefined;
}

/** An experiment as Python describes it (live/experiments.py). */
export interface Described {
  /** What stands for its run. */
  name: string;
  /** Does the page show all of its run? */
  whole: boolean;
  title: string;
  color: string;
  dash: string;
  variables: string[];
  /** Where its modules are, or in a file what they are called; null where the browser has to ask for runs. */
  step: string | null;
  rates: string | null;
  /** How many epochs the browser may run. */
  most: number;
  /** Operations of an epoch. */
  price: number;
  start: number[];
  epochs: number;
  tolerance: number;
  settings: Record<string, number>;
  /** The settings that the modules take. */
  live: string[];
  minimum: number | null;
  scaling: Matrices | null;
}

/** From standardized parameters to the data's own, back, and for gradients: n rows of n numbers. */
export interface Matrices {
  own: number[];
  inner: number[];
  gradients: number[];
}

/** Where the landscape lies among the parameters (ui/view.py). */
export interface Landscape {
  axes: number[];
  /** The other parameters, at the end of the run. */
  at: number[];
  /** Behind the point of a start that a hand moves. */
  digits: number[];
}

/** A descent as a module makes it (codes/javascript.py). */
export interface RawRun {
  epochs: number;
  epoch: number;
  rows: number;
  stop: string;
  settings: Record<string, number>;
  thetas: Float64Array;
  gradients: Float64Array;
  values: Float64Array;
}
export interface StepModule {
  begin(start: number[], epochs: number, tolerance: number, settings: Record<string, number>): RawRun;
  advance(run: RawRun, rates: Float64Array, until: number): RawRun;
}

/** What is said of a run; `late` if of another one. */
export interface Words {
  sentence: string;
  look: string;
  late?: boolean;
}

/** What all charts show instead of the run at rest (live/page.js). */
export interface Shown {
  /** One moment of the run at rest, or other runs. */
  kind: "moment" | "run";
  /** A trace says which of them it draws; the first, if it does not. */
  runs: Run[];
  /** The last row that is shown. */
  row?: number;
  /** Of the step from there to the next row. */
  share?: number;
  /** What is said of it; null: nothing yet. */
  words?: Words | null;
}

/** What is asked of Python while a hand moves, and what it says. */
export type Question =
  | { kind: "rest" }
  | { kind: "run" | "verdict"; changes: Changes }
  | { kind: "hover"; x: number; y: number }
  | { kind: "drive"; turns: [number, number, number | null][] };

export interface Answer {
  runs: Run[];
  /** Of what the run at rest is. */
  name?: string;
}

export interface VerdictAnswer extends Answer {
  sentence: string;
  look: string;
}

/** What is said of a point under the pointer. */
export interface HoverWords {
  lines: string[];
  from: Point;
  steps: { to: Point; text: string; color: string; dash: string }[];
}

export interface Asker {
  ask(question: Question): Promise<Answer | null>;
}

/** What setTimeout gives. */
export type Timer = ReturnType<typeof setTimeout> | undefined;

/** What the browser tells Python, which answers with the message's number. */
export type Transmit = (message: object) => void;

/** The start, where the hand has it. */
export interface StartEvent {
  kind: "start" | "click";
  x: number;
  y: number;
  phase: "move" | "end";
}

/** A rectangle in a chart, in pixels. */
export interface Area {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** One direction of flat axes: what plotly_internals.js makes of plotly.js's own, and tests without it. */
export interface AxisLike {
  name: string;
  horizontal: boolean;
  /** The pixel in the chart at which it starts. */
  start: number;
  length: number;
  /** Its ends in its own units: on a log axis exponents. */
  range: Point;
  automatic: boolean;
  pixel(value: number): number;
  /** The pixels of a column's first rows, written into `room`. */
  pixels(values: Numbers, rows: number, room: Float64Array): Float64Array;
  value(pixel: number): number;
  place(value: number): number;
}

/** From data to pixels, for a trace that follows the hand. */
export interface View extends Area {
  /** Changes when pixels do. */
  key: string;
  pixel(point: Point, lift?: number): Point | null;
  /** The pixel on the way from one place to the next, `share` of it. */
  between(here: Point, next: Point | null, share?: number): Point | null;
  /** The path through points as the text of an SVG path: of few of them, where more would not be seen. `counted`: x
   * only grows. */
  path(xs: Numbers, ys: Numbers, rows: number, counted: boolean): string;
  /** A trace's own points as pixels. */
  vertices(trace: Trace): (Point | null)[];
  /** The pixel of an epoch, where x counts epochs. */
  across(x: number): number;
}

/** An element that plotly.js has drawn in. */
export interface PlotElement extends HTMLElement {
  data?: Trace[];
  layout?: Layout;
  on(event: string, listener: () => void): void;
}

/** What is used of plotly.js itself: its documented functions. */
export interface PlotlyLibrary {
  /** Begins what is drawn in space (gdviz/exports/plotly_script.py); once is enough. */
  beginSpace(): void;
  react(plot: HTMLElement, data: object[], layout: object, config: object): Promise<unknown>;
  relayout(plot: HTMLElement, changes: object): Promise<unknown>;
  purge(plot: HTMLElement): void;
  downloadImage(plot: object, options: object): Promise<string>;
  Icons: Record<string, object>;
  /** Its labels under the pointer, at points of curves. */
  Fx: { hover(plot: HTMLElement, points: { curveNumber: number; pointNumber: number }[]): void };
}

declare global {
  var Plotly: PlotlyLibrary;
}
