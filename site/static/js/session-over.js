// In the admin: whose session is over is led to the sign-in, and what he sends then is gone. So each form asks first
// whether somebody is still signed in. Where nobody is, it stays with all its words (and files) and says so; he signs in
// beside it, comes back and sends it.
(function () {
  "use strict";

  // Sessions seldom end within a minute of the last sign of life.
  const SURE_FOR = 60000;
  const words = document.currentScript.dataset;
  let sureUntil = Date.now() + SURE_FOR;
  let notice = null;

  // The token for forms of the session that goes on, or null where it is over. Rejects where there is no line.
  async function token() {
    const answer = await fetch(words.ask, { headers: { Accept: "application/json" } });
    if (answer.redirected || answer.status === 403) return null;
    return (await answer.json()).token;
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

  // Wagtail's button says that it is saving, and would say so for half a minute.
  function rest(button) {
    setTimeout(function () {
      const app = window.wagtail && window.wagtail.app;
      const progress = button && app && app.getControllerForElementAndIdentifier(button, "w-progress");
      if (progress) progress.loadingValue = false;
    }, 100);
  }

  // Says which button it was in an input beside it: the button itself may be switched off meanwhile, and would not be sent.
  function press(form, button) {
    const said = document.createElement("input");
    if (button && button.name) {
      Object.assign(said, { type: "hidden", name: button.name, value: button.value });
      form.append(said);
    }
    const action = form.getAttribute("action");
    if (button && button.hasAttribute("formaction")) form.action = button.formAction;
    form.requestSubmit();
    if (action === null) form.removeAttribute("action"); else form.setAttribute("action", action);
    said.remove();
  }

  async function goOn() {
    const form = notice && notice.closest("form");
    const fresh = form && await token().catch(function () { return null; });
    if (!fresh || !notice) return;
    document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach(function (input) { input.value = fresh; });
    notice.remove();
    notice = null;
    sureUntil = Date.now() + SURE_FOR;
    form.dispatchEvent(new CustomEvent("desk-session:back", { bubbles: true }));
  }

  window.addEventListener("focus", goOn);
  document.addEventListener("visibilitychange", function () { if (!document.hidden) goOn(); });

  document.addEventListener("submit", function (event) {
    const form = event.target;
    const button = event.submitter;
    if (form.method !== "post" || (!notice && Date.now() < sureUntil)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (notice) {
      notice.focus();
      rest(button);
      return;
    }
    const send = function () {
      sureUntil = Date.now() + SURE_FOR;
      press(form, button);
    };
    token().then(function (fresh) {
      if (fresh) {
        send();
      } else {
        tell(form);
        rest(button);
      }
    }, send); // Without a line the browser says so in its own way.
  }, true);

  window.deskSession = {
    press: press,
    // Tells it beside this form if the session is over.
    look: function (form) {
      token().then(function (fresh) { if (!fresh) tell(form); }, function () {});
    },
  };
}());
