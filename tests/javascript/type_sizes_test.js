import assert from "node:assert/strict";
import { fitType, numbers } from "../../gdviz/ui/components/live_plot/type_sizes.js";

const font = (/** @type {number} */ size) => ({ size, color: "#000" });

/** @param {number} type
 * @param {object} axes
 * @returns {any} */
const layout = (type, axes) => ({
  template: {
    layout: { xaxis: { tickfont: font(type), title: { font: font(type + 2) } }, legend: { font: font(type) } },
  },
  ...axes,
});

Deno.test("on a large chart nothing changes", () => {
  const axes = { xaxis: { range: [-150, 10150], nticks: 7 }, yaxis: { title: { text: "parameters θ" } } };
  const given = layout(13, axes);
  const before = structuredClone(given);
  const { template } = given;
  fitType(given, 430, 370);
  assert.deepEqual(given, before);
  assert.equal(given.template, template);
});

Deno.test("a low chart has smaller type, one template for each size, and a title within its axis", () => {
  const axes = {
    yaxis: { title: { text: "parameters θ (signed log)" } },
    yaxis2: { domain: [0.7, 1], tickfont: { size: 16 } },
  };
  const given = layout(20, structuredClone(axes));
  const { template } = given;
  fitType(given, 300, 200);
  const { size } = given.template.layout.xaxis.tickfont;
  assert.ok(size >= 11 && size < 14, String(size));
  assert.equal(template.layout.xaxis.tickfont.size, 20, "what is kept is not written in");
  assert.ok(given.template.layout.legend.font.size < 14);
  assert.ok(given.yaxis.title.font.size * 25 * 0.55 < 200);
  assert.ok(given.yaxis2.tickfont.size < 11);
  const again = { ...layout(20, structuredClone(axes)), template };
  fitType(again, 300, 200);
  assert.equal(again.template, given.template);
});

Deno.test("numbers along an axis stand apart: fewer on a short one", () => {
  assert.equal(numbers([-150, 10150], 330, 13, 7), 7);
  for (const length of [400, 250, 150, 80, 20]) {
    const count = numbers([-150, 10150], length, 13, 7);
    assert.ok(count >= 1 && count <= 7);
    assert.ok(count === 1 || (10300 / count) / 10300 * length > 20, `${length}: ${count}`);
  }
  const given = layout(13, { xaxis: { range: [-150, 10150], nticks: 7 }, xaxis2: { type: "log", dtick: 3 } });
  fitType(given, 160, 220);
  assert.ok(given.xaxis.nticks < 4);
  assert.equal(given.xaxis2.dtick % 3, 0);
  assert.ok(given.xaxis2.dtick > 3);
});

Deno.test("of a square picture the height says how long its axes are", () => {
  const given = layout(13, {
    xaxis: { range: [-1000, 1000] },
    yaxis: { range: [-1000, 1000], scaleanchor: "x" },
  });
  fitType(given, 800, 130);
  assert.ok(given.xaxis.nticks < 3, String(given.xaxis.nticks));
});

Deno.test("a figure that says nothing of its type is left alone", () => {
  for (const template of [undefined, {}, { layout: {} }, { layout: { xaxis: { automargin: true } } }]) {
    const given = {
      template,
      xaxis: { range: /** @type {[number, number]} */ ([0, 1]), title: { text: "a long title" } },
    };
    const before = structuredClone(given);
    fitType(given, 100, 100);
    assert.deepEqual(given, before);
  }
});
