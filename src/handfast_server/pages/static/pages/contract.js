// The editor of a draft: numbers beside the lines, a problem leads to its place, and what is not saved is said.
// Without it the text is typed and saved all the same, and its problems name their lines.
(() => {
  "use strict";

  const form = document.querySelector("[data-editor]");
  const text = document.getElementById("text");
  if (!form || !text) return;
  const gutter = form.querySelector("[data-gutter]"), unsaved = form.querySelector("[data-unsaved]");
  const begun = text.value;

  const found = () => {  // the lines that a problem is about, as the last check said
    const lines = new Map();
    for (const each of document.querySelectorAll("#checked .problems li")) {
      const link = each.querySelector("[data-line]");
      if (link && lines.get(link.dataset.line) !== "late") lines.set(link.dataset.line, each.className);
    }
    return lines;
  };
  let shown = "";
  const number = () => {
    const lines = text.value.split("\n").length, looks = found(), now = `${lines}:${[...looks].join()}`;
    if (now !== shown) gutter.replaceChildren(...Array.from({ length: lines }, (_, at) => {
      const each = document.createElement("span"), look = looks.get(String(at + 1));
      if (look) each.className = look;
      each.textContent = `${at + 1}\n`;
      return each;
    }));
    shown = now;
    gutter.scrollTop = text.scrollTop;
  };
  document.addEventListener("htmx:afterSettle", number);
  gutter.hidden = false;
  number();
  text.addEventListener("scroll", () => { gutter.scrollTop = text.scrollTop; });

  const changed = () => text.value !== begun;
  text.addEventListener("input", () => { number(); unsaved.hidden = !changed(); });
  let leaving = false;
  form.addEventListener("submit", () => { leaving = true; });
  addEventListener("beforeunload", (event) => { if (changed() && !leaving) event.preventDefault(); });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-line]");
    if (!link) return;
    event.preventDefault();
    const lines = text.value.split("\n"), line = Math.min(Number(link.dataset.line), lines.length);
    const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
    const at = start + Math.min(Number(link.dataset.column) - 1, lines[line - 1].length);
    text.focus();
    text.setSelectionRange(at, start + lines[line - 1].length);
    const height = parseFloat(getComputedStyle(text).lineHeight);
    text.scrollTop = Math.max(0, (line - 4) * height);
  });
})();
