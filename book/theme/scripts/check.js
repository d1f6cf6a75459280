// An exercise: begin it, check it, and watch the peer's story step by step;
// again whenever the file is saved.
"use strict";

{
  /** What was sent, expected and got, under the step that failed. */
  const failure = (say, told) => {
    const list = document.createElement("dl");
    list.className = "failure";
    for (const key of ["sent", "expected", "got", "died", "likely", "reason"]) {
      if (!told[key]) continue;
      const name = document.createElement("dt");
      const text = document.createElement("dd");
      name.textContent = say(key);
      if (key === "likely" || key === "reason") wire.tell(text, told[key]);
      else {
        const code = document.createElement("code");
        code.textContent = told[key];
        text.append(code);
      }
      list.append(name, text);
    }
    return list;
  };

  /** The steps of an exercise, each `ok`, `fail`, `skip`, `left` or `now`. */
  const stepsOf = (section, say) => {
    const steps = [...section.querySelectorAll(".steps > li")];
    const mark = (step, state) => {
      step.className = state;
      step.querySelector(".unseen")?.remove();
      if (state !== "now" && state !== "") {
        const word = wire.line(`: ${say(state)}`, "unseen");
        step.append(word);
      }
    };
    return {
      clear() {
        for (const step of steps) {
          mark(step, "");
          step.querySelector(".failure")?.remove();
        }
        if (steps[0]) mark(steps[0], "now");
      },
      set({ number, state, failure: told }) {
        const step = steps[number - 1];
        if (!step) return;
        mark(step, state);
        if (told) step.append(failure(say, told));
        if (/ok|skip/.test(state) && steps[number]) mark(steps[number], "now");
      },
      rest() {
        for (const step of steps) {
          if (step.className === "now") mark(step, "");
        }
      },
    };
  };

  const setUp = (section) => {
    const say = wire.words(section);
    const number = section.dataset.exercise;
    const steps = stepsOf(section, say);
    const bar = document.createElement("p");
    const pane = document.createElement("pre");
    const state = document.createElement("p");
    bar.className = "check-bar";
    pane.className = "transcript";
    pane.tabIndex = 0;
    pane.hidden = true;
    pane.setAttribute("role", "log");
    pane.setAttribute("aria-label", say("building"));
    state.className = "check-state";
    state.setAttribute("role", "status");
    section.prepend(bar, pane, state);
    let running = null;

    const tell = (text, kind = "") => {
      wire.tell(state, text);
      state.className = `check-state ${kind}`;
    };

    /** One event of a check, asked for here or set off by a saved file. */
    const take = (event, data) => {
      if (event === "begin") {
        steps.clear();
        pane.replaceChildren();
        pane.hidden = true;
        tell(say("checking"));
      } else if (event === "step") {
        steps.set(data);
      } else if (event === "end") {
        steps.rest();
        if (data.passed) tell(say("passed", data), "ok");
        else if (data.tried) tell(say("failed", data), "bad");
        else tell(say(data.why === "lost" ? "lost" : "broken"), "bad");
      } else {
        pane.hidden = false;
        wire.print(pane, wire.line(data.text, event));
      }
    };

    const check = async () => {
      running = new AbortController();
      go.textContent = say("stop");
      go.classList.add("busy");
      take("begin");
      tell(say("building"));
      try {
        const path = `/api/exercises/${number}/check`;
        const answer = await wire.post(path, say, {}, running.signal);
        for await (const [event, data] of wire.events(answer)) {
          take(event, data);
        }
      } catch (error) {
        steps.rest();
        const stopped = running.signal.aborted;
        tell(stopped ? say("stopped") : error.message, stopped ? "" : "bad");
      }
      running = null;
      go.textContent = say("check");
      go.classList.remove("busy");
    };

    const go = wire.button(say("check"), () => {
      if (running) running.abort(); else check();
    });
    go.className = "go";

    const begin = wire.button(say("begin"), async () => {
      try {
        const path = `/api/exercises/${number}/begin`;
        const told = await (await wire.post(path, say)).json();
        begin.replaceWith(go);
        tell(say("begun", told));
        go.focus();
      } catch (error) {
        tell(error.message, "bad");
      }
    });
    begin.className = "go";

    wire.state().then((known) => {
      const mine = known?.exercises?.[number];
      bar.append(mine?.begun ? go : begin);
      if (mine?.solved) tell(say("solved"), "ok");
    });

    for (const event of ["begin", "note", "err", "step", "end"]) {
      wire.listen(event, (data) => {
        // A check asked for on this page tells its own story.
        if (String(data.exercise) === number && !running) take(event, data);
      });
    }
  };

  if (wire.live) document.querySelectorAll(".check").forEach(setUp);
}
