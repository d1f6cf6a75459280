// Search: every word of the query must stand in a section, as it is written,
// in any language. The sections' texts come when they are first asked for.
"use strict";

{
  const dialog = document.getElementById("search");
  const say = wire.words(dialog);
  const [input, status, list] = dialog.children;
  const opener = document.querySelector(".seek");
  let sections = null;

  const load = async () => {
    const answer = await fetch(dialog.dataset.index);
    if (!answer.ok) throw new Error(answer.statusText);
    // Each is [address, chapter, heading, text].
    sections = (await answer.json()).map(([url, chapter, heading, text]) => ({
      url, chapter, heading, text,
      title: `${chapter}\n${heading}`.toLowerCase(),
      body: text.toLowerCase(),
    }));
  };

  /** How well a section answers; zero if a word is missing. */
  const rank = ({ title, body }, words) => {
    let sum = 0;
    for (const word of words) {
      const times = body.split(word).length - 1;
      const named = title.includes(word) ? 20 : 0;
      if (!times && !named) return 0;
      sum += named + Math.min(times, 10);
    }
    return sum;
  };

  /** Text with the words of the query marked. */
  const marked = (text, words) => {
    const escaped = words.map((w) => w.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"));
    const parts = text.split(new RegExp(`(${escaped.join("|")})`, "giu"));
    return parts.map((part, index) => {
      if (index % 2 === 0) return part;
      const mark = document.createElement("mark");
      mark.textContent = part;
      return mark;
    });
  };

  const snippet = ({ text, body }, words) => {
    const places = words.map((w) => body.indexOf(w)).filter((at) => at >= 0);
    const start = Math.max(0, Math.min(...places, body.length) - 40);
    const from = places.length ? start : 0;
    const cut = text.slice(from, from + 160);
    return `${from ? "…" : ""}${cut}${from + 160 < text.length ? "…" : ""}`;
  };

  const item = (section, words) => {
    const { url, chapter, heading } = section;
    const title = document.createElement("b");
    const text = document.createElement("small");
    const link = document.createElement("a");
    const line = document.createElement("li");
    const name = heading && heading !== chapter
      ? `${chapter} › ${heading}` : chapter;
    title.append(...marked(name, words));
    text.append(...marked(snippet(section, words), words));
    link.href = new URL(url, new URL(dialog.dataset.index, document.baseURI));
    link.append(title, text);
    line.append(link);
    return line;
  };

  const find = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    list.replaceChildren();
    status.textContent = "";
    if (!words.length || !sections) return;
    const found = sections.map((section) => [rank(section, words), section])
      .filter(([sum]) => sum > 0)
      .sort(([a], [b]) => b - a);
    const word = ["none", "one"][found.length] ?? "some";
    status.textContent = say(word, { n: found.length });
    list.append(...found.slice(0, 40).map(([, s]) => item(s, words)));
  };

  const open = async () => {
    dialog.showModal();
    input.select();
    if (sections) return;
    try {
      await load();
      find();
    } catch {
      status.textContent = say("absent");
    }
  };

  /** Up and down go through the query and what it found. */
  const move = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const stops = [input, ...list.querySelectorAll("a")];
    const at = stops.indexOf(document.activeElement) + step;
    stops[Math.max(0, Math.min(at, stops.length - 1))].focus();
  };

  opener.addEventListener("click", open);
  input.addEventListener("input", find);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") list.querySelector("a")?.click();
  });
  dialog.addEventListener("keydown", move);
  dialog.addEventListener("click", (event) => {
    // The backdrop is the dialog itself, outside of what it holds.
    if (event.target === dialog || event.target.closest("a")) dialog.close();
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select");
    if (event.key !== "/" || typing || dialog.open) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    open();
  });
}
