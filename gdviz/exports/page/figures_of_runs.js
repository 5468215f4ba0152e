// The figure of other runs: what Python drew of the exported ones, with the traces that follow the hand drawn anew and
// axes that hold them.
import { count } from "../../ui/components/live/numbers.js";
import { signedLog } from "../../ui/components/live/run.js";
import { thinCurve, thinPath } from "../../ui/components/live_plot/thinning.js";
import { decadesFor, explosion, extent, roomFor, signedTicks } from "./scales.js";

/**
 * @import { Run } from "../../ui/components/live/run.js"
 * @import { Layout, Meta, Numbers, Point, Trace } from "../../ui/components/live_plot/types.d.ts"
 * @import { DrawnLimits, Picture } from "./types.d.ts"
 *
 * From data to about pixels, for the two columns that a trace draws.
 * @typedef {(value: number) => number} Place
 * @typedef {{ range: Point | null, type?: string, title?: { text?: string }, autorange?: unknown,
 *   dtick?: number | string, tickvals?: unknown, ticktext?: unknown }} Axis
 * @typedef {[{ range: Point }, { range: Point }]} Window
 */

const FINE = 1200; // pixels that a picture is about wide and high
const FAR = 1e5; // windows: what is further off is not drawn

/** The picture with these runs in it instead of the exported ones.
 * @param {Picture} picture
 * @param {Run[]} runs
 * @returns {Picture} */
export function withRuns(picture, runs) {
  const units = unitsOf(picture, runs);
  const data = picture.data.map((trace) => withRun(trace, picture, runs, units));
  return { ...picture, data, layout: withAxes({ ...picture, data }, runs, units) };
}

/** The picture of a fit with other curves: at the end of the run that is shown, and at its start.
 * @param {Picture} picture
 * @param {Run[]} curves
 * @returns {Picture} */
export function withCurves(picture, curves) {
  const data = picture.data.map((trace) => {
    const { meta } = trace;
    const run = meta?.part ? curves[meta.run ?? 0] : undefined;
    return run && meta ? { ...trace, x: run.column(meta.x) ?? [], y: run.column(meta.y) ?? [] } : trace;
  });
  return { ...picture, data };
}

/** The axis of a trace as layouts call it.
 * @type {(id: string) => string} */
const named = (id) => id.replace(/^([xy])/, "$1axis");

/** Does a trace draw a column of a run against the epoch?
 * @param {Trace} trace */
const isCurve = ({ meta }) => meta?.part === "line" && meta.x === "epoch";

/** For each axis of parameters the unit of its signed log scale, null for a linear one.
 * @param {Picture} picture
 * @param {Run[]} runs
 * @returns {Map<string, number | null>} */
function unitsOf({ data, limits }, runs) {
  /** @type {Map<string, Map<number, Set<string>>>} */
  const drawn = new Map();
  for (const { meta, yaxis = "y" } of data.filter(isCurve)) {
    if (!meta?.y.startsWith("theta")) continue;
    const axis = drawn.get(yaxis) ?? new Map();
    const run = meta.run ?? 0;
    axis.set(run, (axis.get(run) ?? new Set()).add(meta.y));
    drawn.set(yaxis, axis);
  }
  return new Map(Array.from(drawn, ([axis, columns]) => {
    const units = Array.from(
      columns,
      ([run, names]) => explosion(Array.from(names, (name) => runs[run].column(name) ?? []), limits),
    );
    return [axis, units.some((unit) => unit === null) ? null : units[0]];
  }));
}

/**
 * @param {Trace} trace
 * @param {Picture} picture
 * @param {Run[]} runs
 * @param {Map<string, number | null>} units
 * @returns {Trace} */
function withRun(trace, { layout, limits }, runs, units) {
  const { meta } = trace;
  if (meta?.own || (meta?.moving && !meta.part)) return { ...trace, visible: false };
  if (!meta?.part) return trace;
  const run = runs[meta.run ?? 0];
  if (isCurve(trace)) return curve(trace, meta, run, units.get(trace.yaxis ?? "y") ?? null, limits);
  const window = /** @type {Window} */ ([layout.xaxis, layout.yaxis]);
  return meta.part === "line" || meta.part === "halo"
    ? path(trace, meta, run, window)
    : marks(trace, meta, run, window, limits);
}

/**
 * @param {Trace} trace
 * @param {Meta} meta
 * @param {Run} run
 * @param {number | null} unit
 * @param {DrawnLimits} limits */
function curve(trace, meta, run, unit, { marked }) {
  const values = run.column(meta.y) ?? [];
  const epochs = run.column("epoch") ?? [];
  const places = Float64Array.from(values, (value) => signedLog(value, unit));
  const across = Float64Array.from(epochs, (epoch) => (epoch / Math.max(1, epochs[epochs.length - 1])) * FINE);
  const rows = thinCurve(across, places, run.rows);
  return {
    ...trace,
    x: picked(epochs, rows),
    y: picked(places, rows),
    customdata: picked(values, rows),
    mode: run.rows <= marked + 1 ? trace.mode : "lines",
    meta: { ...meta, unit },
  };
}

/**
 * @param {Trace} trace
 * @param {Meta} meta
 * @param {Run} run
 * @param {Window} window */
function path(trace, meta, run, window) {
  const [xs, ys] = [run.column(meta.x) ?? [], run.column(meta.y) ?? []];
  const [across, up] = pixels(xs, ys, window);
  const rows = thinPath(across, up, run.rows);
  const last = rows.findIndex((row) => !isNear(across[row]) || !isNear(up[row]));
  const kept = last < 0 ? rows : rows.slice(0, last);
  const told = ["epoch", ...run.thetas, "value"].map((name) => run.column(name) ?? []);
  return {
    ...trace,
    x: picked(xs, kept),
    y: picked(ys, kept),
    customdata: kept.map((row) => (row < 0 ? told.map(() => NaN) : told.map((column) => column[row]))),
    mode: "lines",
  };
}

