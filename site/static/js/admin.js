// On the staff's own pages of the admin: the name of a chosen file, print and copy. Nothing depends on it.
(function () {
  "use strict";

  document.querySelectorAll("[data-desk-upload]").forEach(function (input) {
    const words = input.parentElement.querySelector("[data-desk-upload-name]");
    const none = words.textContent;
    input.parentElement.classList.add("is-live");
    input.addEventListener("change", function () {
      const several = input.dataset.deskSeveral && input.files.length > 1;
      const count = input.files.length.toLocaleString(document.documentElement.lang || undefined);
      words.textContent = several ? input.dataset.deskSeveral.replace("{n}", count) : input.files.length ? input.files[0].name : none;
    });
  });

  document.querySelectorAll("[data-desk-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });

  document.querySelectorAll("[data-desk-copy]").forEach(function (button) {
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(document.querySelector(button.dataset.deskCopy).textContent.trim()).then(function () {
        button.textContent = button.dataset.deskDone;
      });
    });
  });
})();
