import uPlot from "./uplot.js";

/**
 * Draws each `[data-plot]` of the page from the figures in that attribute, and again when they change. The table beside it says the
 * same in words.
 * @typedef {{ times: number[], unit: "count" | "ms", lines: { label: string, tone: string, values: (number | null)[] }[] }} Figures
 */

/** @type {WeakMap<Element, { plot: uPlot, drawn: string }>} */
const plots = new WeakMap();
const height = 190;

/** @param {ParentNode} root */
function drawAll(root) {
  for (const place of root.querySelectorAll("[data-plot]")) if (place instanceof HTMLElement) draw(place);
}

/** @param {HTMLElement} place */
function draw(place) {
  const text = place.dataset["plot"] ?? "";
  const known = plots.get(place);
  if (known?.drawn === text) return;
  /** @type {Figures} */
  const figures = JSON.parse(text);
  /** @type {uPlot.AlignedData} */
  const data = [figures.times, ...figures.lines.map(({ values }) => values)];
  if (known) {
    known.plot.setData(data);
    known.drawn = text;
    return;
  }
  const canvas = place.querySelector("[data-canvas]");
  if (!(canvas instanceof HTMLElement)) return;
  canvas.replaceChildren();
  plots.set(place, { plot: new uPlot(optionsOf(figures, canvas), data, canvas), drawn: text });
}

/** @param {Figures} figures @param {HTMLElement} canvas @returns {uPlot.Options} */
function optionsOf({ unit, lines }, canvas) {
  const axis = { stroke: colour("--muted"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false } };
  const letters = `11px ${getComputedStyle(document.body).fontFamily}`;
  return {
    width: canvas.clientWidth,
    height,
    padding: [10, 8, 0, 0],
    cursor: { points: { size: 6 }, drag: { x: false, y: false } },
    legend: { live: true },
    scales: {
      x: { time: true },
      y: { range: (_, _low, high) => [0, Math.max(unit === "count" ? 4 : 10, (high ?? 0) * 1.1)] },
    },
    axes: [
      { ...axis, font: letters, space: 70, values: (_, ticks) => ticks.map(clock) },
      {
        ...axis,
        font: letters,
        size: unit === "ms" ? 58 : 46,
        values: (_, ticks) => ticks.map((tick) => shown(tick, unit)),
      },
    ],
    series: [
      {
        label: "Time",
        value: (_, at) =>
          at === null ? "" : new Date(at * 1000).toLocaleTimeString([], { timeStyle: "medium", hourCycle: "h23" }),
      },
      ...lines.map(({ label, tone }) => ({
        label,
        stroke: colour(tone),
        width: 1.5,
        points: {
          show: true,
          size: 4,
          filter: (/** @type {uPlot} */ plot, /** @type {number} */ index) => lonely(plot.data[index]),
        },
        value: (/** @type {uPlot} */ _, /** @type {number | null} */ value) =>
          value === null ? "" : shown(value, unit),
      })),
    ],
  };
}

/** @param {number} seconds */
function clock(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

/** @param {number} value @param {"count" | "ms"} unit */
function shown(value, unit) {
  if (unit === "count") return value.toLocaleString("en-US");
  return value >= 1000
    ? `${(value / 1000).toLocaleString("en-US", { maximumFractionDigits: 1 })} s`
    : `${Math.round(value)} ms`;
}

/** The points that no line reaches: nothing was measured before and after. @param {ArrayLike<unknown> | undefined} values */
function lonely(values = []) {
  const found = [];
  for (let index = 0; index < values.length; index += 1) {
    const isAlone = (values[index - 1] ?? null) === null && (values[index + 1] ?? null) === null;
    if (values[index] !== null && isAlone) found.push(index);
  }
  return found;
}

/** A colour of the style sheet as it is now, light or dark. @param {string} name */
function colour(name) {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

function redrawAll() {
  for (const place of document.querySelectorAll("[data-plot]")) {
    plots.get(place)?.plot.destroy();
    plots.delete(place);
  }
  drawAll(document);
}

drawAll(document);
document.addEventListener("pages:swapped", ({ target }) => {
  if (target instanceof Element) drawAll(target);
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redrawAll);
let width = document.documentElement.clientWidth;
addEventListener("resize", () => {
  if (document.documentElement.clientWidth === width) return;
  width = document.documentElement.clientWidth;
  for (const place of document.querySelectorAll("[data-plot]")) {
    const canvas = place.querySelector("[data-canvas]");
    if (canvas) plots.get(place)?.plot.setSize({ width: canvas.clientWidth, height });
  }
});
