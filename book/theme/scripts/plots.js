// What TCP thinks, drawn while it thinks: small curves of the connection
// that has had most acknowledged, on one axis of time.
"use strict";

{
  const NS = "http://www.w3.org/2000/svg";
  /** More points than this cannot be told apart. */
  const POINTS = 400;
  /** Between two pictures, in milliseconds: slower where stillness is
      asked for. */
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const PACE = still ? 1000 : 100;

  const svg = (name, attributes, ...children) => {
    const element = document.createElementNS(NS, name);
    for (const [key, value] of Object.entries(attributes)) {
      element.setAttribute(key, value);
    }
    element.append(...children);
    return element;
  };

  const short = (value) => String(Number(value.toPrecision(
    value >= 100 ? Math.ceil(Math.log10(value + 1)) : 2)));
  const seconds = (ms) => (ms < 1000 ? `${short(ms)} ms`
    : `${(ms / 1000).toFixed(1)} s`);

  /** The next number above that is easy to read. */
  const round = (value) => {
    const ten = 10 ** Math.floor(Math.log10(value || 1));
    const steps = [1, 1.5, 2, 3, 4, 5, 6, 8];
    return ten * (steps.find((step) => step * ten >= value) ?? 10);
  };

  /** Megabits per second, from what was acknowledged in a tenth of a
      second or, later, a twentieth of the whole time. */
  const goodput = (samples) => {
    const span = Math.max(100, samples.at(-1).ms - samples[0].ms) / 20;
    const window = Math.max(100, span);
    let from = 0;
    return samples.map((it, index) => {
      while (from < index && samples[from + 1].ms <= it.ms - window) from += 1;
      const ms = it.ms - samples[from].ms;
      return ms < window / 2 ? null
        : (it.acked - samples[from].acked) * 8 / ms / 1000;
    });
  };

  const each = (value) => (samples) => samples.map(value);

  const CURVES = [
    { key: "cwnd", unit: "segments", of: each((it) => it.cwnd),
      also: each((it) => it.ssthresh) },
    { key: "srtt", unit: "ms", less: "µs", of: each((it) => it.srtt || null) },
    { key: "goodput", unit: "Mbit/s", less: "kbit/s", of: goodput },
    // These two are worth their place once there is something to see, or
    // if the reader has asked for it.
    { key: "queue", unit: "kB", less: "B", asked: "rate_kbit",
      of: each((it) => Math.max(...it.queued) / 1000) },
    { key: "again", unit: "", asked: "loss_permille",
      of: each((it) => it.retransmissions) },
  ];

  /** The points of a curve in a square of 100, whose gaps are not drawn. */
  const points = (samples, values, most) => {
    const first = samples[0].ms;
    const width = samples.at(-1).ms - first || 1;
    const every = Math.ceil(samples.length / POINTS);
    const shown = samples.map((it, index) => [it.ms, values[index], index]);
    return shown.filter(([, value, index]) => value !== null
      && (index % every === 0 || index === samples.length - 1))
      .map(([ms, value]) => `${((ms - first) / width * 100).toFixed(1)},${
        (100 - value / most * 100).toFixed(1)}`).join(" ");
  };

  const plot = ({ key, unit: usual, less, of, also }, say) => {
    const figure = document.createElement("figure");
    const caption = document.createElement("figcaption");
    const now = document.createElement("output");
    const name = document.createElement("b");
    name.textContent = say(key);
    caption.append(name, " ", now);
    const threshold = svg("polyline", { class: "also" });
    const line = svg("polyline", {});
    const square = svg("svg", {
      viewBox: "0 0 100 100", preserveAspectRatio: "none",
      y: 16, width: "100%", height: 64, overflow: "visible",
    }, svg("path", { d: "M0 0H100M0 50H100M0 100H100" }), threshold, line);
    const top = svg("text", { x: 0, y: 11 });
    const end = svg("text", { x: "100%", y: 94, class: "end" });
    const zero = svg("text", { x: 0, y: 94 });
    zero.textContent = "0";
    const picture = svg("svg", { role: "img" }, square, top, zero, end);
    figure.className = key;
    figure.append(caption, picture);
    return {
      figure,
      draw(samples) {
        let values = of(samples);
        let unit = usual === "segments" ? say(usual) : usual;
        if (less && Math.max(...values) < 1) {
          values = values.map((value) => value && value * 1000);
          unit = less;
        }
        const known = values.filter((value) => value !== null);
        const limits = also ? also(samples) : [];
        const most = round(Math.max(...known, ...limits, 0));
        line.setAttribute("points", points(samples, values, most));
        threshold.setAttribute("points", also
          ? points(samples, limits, most) : "");
        const last = known.length ? short(known.at(-1)) : "–";
        const limit = limits.at(-1) ?? null;
        now.textContent = `${last} ${unit}`.trim()
          + (limit === null ? "" : `, ${say("threshold")} ${limit}`);
        top.textContent = `${short(most)} ${unit}`.trim();
        const time = seconds(samples.at(-1).ms - samples[0].ms);
        end.textContent = time;
        picture.setAttribute("aria-label", say("told", {
          name: say(key), time, unit, now: last,
          least: short(Math.min(...known, Infinity)),
          most: short(Math.max(...known, 0)),
        }));
        return known.some((value) => value > 0);
      },
    };
  };

  /** The curves of a Run pane, below `before`. */
  wire.plots = (before, say) => {
    const part = document.createElement("section");
    part.className = "plots";
    part.hidden = true;
    part.setAttribute("aria-label", say("plots"));
    const curves = CURVES.map((curve) => ({ ...curve, ...plot(curve, say) }));
    part.append(...curves.map(({ figure }) => figure));
    before.after(part);
    let sockets = new Map();
    let link = {};
    let timer = null;

    const draw = () => {
      timer = null;
      const all = [...sockets.values()];
      const acked = (samples) => samples.at(-1).acked;
      const most = all.reduce((best, samples) => (
        acked(samples) > acked(best) ? samples : best), all[0]);
      const lived = most.at(-1).ms - most[0].ms;
      const bent = Object.keys(link).length > 0;
      part.hidden = !bent && lived <= 300 && most.length <= 10;
      if (part.hidden) return;
      for (const curve of curves) {
        const moves = curve.draw(most);
        curve.figure.hidden = !moves && "asked" in curve
          && !(curve.asked in link);
      }
    };

    return {
      /** A run begins, over a link that was asked for. */
      begin(asked) {
        sockets = new Map();
        link = asked;
        part.hidden = true;
      },
      sample(sample) {
        const socket = `${sample.local} ${sample.peer}`;
        if (!sockets.has(socket)) sockets.set(socket, []);
        sockets.get(socket).push(sample);
        timer ??= setTimeout(draw, PACE);
      },
      end() {
        clearTimeout(timer);
        if (sockets.size > 0) draw();
      },
    };
  };
}
