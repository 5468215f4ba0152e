// Polylines through pixels as SVG path texts. A diverging path goes further than any renderer can count, and moving its
// points nearer one coordinate at a time would turn its lines; so each line is cut off where it leaves the picture.

const AROUND = 2000; // pixels beyond the picture: no end of a cut line is seen
const LOST = 1e12; // pixels

/** For each of `points` ([x, y], or null for a gap) the text that draws the line up to it: all joined draw the path. */
export function strokes(points, width, height) {
  const texts = new Array(points.length);
  let [before, pen] = [null, null]; // the point before, and the point at which the text so far ends
  points.forEach((point, index) => {
    texts[index] = "";
    if (point !== null && before === null) {
      const inside = cut(point, point, width, height) !== null;
      if (inside) texts[index] = `M${written(point)}`;
      pen = inside ? point : null;
    } else if (point !== null) {
      const line = cut(before, point, width, height);
      if (line !== null) {
        texts[index] = `${pen === before && line[0] === before ? "" : `M${written(line[0])}`}L${written(line[1])}`;
      }
      pen = line === null ? null : line[1];
    }
    before = point;
  });
  return texts;
}

/** The part of the line from a to b near the picture, or null (Liang and Barsky 1984). Ends inside stay themselves. */
function cut(a, b, width, height) {
  if (isLost(a) && isLost(b)) return null; // where such a line crosses the picture is lost in rounding, or overflows
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  let [from, to] = [0, 1];
  const sides = [[-dx, a[0] + AROUND], [dx, width + AROUND - a[0]], [-dy, a[1] + AROUND], [dy, height + AROUND - a[1]]];
  for (const [way, room] of sides) {
    if (way === 0 && room < 0) return null;
    if (way < 0) from = Math.max(from, room / way);
    if (way > 0) to = Math.min(to, room / way);
  }
  if (!(from <= to)) return null;
  if (from > 0 && to < 1 && (isLost(a) || isLost(b))) return null;
  if (from > 0 && to === 1) return cut(b, a, width, height)?.reverse() ?? null; // from inside, so that nothing cancels
  const along = (share) => [between(a[0] + share * dx, width), between(a[1] + share * dy, height)];
  return [from === 0 ? a : along(from), to === 1 ? b : along(to)];
}

const isLost = (point) => point.some((value) => Math.abs(value) > LOST);

const between = (value, size) => Math.min(size + AROUND, Math.max(-AROUND, value));

export const written = ([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`;

/** The pixel of data coordinates; null where there is none. */
export function pixel(xaxis, yaxis, x, y) {
  const [across, up] = [xaxis.c2p(x), yaxis.c2p(y)];
  return Number.isFinite(across) && Number.isFinite(up) ? [across, up] : null;
}
