// Wagtail 8 drops a change of the preview's mode that comes while a preview is being made: the list then says one thing
// and the preview shows another until somebody types. It is asked again once that preview is there.
(function () {
  "use strict";

  document.addEventListener("w-preview:loaded", function (event) {
    const mode = event.target.querySelector("[data-w-preview-target='mode']");
    const shown = event.target.querySelector("iframe[data-w-preview-target='iframe']");
    // After Wagtail has noted that this one is done.
    setTimeout(function () {
      if (!mode || !shown || !shown.src || (new URL(shown.src).searchParams.get("mode") || "") === mode.value) return;
      mode.dispatchEvent(new Event("change", { bubbles: true }));
    });
  });
})();
