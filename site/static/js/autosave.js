// In the page editor: what Wagtail saves by itself is saved, and does not meet what the editor sends.
//
// Wagtail saves half a second after the last key. Whoever presses «send to review» before that sends both at once; where
// the form comes back with errors, it was written before the other one was kept, and from then on the editor reads that
// somebody has a newer version, and nothing is saved by itself any more. So the form waits for what is on its way (at most
// a few seconds), and what has not left yet does not leave: the form brings all of it.
(function () {
  "use strict";

  const PATIENCE = 4000;
  const words = document.currentScript.dataset;
  let latest = null;
  let notice = null;

  function controllerOf(form, name) {
    const app = window.wagtail && window.wagtail.app;
    return app ? app.getControllerForElementAndIdentifier(form, name) : null;
  }

  // A form that comes back with errors says of itself that it is not saved, and Wagtail then looks at it no more: what is
  // typed from there on was neither saved nor asked about on leaving.
  window.addEventListener("load", function () {
    document.querySelectorAll("form[data-controller~=w-unsaved]").forEach(function (form) {
      const watching = controllerOf(form, "w-unsaved");
      if (!watching || !watching.forceValue || watching.checkInterval) return;
      watching.setInitialFormData();
      watching.checkInterval = setInterval(watching.check, watching.checkIntervalValue);
    });
  });

  // Says which button it was in an input beside it: the button itself may be switched off meanwhile, and would not be sent.
  function press(form, button) {
    const said = document.createElement("input");
    if (button && button.name) {
      Object.assign(said, { type: "hidden", name: button.name, value: button.value });
      form.append(said);
    }
    form.requestSubmit();
    said.remove();
  }

  document.addEventListener("w-autosave:save", function (event) { latest = event; });

  // Whose session is over is led to the sign-in, and what he sends then is gone. So he is told while his words still stand
  // in the form, signs in beside it, and goes on.
  async function freshPage() {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return answer.redirected && page.querySelector("[name=password]") ? null : page;
  }

  function tell(form) {
    if (notice) return;
    notice = document.createElement("div");
    notice.className = "desk-session-over";
    notice.setAttribute("role", "alert");
    notice.tabIndex = -1;
    const link = document.createElement("a");
    Object.assign(link, { href: words.signIn, target: "_blank", textContent: words.link });
    notice.append(words.over + " ", link);
    form.prepend(notice);
    notice.scrollIntoView({ block: "center" });
  }

  async function goOn() {
    const form = notice && notice.closest("form");
    const page = form && await freshPage().catch(function () { return null; });
    const token = page && page.querySelector("[name=csrfmiddlewaretoken]");
    if (!token || !notice) return;
    document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach(function (input) { input.value = token.value; });
    notice.remove();
    notice = null;
    controllerOf(form, "w-autosave").save();
  }

  document.addEventListener("w-autosave:error", function (event) {
    if (event.detail.type !== "server_error") return;
    freshPage().then(function (page) { if (!page) tell(event.target); }, function () {});
  });
  window.addEventListener("focus", goOn);
  document.addEventListener("visibilitychange", function () { if (!document.hidden) goOn(); });

  // Who comes back to the form as he left it goes on being saved.
  window.addEventListener("pageshow", function (event) {
    if (!event.persisted) return;
    document.querySelectorAll("form").forEach(function (form) {
      const autosave = controllerOf(form, "w-autosave");
      if (autosave) autosave.activeValue = true;
    });
  });

  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (notice && form.contains(notice)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      notice.focus();
      // Wagtail's button says that it is saving, and would say so for half a minute.
      setTimeout(function () {
        const button = event.submitter && controllerOf(event.submitter, "w-progress");
        if (button) button.loadingValue = false;
      }, 100);
      return;
    }
    const autosave = controllerOf(form, "w-autosave");
    if (!autosave || !autosave.activeValue) return;
    // The form goes: nothing may be saved by itself after it.
    autosave.activeValue = false;
    const onItsWay = autosave.submitPromise;
    if (!onItsWay) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    // Counts for the one that still waits for its half second; one that has left comes home.
    if (latest) latest.preventDefault();
    const enough = new Promise(function (resolve) { setTimeout(resolve, PATIENCE); });
    Promise.race([onItsWay, enough]).finally(function () { press(form, event.submitter); });
  }, true);
}());
