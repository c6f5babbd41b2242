/* Sends forms marked with data-handfast="name of the form" to Handfast, with where the visitor came from.
   <script src="https://handfast.example/static/handfast/capture.js" defer></script> */
(function () {
  "use strict";
  var base = new URL(document.currentScript.src).origin;
  var UTM = ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"];

  function random() {
    var bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, function (byte) { return byte.toString(16).padStart(2, "0"); }).join("");
  }

  function kept(storage, name, make) {
    try {
      var value = window[storage].getItem(name);
      if (!value) { value = make(); if (value) { window[storage].setItem(name, value); } }
      return value || "";
    } catch (blocked) { return make(); }
  }

  var came = JSON.parse(kept("sessionStorage", "handfast_utm", function () {
    var query = new URLSearchParams(location.search), found = {};
    UTM.forEach(function (name) { if (query.get(name)) { found[name] = query.get(name).slice(0, 200); } });
    return Object.keys(found).length ? JSON.stringify(found) : "";
  }) || "{}");

  function trap(form) {
    var field = document.createElement("input");
    field.name = "hf_website"; field.tabIndex = -1; field.autocomplete = "off"; field.setAttribute("aria-hidden", "true");
    field.style.position = "absolute"; field.style.left = "-10000px";
    form.appendChild(field);
  }

  function send(form, event) {
    event.preventDefault();
    var values = Object.assign({}, came);
    new FormData(form).forEach(function (value, name) { if (typeof value === "string") { values[name] = value; } });
    values._id = form.dataset.handfastId = form.dataset.handfastId || random();
    values._page = location.pathname;
    if (form.dataset.handfastVisitor === "yes") { values._anonymous = kept("localStorage", "handfast_visitor", random); }
    fetch(base + "/f/" + encodeURIComponent(form.dataset.handfast), {
      method: "POST", credentials: "omit", keepalive: true,
      headers: { "Content-Type": "application/json", "Accept": "application/json" }, body: JSON.stringify(values)
    }).then(function (answer) { return answer.json(); }).then(function (said) {
      if (!said.ok) { throw new Error(said.message || "Please try again."); }
      delete form.dataset.handfastId;
      form.dispatchEvent(new CustomEvent("handfast:sent", { bubbles: true }));
      if (form.dataset.handfastStay !== "yes") { location.assign(said.redirect); } else { form.reset(); }
    }).catch(function (wrong) {
      form.dispatchEvent(new CustomEvent("handfast:failed", { bubbles: true, detail: wrong.message }));
    });
  }

  function ready() {
    document.querySelectorAll("form[data-handfast]").forEach(function (form) {
      trap(form);
      form.addEventListener("submit", send.bind(null, form));
    });
  }
  if (document.readyState === "loading") { document.addEventListener("DOMContentLoaded", ready); } else { ready(); }
})();
