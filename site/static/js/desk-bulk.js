// Many letters at once: how many rows are ticked, and how far a job is. Nothing depends on it.
(function () {
  "use strict";

  const form = document.querySelector("[data-desk-bulk]");
  if (form) {
    const boxes = Array.from(document.querySelectorAll("[data-desk-tick]"));
    const all = document.querySelector("[data-desk-tick-all]");
    const count = form.querySelector("[data-desk-ticked]");
    const draw = function () {
      const ticked = boxes.filter(function (box) { return box.checked; }).length;
      count.textContent = ticked ? count.dataset.deskTicked.replace("%s", ticked.toLocaleString(document.documentElement.lang)) : "";
      form.classList.toggle("is-live", ticked > 0);
      all.checked = ticked === boxes.length;
      all.indeterminate = ticked > 0 && ticked < boxes.length;
    };
    all.addEventListener("change", function () {
      boxes.forEach(function (box) { box.checked = all.checked; });
      draw();
    });
    boxes.forEach(function (box) { box.addEventListener("change", draw); });
    all.closest("label").hidden = false;
    document.addEventListener("keydown", function (event) {
      const row = event.target.closest("[data-desk-row]");
      if (!row || event.code !== "KeyX" || event.ctrlKey || event.metaKey || event.altKey) return;
      const box = row.closest("tr").querySelector("[data-desk-tick]");
      box.checked = !box.checked;
      draw();
    });
    draw();
  }

  const words = document.querySelector("[data-desk-progress]");
  if (!words || "deskFinished" in words.dataset) return;
  const bar = document.querySelector("progress");
  const look = async function () {
    const answer = await fetch(words.dataset.deskProgress, { headers: { Accept: "application/json" } }).catch(function () {});
    if (answer && answer.ok && !answer.redirected) {
      const told = await answer.json();
      if (told.finished) {
        location.reload();
        return;
      }
      words.textContent = told.words;
      bar.value = told.done;
    }
    setTimeout(look, 1500);
  };
  setTimeout(look, 1000);
})();
