// The colour scheme: light, dark, or the system's. Loaded in the head and not
// deferred, so that the page is never painted in the wrong colours first.
"use strict";

{
  const root = document.documentElement;
  const choices = ["auto", "light", "dark"];
  // Storage may be forbidden; the book then follows the system.
  const read = () => {
    try { return localStorage.getItem("theme"); } catch { return null; }
  };
  const keep = (choice) => {
    try { localStorage.setItem("theme", choice); } catch { /* not kept */ }
  };

  let chosen = choices.includes(read()) ? read() : "auto";
  root.dataset.theme = chosen;
  root.classList.add("script");

  addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector("button.theme");
    const words = JSON.parse(button.dataset.words);
    const show = () => {
      root.dataset.theme = chosen;
      button.textContent = words[chosen];
    };
    button.addEventListener("click", () => {
      chosen = choices[(choices.indexOf(chosen) + 1) % choices.length];
      keep(chosen);
      show();
    });
    show();
  });
}
