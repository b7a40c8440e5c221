// On every page: focus on the error summary, one submit a form, print and copy buttons. Nothing depends on it.
(function () {
  "use strict";

  const summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();

  // A second tap on a slow link sends nothing. The key in the form would make it harmless anyway.
  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (event.defaultPrevented || !form.hasAttribute("data-once")) return;
    if (form.dataset.busy) return event.preventDefault();
    form.dataset.busy = "1";
    const button = form.querySelector(".actions .button");
    const pressed = event.submitter || button;
    if (!button || !form.dataset.sending || pressed.classList.contains("link-button")) return;
    button.dataset.words = button.textContent;
    button.setAttribute("aria-disabled", "true");
    button.textContent = form.dataset.sending;
  });

  // Coming back by the browser's own button finds a form that can be sent again.
  window.addEventListener("pageshow", function (event) {
    if (!event.persisted) return;
    document.querySelectorAll("[data-busy]").forEach(function (form) {
      delete form.dataset.busy;
      form.querySelectorAll("[data-words]").forEach(function (button) {
        button.textContent = button.dataset.words;
        button.removeAttribute("aria-disabled");
      });
    });
  });

  // The letter is registered, or the citizen has left: what the form had kept in this tab goes.
  if (document.querySelector("[data-forget]")) {
    try {
      Object.keys(sessionStorage).forEach(function (key) {
        if (key.startsWith("letter:")) sessionStorage.removeItem(key);
      });
    } catch (closed) { /* a browser that keeps nothing has nothing to forget */ }
  }

  // A link to an answer opens it in browsers that do not do so by themselves.
  function openTarget() {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const closed = target && target.closest("details:not([open])");
    if (!closed) return;
    closed.open = true;
    target.scrollIntoView();
  }
  openTarget();
  window.addEventListener("hashchange", openTarget);

  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });

  document.querySelectorAll("[data-copy]").forEach(function (button) {
    if (!navigator.clipboard) return;
    button.hidden = false;
    const words = button.querySelector("span");
    words.setAttribute("aria-live", "polite");
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(button.dataset.copy).then(function () {
        words.textContent = button.dataset.done;
      });
    });
  });
})();
