// The network's sliders: each is an option of the command line, which is
// shown, so that a reader learns it while they drag.
"use strict";

{
  const small = (count, step) => Array.from({ length: count },
    (_, index) => index * step);

  // At the end of each row where a slider rests, its link does nothing.
  // What may be asked for at most stands in src/serve/laboratory.rs.
  const KNOBS = [
    {
      key: "rtt", field: "rtt_ms", rest: 0, option: (n) => `${n}ms`,
      steps: [0, 1, 2, 3, 5, 7, 10, 15, 20, 25, 30, 40, 50, 60, 80, 100, 120,
        150, 200, 250, 300, 400, 500, 600, 800, 1000],
      shown: (n) => `${n} ms`,
    },
    {
      key: "rate", field: "rate_kbit", rest: 0, idle: "free",
      option: (n) => (n < 1000 ? `${n}kbit` : `${n / 1000}mbit`),
      steps: [64, 128, 256, 512, 1000, 2000, 5000, 10000, 20000, 50000,
        100000, 0],
      shown: (n) => (n < 1000 ? `${n} kbit/s` : `${n / 1000} Mbit/s`),
    },
    {
      key: "loss", field: "loss_permille", rest: 0,
      option: (n) => `${n / 10}%`,
      steps: [...small(20, 1), ...small(6, 5).map((n) => n + 20), 50, 60, 80,
        100, 150, 200, 300, 400, 500, 700, 1000],
      shown: (n) => `${n / 10} %`,
    },
    {
      key: "queue", field: "queue_kb", rest: 0, idle: "usual",
      option: (n) => `${n}k`,
      steps: [0, 2, 4, 8, 16, 32, 64, 125, 250, 500, 1000],
      shown: (n) => `${n} kB`,
    },
  ];

  const slider = (knob, say, changed) => {
    const label = document.createElement("label");
    const name = wire.line(say(knob.key), "");
    const value = document.createElement("output");
    const input = document.createElement("input");
    const rest = knob.steps.indexOf(knob.rest);
    input.type = "range";
    input.max = knob.steps.length - 1;
    const set = (at) => {
      input.value = at;
      knob.value = knob.steps[at];
      const idle = knob.idle && knob.value === knob.rest;
      value.textContent = idle ? say(knob.idle) : knob.shown(knob.value);
      input.setAttribute("aria-valuetext", value.textContent);
      changed();
    };
    input.setAttribute("aria-label", say(knob.key));
    input.addEventListener("input", () => set(Number(input.value)));
    label.append(name, value, input);
    return { label, reset: () => set(rest) };
  };

  /** The sliders of a Run pane, below its head. `changed` is called with
      the options of the command line, each after a space. */
  wire.knobs = (head, say, changed) => {
    const knobs = KNOBS.map((knob) => ({ ...knob, value: knob.rest }));
    const bent = () => knobs.filter((knob) => knob.value !== knob.rest);
    const options = () => bent().map(
      (knob) => ` --${knob.key} ${knob.option(knob.value)}`).join("");

    const fold = document.createElement("details");
    const title = document.createElement("summary");
    const grid = document.createElement("div");
    const foot = document.createElement("p");
    fold.className = "knobs";
    title.textContent = say("bend");
    grid.className = "sliders";
    const tell = () => {
      reset.disabled = bent().length === 0;
      changed(options());
    };
    const sliders = knobs.map((knob) => slider(knob, say, tell));
    const reset = wire.button(say("reset"), () => {
      for (const one of sliders) one.reset();
      sliders[0].label.querySelector("input").focus();
    });
    grid.append(...sliders.map(({ label }) => label));
    foot.append(wire.line(say("hint"), ""), reset);
    fold.append(title, grid, foot);
    for (const one of sliders) one.reset();
    head.after(fold);

    return {
      /** What the companion is asked for: nothing of sliders at rest. */
      link: () => Object.fromEntries(
        bent().map((knob) => [knob.field, knob.value])),
    };
  };
}
