// In the staff desk: the next official number, as the pattern says while one types it. The server checks it again.
(function () {
  "use strict";

  const shown = document.querySelector("[data-example-of]");
  if (!shown) return;
  const input = document.getElementById(shown.dataset.exampleOf);
  const places = { "سال": shown.dataset.year, year: shown.dataset.year, "شماره": shown.dataset.number, number: shown.dataset.number };

  input.addEventListener("input", function () {
    let isRight = true;
    const named = new Set();
    const filled = input.value.trim().replace(/\{([^{}]*)\}/g, function (place, name) {
      const value = places[name.trim()];
      if (value === undefined) isRight = false;
      named.add(value);
      return value;
    });
    shown.textContent = isRight && named.size === 2 ? filled : "—";
  });
})();
