// A Run pane: who speaks gets a colour, and where the companion serves the
// page, the program runs and its lines arrive as it prints them.
"use strict";

{
  /** A line of output: `[client] …` in the colour of its speaker. */
  const spoken = (text, speakers) => {
    const [, indent, who, rest] = /^(\s*)(\[[^\]]+\])(.*)$/.exec(text) ?? [];
    if (!who) return document.createTextNode(text);
    if (!speakers.includes(who)) speakers.push(who);
    const other = speakers.indexOf(who) % 2 ? "who other" : "who";
    const line = document.createDocumentFragment();
    line.append(indent, wire.line(who, other), rest);
    return line;
  };

  const paint = (pane) => {
    const speakers = [];
    const lines = pane.textContent.replace(/\n$/, "").split("\n");
    pane.replaceChildren();
    for (const text of lines) pane.append(spoken(text, speakers), "\n");
  };

  const outcome = (say, { status, ms, why }) => {
    if (why) return say(why === "build" ? "broken" : why);
    if (status === null) return say("killed", { ms });
    return say(status === 0 ? "ended" : "failed", { status, ms });
  };

  const setUp = (section) => {
    const say = wire.words(section);
    const pane = section.querySelector(".transcript");
    const head = section.querySelector(".run-head");
    const number = section.dataset.lesson;
    const { faq } = section.dataset;
    const state = document.createElement("p");
    state.className = "run-state";
    state.setAttribute("role", "status");
    pane.after(state);
    const ladder = wire.ladder(section, say);
    let which = "lesson";
    let running = null;
    // Where the network can be bent: its sliders, and what TCP thinks.
    let knobs = null;
    let plots = null;
    let options = "";

    const tell = (text, bad = false) => {
      wire.tell(state, text);
      state.classList.toggle("bad", bad);
    };

    /** The same at a terminal. */
    const recorded = head.querySelector("code").textContent;
    const showCommand = () => {
      const mine = which === "mine" ? " --mine" : "";
      head.querySelector("code").textContent = mine || options
        ? `cargo run -- run ${number}${mine}${options}` : recorded;
    };

    const take = {
      wire: (data) => ladder.begin(data),
      packet: (data) => ladder.packet(data),
      more: () => ladder.more(),
      sample: (data) => plots?.sample(data),
    };

    const show = async (answer) => {
      const speakers = [];
      let begun = false;
      for await (const [event, data] of wire.events(answer)) {
        if (event === "end") {
          const failed = data.status !== 0;
          tell(outcome(say, data), failed);
          pane.classList.toggle("failed", failed);
          return;
        }
        if (event in take) take[event](data);
        else if (event === "out") {
          wire.print(pane, spoken(data.text, speakers));
        } else wire.print(pane, wire.line(data.text, event));
        if (!begun && event !== "note") tell(say("running"));
        begun ||= event !== "note";
      }
      throw new Error(say("offline"));
    };

    const run = async () => {
      running = new AbortController();
      go.textContent = say("stop");
      go.classList.add("busy");
      pane.replaceChildren();
      pane.classList.remove("failed");
      pane.setAttribute("aria-label", say("live"));
      tell(say("building"));
      const link = knobs?.link() ?? {};
      plots?.begin(link);
      try {
        const path = faq ? `/api/faq/${faq}/run` : `/api/lessons/${number}/run`;
        const asked = faq ? {} : { which, link };
        await show(await wire.post(path, say, asked, running.signal));
      } catch (error) {
        const stopped = running.signal.aborted;
        tell(stopped ? say("stopped") : error.message, !stopped);
      }
      ladder.end();
      plots?.end();
      running = null;
      go.textContent = say("run");
      go.classList.remove("busy");
    };

    const go = wire.button(say("run"), () => {
      if (running) running.abort(); else run();
    });
    go.className = "go";
    head.append(go);

    /** Run offers both programs, once the learner has one of their own. */
    const offerBoth = (first) => {
      const group = document.createElement("span");
      group.className = "which";
      group.setAttribute("role", "group");
      group.setAttribute("aria-label", say("which"));
      const choose = (name) => {
        which = name;
        for (const button of group.children) {
          button.setAttribute("aria-pressed", button.dataset.which === name);
        }
        showCommand();
      };
      for (const name of ["lesson", "mine"]) {
        const button = wire.button(say(name), () => choose(name));
        button.dataset.which = name;
        group.append(button);
      }
      choose(first);
      go.before(group);
    };

    const copy = wire.button(say("try"), async () => {
      try {
        const path = `/api/lessons/${number}/try`;
        const told = await (await wire.post(path, say)).json();
        copy.remove();
        offerBoth("mine");
        tell(say("copied", told));
        go.focus();
      } catch (error) {
        tell(error.message, true);
      }
    });

    const offerLab = (obstacle) => {
      const words = wire.words(section, "lab");
      if (obstacle !== null) {
        const line = document.createElement("p");
        line.className = "no-lab";
        // The sentence is the machine's own, in English.
        const why = wire.line(obstacle, "");
        why.lang = "en";
        line.append(words("none"), " ", why);
        state.after(line);
        return;
      }
      knobs = wire.knobs(head, words, (told) => {
        options = told;
        showCommand();
      });
      plots = wire.plots(state, words);
    };

    wire.state().then((known) => {
      if (faq) return;
      if (known && "lab" in section.dataset) offerLab(known.obstacle);
      if (known?.lessons?.[number]?.tried) offerBoth("lesson");
      else go.before(copy);
    });
  };

  for (const section of document.querySelectorAll(".run")) {
    paint(section.querySelector(".transcript"));
    if (wire.live) setUp(section);
  }
}
