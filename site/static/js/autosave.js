// In the page editor: what Wagtail saves by itself is saved, and does not meet what the editor sends.
//
// Wagtail saves half a second after the last key. Whoever presses «send to review» before that sends both at once; where
// the form comes back with errors, it was written before the other one was kept, and from then on the editor reads that
// somebody has a newer version, and nothing is saved by itself any more. So the form waits for what is on its way (at most
// a few seconds), and what has not left yet does not leave: the form brings all of it.
(function () {
  "use strict";

  const PATIENCE = 4000;
  let latest = null;

  function controllerOf(form, name) {
    const app = window.wagtail && window.wagtail.app;
    return app ? app.getControllerForElementAndIdentifier(form, name) : null;
  }

  // Makes the next look find a change.
  function lookAgain(watching) {
    watching.initialFormData = watching.previousFormData = " ";
  }

  // A form that comes back with errors says of itself that it is not saved, and Wagtail then looks at it no more: what is
  // typed from there on was neither saved nor asked about on leaving. Nobody has kept what it brought back either, nor
  // what was typed before the scripts had come: the first look takes all of it for changed.
  window.addEventListener("load", function () {
    document.querySelectorAll("form[data-controller~=w-unsaved]").forEach(function (form) {
      const watching = controllerOf(form, "w-unsaved");
      if (!watching || !watching.forceValue || watching.checkInterval) return;
      watching.setInitialFormData();
      lookAgain(watching);
      watching.checkInterval = setInterval(watching.check, watching.checkIntervalValue);
    });
  });

  // When an answer comes, Wagtail takes what the form holds then for what was saved. What was typed while it was on its
  // way, in the half second before the next look, would wait for one more key that may never come.
  let typedSince = false;
  document.addEventListener("w-autosave:save", function (event) { latest = event; typedSince = false; });
  ["input", "change"].forEach(function (kind) {
    document.addEventListener(kind, function () { typedSince = true; }, true);
  });
  document.addEventListener("w-autosave:success", function (event) {
    const form = event.target;
    setTimeout(function () {
      const watching = typedSince && controllerOf(form, "w-unsaved");
      if (watching) lookAgain(watching);
    });
  });

  // Not saved by itself: because the session is over? Then the editor hears it now, not when he sends the page.
  document.addEventListener("w-autosave:error", function (event) {
    if (event.detail.type === "server_error") window.deskSession.look(event.target);
  });
  document.addEventListener("desk-session:back", function (event) {
    const autosave = controllerOf(event.target, "w-autosave");
    if (autosave) autosave.save();
  });

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
    Promise.race([onItsWay, enough]).finally(function () { window.deskSession.press(form, event.submitter); });
  }, true);
}());
