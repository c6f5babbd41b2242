// The editor of a draft: numbers beside the lines, a problem leads to its place, and what is not saved is said.
// Without it the text is typed and saved all the same, and its problems name their lines.
(() => {
  "use strict";

  const form = document.querySelector("[data-editor]");
  const text = document.getElementById("text");
  if (!form || !text) return;
  const gutter = form.querySelector("[data-gutter]"), unsaved = form.querySelector("[data-unsaved]");
  const begun = text.value;

  let shown = 0;
  const number = () => {
    const lines = text.value.split("\n").length;
    if (lines !== shown) gutter.textContent = Array.from({ length: lines }, (_, at) => at + 1).join("\n") + "\n";
    shown = lines;
    gutter.scrollTop = text.scrollTop;
  };
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
