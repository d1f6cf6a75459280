// The ladder of a run that is going on: it takes the place of the recorded
// one, and grows packet by packet. The HTML comes from the companion, which
// drew the recorded one with the same code.
"use strict";

{
  /** Before this much time it stays at the first packet, which is read
      first; only a long run is followed. */
  const LONG = 1000;
  /** Between two pictures, in milliseconds. */
  const PACE = 50;

  const parse = (html) => {
    const template = document.createElement("template");
    template.innerHTML = html;
    return template.content;
  };

  const paragraph = (name, ...content) => {
    const line = document.createElement("p");
    line.className = name;
    line.append(...content);
    return line;
  };

  /** The part of the page where the packets of a lesson are, or a new one
      after its Run pane. */
  const place = (run, say) => {
    const number = run.dataset.lesson;
    const recorded = document.querySelector(`.wire[data-lesson="${number}"]`);
    if (recorded) return recorded;
    const section = document.createElement("section");
    section.className = "wire";
    section.setAttribute("aria-label", say("packets"));
    const name = document.createElement("b");
    name.textContent = say("packets");
    const hint = wire.line(say("hint"), "");
    section.append(paragraph("wire-head", name, " ", hint));
    run.after(section);
    return section;
  };

  wire.ladder = (run, say) => {
    let section = null;
    let box = null;
    let recorded = [];
    let waiting = [];
    let began = 0;
    let touched = false;
    const connections = new Map();

    const show = (live) => {
      box.hidden = !live;
      for (const part of recorded) part.hidden = live;
      section.querySelector(".fresh").hidden = !live;
      const change = section.querySelector(".wire-head button");
      if (change) change.textContent = say(live ? "recording" : "again");
    };

    const setUp = () => {
      section = place(run, say);
      const head = section.querySelector(".wire-head");
      // What is not of this run: the picture, and the file to download.
      recorded = [...section.children].filter(
        (part) => !part.matches(".wire-head, .wire-foot"));
      recorded.push(...section.querySelectorAll(".wire-foot > :last-child"));
      box = document.createElement("div");
      box.className = "live";
      box.tabIndex = 0;
      box.setAttribute("role", "region");
      box.setAttribute("aria-label", `${say("packets")}, ${say("fresh")}`);
      for (const event of ["wheel", "pointerdown", "keydown", "focusin"]) {
        box.addEventListener(event, () => { touched = true; },
          { passive: true });
      }
      head.after(box);
      head.firstElementChild.after(" ", wire.line(say("fresh"), "fresh"));
      if (recorded.length > 0) {
        head.append(wire.button("", () => show(box.hidden)));
      }
    };

    const connection = ({ connection: number }) => {
      const known = connections.get(number);
      if (known) return known;
      const details = document.createElement("details");
      details.className = "connection";
      details.open = true;
      const heading = document.createElement("summary");
      const rows = document.createElement("div");
      rows.className = "ladder";
      details.append(heading, rows);
      const others = box.querySelectorAll(".connection");
      (others[others.length - 1] ?? box.firstElementChild).after(details);
      connections.set(number, { heading, rows });
      return connections.get(number);
    };

    /** Appends what has come since the last time. */
    const draw = () => {
      if (waiting.length === 0) return;
      const { scrollTop, clientHeight, scrollHeight } = box;
      const atEnd = scrollTop + clientHeight > scrollHeight - 8;
      const follow = touched ? atEnd && !box.contains(document.activeElement)
        : performance.now() - began > LONG;
      const headings = new Map();
      for (const packet of waiting) {
        const { heading, rows } = connection(packet);
        rows.append(parse(packet.html));
        headings.set(heading, packet.heading);
      }
      waiting = [];
      for (const [heading, html] of headings) {
        heading.replaceChildren(parse(html));
      }
      if (follow) box.scrollTop = box.scrollHeight;
    };

    return {
      /** A run has begun: what was here of an earlier one goes. */
      begin({ html }) {
        if (!section) setUp();
        waiting = [];
        connections.clear();
        touched = false;
        began = performance.now();
        box.replaceChildren(parse(html));
        box.scrollTop = 0;
        show(true);
      },
      packet(packet) {
        if (waiting.push(packet) === 1) setTimeout(draw, PACE);
      },
      more() {
        draw();
        const line = paragraph("more");
        wire.tell(line, say("more", { n: run.dataset.lesson }));
        box.append(line);
      },
      end: () => { if (box) draw(); },
    };
  };
}
