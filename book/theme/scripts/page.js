// The page as a whole: the language link keeps your place, the contents list
// the page's parts, wide things can be scrolled by keyboard, and a page that
// was built again shows itself.
"use strict";

{
  // A table's empty corner is a heading to Markdown, and read aloud as one.
  for (const corner of document.querySelectorAll("th:empty")) {
    const cell = document.createElement("td");
    cell.className = "corner";
    corner.replaceWith(cell);
  }

  const link = document.querySelector(".language");
  const keepPlace = () => { link.hash = location.hash; };
  addEventListener("hashchange", keepPlace);
  keepPlace();

  const wide = ".formula, .math, .seq, .table-wrapper";
  for (const part of document.querySelectorAll(wide)) {
    if (part.scrollWidth > part.clientWidth) part.tabIndex = 0;
  }

  // Who reads Java in one listing reads it in the others.
  for (const tab of document.querySelectorAll(".languages input")) {
    tab.addEventListener("change", () => {
      const same = `.languages input[value="${tab.value}"]`;
      for (const it of document.querySelectorAll(same)) it.checked = true;
    });
  }

  // The parts of this page stand in the contents, below its name.
  const contents = document.getElementById("contents");
  const current = contents.querySelector("[aria-current]");
  const parts = document.querySelectorAll("main h2[id]");
  if (current && parts.length) {
    const list = document.createElement("ul");
    list.className = "here";
    for (const part of parts) {
      const line = document.createElement("li");
      const to = document.createElement("a");
      to.href = `#${part.id}`;
      to.textContent = part.textContent;
      to.addEventListener("click", () => {
        if (contents.matches(":popover-open")) contents.hidePopover();
      });
      line.append(to);
      list.append(line);
    }
    current.after(list);
  }

  // The contents may be long: show where in them this page stands.
  if (current && contents.clientHeight < contents.scrollHeight) {
    contents.scrollTop = current.offsetTop - contents.clientHeight / 2;
  }

  // A link to the whole program opens it.
  const unfold = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    const target = document.getElementById(id);
    if (target instanceof HTMLDetailsElement) target.open = true;
  };
  addEventListener("hashchange", unfold);
  unfold();

  // One stream a page, and none left behind: a browser allows six a host.
  let source = null;
  const heard = [];
  const connect = () => {
    source = new EventSource("/api/events");
    for (const [event, action] of heard) hear(event, action);
  };
  const hear = (event, action) => source.addEventListener(
    event, (message) => action(JSON.parse(message.data)));
  wire.listen = (event, action) => {
    heard.push([event, action]);
    if (source) hear(event, action);
  };

  const notice = document.getElementById("notice");
  let first = null;
  wire.listen("build", ({ id }) => {
    notice.hidden = true;
    first ??= id;
    if (id !== first) location.reload();
  });
  wire.listen("build-error", ({ text }) => {
    notice.textContent = text;
    notice.hidden = false;
  });
  if (wire.live) {
    connect();
    addEventListener("pagehide", () => source.close());
    addEventListener("pageshow", (shown) => {
      if (shown.persisted) connect();
    });
  }
}
