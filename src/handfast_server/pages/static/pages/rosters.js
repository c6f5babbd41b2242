// On a telephone a month is wider than the screen: it begins at today.
(() => {
  "use strict";
  const frame = document.querySelector(".month"), day = document.querySelector(".month .today");
  if (frame && day) frame.scrollLeft = day.offsetLeft - frame.clientWidth / 2;
})();
