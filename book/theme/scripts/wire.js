// What the other scripts share: the page's words, and the companion behind
// it. A page that says "recorded" has no companion and must not ask for one.
"use strict";

const wire = {
  live: document.querySelector('meta[name="wire"]').content === "live",

  /** The words of a part of the page, by key; `{name}` is filled in. */
  words(part, list = "words") {
    const words = JSON.parse(part.dataset[list]);
    return (key, values = {}) => (words[key] ?? key).replace(
      /\{(\w+)\}/g, (place, name) => values[name] ?? place);
  },

  /** Asks the companion; throws an error that holds a sentence to show. */
  async ask(path, say, options = {}) {
    let answer;
    try {
      answer = await fetch(path, options);
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Error(say("offline"));
    }
    if (answer.ok) return answer;
    const known = { 401: "stale", 429: "busy" }[answer.status];
    if (known) throw new Error(say(known));
    const told = await answer.json().catch(() => ({}));
    throw new Error(told.error ?? say("offline"));
  },

  post(path, say, body = {}, signal = null) {
    return wire.ask(path, say, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal,
    });
  },

  /** Reads server-sent events from an answer, one by one. */
  async *events(answer) {
    const stream = answer.body.pipeThrough(new TextDecoderStream());
    let rest = "";
    for (const reader = stream.getReader(); ;) {
      const { value, done } = await reader.read();
      if (done) return;
      const blocks = (rest + value).split(/\r?\n\r?\n/);
      rest = blocks.pop();
      for (const block of blocks) {
        const fields = {};
        for (const line of block.split(/\r?\n/)) {
          const [, name, text] = /^(\w*):? ?(.*)$/.exec(line) ?? [];
          fields[name] = name in fields ? `${fields[name]}\n${text}` : text;
        }
        if (fields.data) yield [fields.event, JSON.parse(fields.data)];
      }
    }
  },

  /** What the learner has done; null where the companion will not say. */
  state() {
    wire.known ??= fetch("/api/state")
      .then((answer) => (answer.ok ? answer.json() : null))
      .catch(() => null);
    return wire.known;
  },

  /** A button, and what it does. */
  button(text, action) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.addEventListener("click", action);
    return button;
  },

  /** Appends a line to a terminal, which follows unless scrolled away. */
  print(pane, node) {
    const { scrollTop, clientHeight, scrollHeight } = pane;
    const atEnd = scrollTop + clientHeight > scrollHeight - 8;
    pane.append(node, "\n");
    if (atEnd) pane.scrollTop = pane.scrollHeight;
  },

  /** Shows a sentence, its `code` set as such. */
  tell(part, sentence) {
    part.replaceChildren(...sentence.split("`").map((text, index) => {
      if (index % 2 === 0) return text;
      const code = document.createElement("code");
      code.textContent = text;
      return code;
    }));
  },

  line(text, kind) {
    const span = document.createElement("span");
    span.className = kind;
    span.textContent = text;
    return span;
  },
};
