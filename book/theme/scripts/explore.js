// Pictures that can be dragged. Every point was computed when the book was
// built; here it is looked up and drawn, and nothing else.
"use strict";

{
  // Where src/book/explore/chart.rs has put the lines.
  const TOP = 24;
  const HEIGHT = 200;

  const shown = (value, unit) => (value === null ? "–"
    : `${value.toLocaleString("en", { maximumFractionDigits: 9 })} ${unit}`
      .trim());

  /** How far up its axis a value is, 0 to 1; null if it is not on it. */
  const share = ({ log, from, to }, value) => {
    if (value === null) return null;
    const part = log ? Math.log(value / from) / Math.log(to / from)
      : (value - from) / (to - from);
    if (part < -0.001 || part > 1.001) return null;
    return Math.min(Math.max(part, 0), 1);
  };

  const curve = (data, values) => values.flatMap((value, at) => {
    const up = share(data.y, value);
    return up === null ? []
      : `${data.x[at]},${(100 * (1 - up)).toFixed(1)}`;
  }).join(" ");

  const drawCurves = (figure, data, frame, at) => {
    const place = figure.querySelector(".place");
    place.setAttribute("x1", `${data.x[at]}%`);
    place.setAttribute("x2", `${data.x[at]}%`);
    data.lines[frame].forEach((values, index) => {
      const line = figure.querySelector(`polyline.line${index}`);
      if (!line) return;
      line.setAttribute("points", curve(data, values));
      const mark = figure.querySelector(`circle.line${index}`);
      const up = share(data.y, values[at]);
      mark.toggleAttribute("hidden", up === null);
      mark.setAttribute("cx", `${data.x[at]}%`);
      mark.setAttribute("cy", (TOP + HEIGHT * (1 - (up ?? 0))).toFixed(1));
    });
  };

  const drawBars = (figure, data, frame) => {
    data.lines[frame].forEach((values, index) => {
      const bars = figure.querySelectorAll(`rect.line${index}`);
      values.forEach((value, at) => {
        const height = HEIGHT * (share(data.y, value) ?? 0);
        bars[at].setAttribute("height", height.toFixed(1));
        bars[at].setAttribute("y", (TOP + HEIGHT - height).toFixed(1));
      });
    });
  };

  // Where src/book/explore/ladder.rs has put its two lines of life.
  const FIRST = 30;
  const STEP = 15;
  const ENDS = [8, 92];
  const ACK = 2;

  const svg = (name, attributes, text = "") => {
    const element = document.createElementNS(
      "http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) {
      element.setAttribute(key, value);
    }
    element.textContent = text;
    return element;
  };

  /** A line to the other side, or to a cross half-way, and its number. */
  const arrow = (data, code, number, at) => {
    const lost = code >= 4;
    const kind = code % 4;
    const [from, to] = kind === ACK ? [ENDS[1], ENDS[0]] : ENDS;
    const part = lost ? 2 : 1;
    const x2 = from + (to - from) / part;
    const y1 = FIRST + STEP * at;
    const y2 = y1 + STEP * data.took[kind] / part;
    const parts = [
      svg("line", { class: `line${kind}`, x1: `${from}%`, y1,
        x2: `${x2}%`, y2 }),
      svg("text", { class: kind === ACK ? "" : "end",
        x: `${kind === ACK ? ENDS[1] + 2 : ENDS[0] - 2}%`, y: y1 + 4 },
      number),
    ];
    if (lost) {
      parts.push(svg("text", { class: "middle gone", x: `${x2}%`,
        y: y2 + 5 }, "×"));
    }
    return parts;
  };

  const drawArrows = (figure, data, frame) => {
    const codes = data.arrows[frame];
    const arrows = [];
    for (let index = 0; index < codes.length; index += 3) {
      arrows.push(...arrow(data, ...codes.slice(index, index + 3)));
    }
    figure.querySelector("g").replaceChildren(...arrows);
  };

  const setUp = (figure) => {
    const data = JSON.parse(figure.querySelector("script").textContent);
    const sliders = [...figure.querySelectorAll("input")];
    const told = figure.querySelectorAll(".told b");
    // Curves have a last slider that moves within them; all others choose
    // a picture.
    const curves = "x" in data;
    const draw = () => {
      const places = sliders.map((slider) => Number(slider.value));
      const chosen = curves ? places.slice(0, -1) : places;
      const frame = chosen.reduce((index, place, knob) => (
        index * data.knobs[knob].texts.length + place), 0);
      sliders.forEach((slider, knob) => {
        const text = data.knobs[knob].texts[places[knob]];
        slider.setAttribute("aria-valuetext", text);
        slider.previousElementSibling.textContent = text;
      });
      const at = places.at(-1);
      const lines = curves ? data.lines[frame].map((it) => it[at]) : [];
      const numbers = [...lines, ...(data.facts?.[frame] ?? [])];
      const units = data.units.slice(-numbers.length);
      numbers.forEach((value, index) => {
        told[index].textContent = shown(value, units[index]);
      });
      if (curves) drawCurves(figure, data, frame, at);
      else if ("arrows" in data) drawArrows(figure, data, frame);
      else drawBars(figure, data, frame);
    };
    for (const slider of sliders) slider.addEventListener("input", draw);
  };

  for (const figure of document.querySelectorAll(".explore")) setUp(figure);
}
