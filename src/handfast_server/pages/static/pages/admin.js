// A key that is shown once is copied by one press; ticking all of a list. Without it both are done by hand.
(() => {
  "use strict";

  for (const button of document.querySelectorAll("[data-copy]")) {
    const field = document.getElementById(button.dataset.copy);
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      field.select();
      await navigator.clipboard.writeText(field.value);
      button.textContent = button.dataset.copied;
    });
  }

  for (const every of document.querySelectorAll("[data-ticks]")) {
    const boxes = [...document.querySelectorAll(`input[name="${CSS.escape(every.dataset.ticks)}"]`)];
    every.closest("[hidden]").hidden = boxes.length < 2;
    every.addEventListener("change", () => { for (const box of boxes) box.checked = every.checked; });
  }
})();