/**
 * @param {Trace} trace
 * @param {Meta} meta
 * @param {Run} run
 * @param {Window} window
 * @param {DrawnLimits} limits */
function marks(trace, meta, run, window, { dots }) {
  const [xs, ys] = [run.column(meta.x) ?? [], run.column(meta.y) ?? []];
  const end = run.rows - 1;
  const every = run.epoch(end) === end;
  let rows = meta.part === "first" ? [0] : [end];
  if (run.rows === 0) return { ...trace, x: [], y: [] };
  if (meta.part === "points") {
    rows = every && run.rows <= dots + 1 ? Array.from({ length: run.rows }, (_, row) => row) : [];
  }
  const [across, up] = pixels(xs, ys, window);
  rows = rows.filter((row) => isNear(across[row]) && isNear(up[row]));
  const more = meta.part === "points"
    ? { marker: { ...trace.marker, color: Float64Array.from(rows), cmax: Math.max(1, end) } }
    : {};
  const words = meta.part === "first" ? "start" : `end, epoch ${count(run.epoch(end))}`;
  const hovertemplate = `${words}<br>(%{x:.6~g}, %{y:.6~g})<extra></extra>`;
  return { ...trace, x: picked(xs, rows), y: picked(ys, rows), hovertemplate, ...more };
}

/** @param {number} pixel */
const isNear = (pixel) => Math.abs(pixel) < FAR * FINE;

/** Two columns in pixels of a usual picture.
 * @param {Numbers} xs
 * @param {Numbers} ys
 * @param {Window} window */
function pixels(xs, ys, window) {
  return [xs, ys].map((column, way) => {
    const [low, high] = window[way].range;
    return Float64Array.from(column, (value) => ((value - low) / (high - low)) * FINE);
  });
}

/** Rows of a column, with a gap where the row is -1.
 * @param {Numbers} column
 * @param {number[]} rows */
const picked = (column, rows) => Float64Array.from(rows, (row) => (row < 0 ? NaN : column[row]));

/** The layout with axes for what the curves draw now.
 * @param {Picture} picture with the new data
 * @param {Run[]} runs
 * @param {Map<string, number | null>} units
 * @returns {Layout} */
function withAxes({ data, layout: given, limits }, runs, units) {
  const curves = data.filter(isCurve);
  if (curves.length === 0) return given;
  const layout = { ...given };
  const last = Math.max(1, ...runs.filter(({ rows }) => rows > 0).map((run) => run.epoch(run.rows - 1)));
  for (const id of new Set(curves.map(({ xaxis = "x" }) => named(xaxis)))) {
    const range = [-limits.beside * last, (1 + limits.beside) * last];
    const ticks = last > limits.counted ? { nticks: limits.counted + 1, dtick: undefined } : { dtick: 1 };
    layout[id] = { .../** @type {Axis} */ (given[id]), range, ...ticks };
  }
  for (const id of new Set(curves.map(({ yaxis = "y" }) => yaxis))) {
    const own = curves.filter(({ yaxis = "y" }) => yaxis === id);
    layout[named(id)] = valueAxis(/** @type {Axis} */ (given[named(id)]), own, runs, limits, units.get(id));
  }
  return layout;
}

/**
 * @param {Axis} given
 * @param {Trace[]} curves
 * @param {Run[]} runs
 * @param {DrawnLimits} limits
 * @param {number | null | undefined} unit undefined for an axis of no parameters
 * @returns {Axis} */
function valueAxis(given, curves, runs, limits, unit) {
  const columns = curves.map(({ meta }) => runs[meta?.run ?? 0].column(meta?.y ?? "") ?? []);
  if (given.type === "log") {
    const found = decadesFor(columns, limits);
    return found ? { ...given, range: found.range, dtick: found.step } : given;
  }
  const { text = "" } = given.title ?? {};
  const bare = text.replace(limits.signed, "");
  if (unit) {
    const ticks = signedTicks(unit, extent(columns), limits);
    return {
      ...given,
      title: { ...given.title, text: `${bare}${limits.signed}` },
      tickvals: ticks.values.map((value) => signedLog(value, unit)),
      ticktext: ticks.labels,
      range: roomFor(curves.map(({ y }) => y), limits),
      autorange: false,
    };
  }
  const kept = unit === undefined
    ? columns.map((column) => untilItExplodes(column, limits))
    : notExploding(columns, limits);
  const { tickvals: _values, ticktext: _texts, ...rest } = given;
  return { ...rest, title: { ...given.title, text: bare }, range: roomFor(kept, limits) ?? given.range };
}

/** Of columns those that do not explode; all, if all of them do.
 * @param {Numbers[]} columns
 * @param {DrawnLimits} limits */
function notExploding(columns, limits) {
  const found = columns.filter((column) => explosion([column], limits) === null);
  return found.length ? found : columns;
}

/** A column's values up to a few times its start above its least: a run that diverges leaves the picture.
 * @param {Numbers} column
 * @param {DrawnLimits} limits */
function untilItExplodes(column, limits) {
  const [low] = extent([column]);
  const most = column[0] + 3 * Math.abs(column[0] - low);
  const kept = Float64Array.from(column).filter((value) => value <= most);
  return explosion([column], limits) === null ? column : kept;
}
