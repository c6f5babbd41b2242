// What waits can be dragged onto somebody: the same form is sent as from the page of who has it.
(() => {
  "use strict";

  const all = (selector) => [...document.querySelectorAll(selector)];
  const item = (event) => event.target.closest?.("[data-drag]");
  const target = (event) => event.target.closest?.("[data-drop]");
  let dragged = null;

  const ready = () => {
    for (const each of all("[data-drag]")) each.draggable = true;
    for (const each of all("[data-draggable]")) each.hidden = !matchMedia("(pointer: fine)").matches;
  };
  const mark = (row) => { for (const each of all("[data-drop]")) each.classList.toggle("dropping", each === row); };
  const takes = (row) => dragged && row && row.dataset.drop !== dragged.dataset.from;

  document.addEventListener("dragstart", (event) => {
    dragged = item(event) || null;
    if (!dragged) return;
    dragged.dataset.dragged = "";
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.querySelector("strong").textContent);
  });
  document.addEventListener("dragover", (event) => {
    const row = target(event);
    if (takes(row)) event.preventDefault();
    mark(takes(row) ? row : null);
  });
  document.addEventListener("drop", (event) => {
    const row = target(event), form = document.querySelector("[data-moves]");
    if (!takes(row) || !form) return;
    event.preventDefault();
    form.action = dragged.dataset.by;
    form.elements.lead.value = dragged.dataset.drag;
    form.elements.to.value = row.dataset.drop;
    form.requestSubmit();
  });
  document.addEventListener("dragend", () => {
    if (dragged) delete dragged.dataset.dragged;
    dragged = null;
    mark(null);
  });
  document.addEventListener("htmx:afterSettle", ready);
  ready();
})();
