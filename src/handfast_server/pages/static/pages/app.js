// What pages do beyond links and forms: clocks that run, keys, an overlay of keys, and saying when the line is down.
// Everything here only helps: each page can be read, and each form sent, without it.
(() => {
  "use strict";

  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector, root = document) => root.querySelector(selector);
  const words = document.body.dataset;

  // Clocks. The server's time counts: the reader's machine may be wrong.

  const ahead = Number(words.now) - Date.now();
  const MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR;

  const span = (seconds) => {
    if (seconds < MINUTE) return `${seconds} s`;
    if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min`;
    if (seconds < DAY) return `${Math.floor(seconds / HOUR)} h ${String(Math.floor((seconds % HOUR) / MINUTE)).padStart(2, "0")} min`;
    return `${Math.floor(seconds / DAY)} ${words.wordDay} ${Math.floor((seconds % DAY) / HOUR)} h`;
  };

  const tick = () => {
    const now = Date.now() + ahead;
    for (const clock of all("[data-due]")) {
      const due = Number(clock.dataset.due), half = Number(clock.dataset.half);
      const state = now > due ? "late" : now >= half ? "soon" : "running";
      const text = (now > due ? words.wordLate : words.wordLeft).replace("%s", span(Math.floor(Math.abs(due - now) / 1000)));
      if (clock.textContent !== text) clock.textContent = text;
      for (const each of [clock, clock.closest("[data-urgency]")]) {
        if (!each) continue;
        each.classList.toggle("soon", state === "soon");
        each.classList.toggle("late", state === "late");
      }
    }
  };
  tick();
  setInterval(tick, 1000);

  // A row of places that is wider than a telephone begins where one is.

  function toHere() {
    for (const here of all(".top nav [aria-current], .sub [aria-current]")) {
      const row = here.closest(".sub ul, .top nav");
      row.scrollLeft = here.offsetLeft - row.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
    }
  }
  toHere();
  addEventListener("resize", toHere);  // a telephone is turned

  // Who is new here reads times as the clocks around them show them.

  for (const field of all("[data-zone]")) field.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";

  // The line.

  const offline = one("[data-offline]");
  const say = (down) => { if (offline) offline.hidden = !down; };
  addEventListener("offline", () => say(true));
  addEventListener("online", () => {
    say(false);
    if (window.htmx) for (const list of all("[data-etag]")) window.htmx.trigger(list, "again");
  });
  // A line is down as well when no answer comes in time, or one of whatever stands before a service that is away.
  for (const gone of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(gone, () => say(true));
  document.addEventListener("htmx:afterRequest", (event) => {
    const status = event.detail.xhr ? event.detail.xhr.status : 0;
    if (status) say(status >= 500);
  });

  // A list asks whether something is new, and is told nothing when nothing is. What somebody is typing stays.

  document.addEventListener("htmx:configRequest", (event) => {
    const tag = event.detail.elt.dataset.etag;
    if (tag && event.detail.verb === "get") event.detail.headers["If-None-Match"] = tag;
  });
  const untold = (field) => {
    if (field.matches("[type=checkbox], [type=radio]")) return field.checked !== field.defaultChecked;
    if (!field.matches("select")) return field.value !== field.defaultValue;
    return field.options[field.selectedIndex] !== ([...field.options].find((each) => each.defaultSelected) || field.options[0]);
  };
  const TICKS = "input[data-tick]", FIELDS = "input:not([type=hidden], [data-tick]), textarea, select";
  const busy = (list) => one("details[open], [data-dragged]", list) || all(FIELDS, list).some((field) => field === document.activeElement || untold(field));
  let ticked = [];
  document.addEventListener("htmx:beforeSwap", (event) => {
    const list = event.detail.target;
    ticked = all(TICKS, list).filter((each) => each.checked).map((each) => each.value);
    if (event.detail.requestConfig.verb !== "get" || !busy(list)) return;
    event.detail.shouldSwap = false;
    const fresh = one("[data-fresh]", list);
    if (fresh) fresh.hidden = false;
  });
  let kept = "";
  document.addEventListener("htmx:beforeSwap", () => {
    const chosen = one("[data-item].chosen") || document.activeElement.closest?.("[data-item]");
    kept = chosen ? chosen.id : "";
  });
  document.addEventListener("htmx:afterSettle", () => {
    tick();
    ready();
    for (const each of all(TICKS)) if (ticked.includes(each.value)) each.checked = true;
    ticked = [];
    const chosen = kept && document.getElementById(kept);
    if (chosen) choose(chosen, false);
  });

  // Many at once.

  const ready = () => { for (const button of all("[data-ticks]")) button.hidden = false; };
  ready();
  document.addEventListener("click", (event) => {
    const form = event.target.closest("[data-ticks]")?.closest("form");
    if (!form) return;
    const boxes = all(TICKS, form), on = boxes.some((each) => !each.checked);
    for (const each of boxes) each.checked = on;
  });

  // Keys.

  const keys = one("#keys");
  for (const button of all("[data-opens-keys]")) {
    button.hidden = false;
    button.addEventListener("click", () => keys.showModal());
  }
  for (const button of all("[data-closes]")) button.addEventListener("click", () => button.closest("dialog").close());
  document.addEventListener("keydown", (event) => {
    const menu = one("details.who[open]");
    if (event.key === "Escape" && menu) { menu.open = false; one("summary", menu).focus(); }
  });
  document.addEventListener("click", (event) => {
    const menu = one("details.who[open]");
    if (menu && !menu.contains(event.target)) menu.open = false;
  });

  const items = () => all("[data-item]");
  const choose = (item, move = true) => {
    for (const each of items()) each.classList.toggle("chosen", each === item);
    if (move && item) { item.focus({ preventScroll: true }); item.scrollIntoView({ block: "nearest" }); }
  };
  const chosen = () => one("[data-item]:focus-within") || one("[data-item].chosen");
  const step = (by) => {
    const list = items(), at = list.indexOf(chosen());
    const next = list[Math.min(list.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
    if (next) choose(next);
  };

  let before = "";
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || one("dialog[open]")) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const key = event.key, went = before;
    before = "";
    if (key === "?") { event.preventDefault(); keys.showModal(); return; }
    if (went === "g") {
      const place = one(`[data-go="${CSS.escape(key)}"]`);
      if (place) { event.preventDefault(); place.click(); }
      return;
    }
    if (key === "g") { before = "g"; return; }
    if (key === "j" || key === "k") { event.preventDefault(); step(key === "j" ? 1 : -1); return; }
    const anywhere = one(`[data-page-key="${CSS.escape(key)}"]`);
    if (anywhere) {
      event.preventDefault();
      if (anywhere.matches("input, select, textarea")) anywhere.focus(); else anywhere.click();
      return;
    }
    const item = chosen() || items()[0];
    const pressed = item && one(`[data-key="${CSS.escape(key)}"]`, item);
    if (pressed) { event.preventDefault(); choose(item, false); pressed.click(); if (pressed.matches("summary")) one("textarea, button", pressed.parentElement)?.focus(); }
  });
})();
