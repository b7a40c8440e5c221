// Both steps of the sign-in: a fresh or spoken security code in place, the proof of work, countdowns, the code from the SMS.
(function () {
  "use strict";

  const number = function (value) { return value.toLocaleString(document.documentElement.lang, { useGrouping: false }); };
  const minutes = function (seconds) {
    const rest = (seconds % 60).toLocaleString(document.documentElement.lang, { minimumIntegerDigits: 2 });
    return "\u2066" + number(Math.floor(seconds / 60)) + ":" + rest + "\u2069";
  };
  const status = document.querySelector("[data-status]");

  function freshPicture() {
    const fresh = document.querySelector("[data-fresh]");
    const sound = document.querySelector("[data-sound]");
    if (!fresh) return;
    fresh.addEventListener("click", function (event) {
      event.preventDefault();
      fetch(fresh.href, { headers: { Accept: "application/json" }, credentials: "same-origin" })
        .then(function (answer) {
          if (!answer.ok) throw new Error(answer.status);
          return answer.json();
        })
        .then(function (code) {
          document.querySelector("[name=security_code_key]").value = code.key;
          document.querySelector("[data-picture]").src = code.picture_url;
          sound.href = code.sound_url;
          const box = document.querySelector("[name=security_code]");
          box.value = "";
          box.focus();
          status.textContent = status.dataset.freshDone;
        })
        .catch(function () { location.assign(fresh.href); });
    });
    sound.addEventListener("click", function (event) {
      event.preventDefault();
      new Audio(sound.href).play().catch(function () { location.assign(sound.href); });
      document.querySelector("[name=security_code]").focus();
    });
  }

  // The second way: a worker looks for the number that the server's puzzle asks for. If anything is missing, the
  // form goes without it and the server applies its tighter limits.
  function proofOfWork() {
    const button = document.querySelector("[data-challenge]");
    if (!button || !window.Worker || !window.fetch) return;
    const form = button.form;
    const send = function (solution) {
      form.elements.altcha.value = solution;
      const way = document.createElement("input");
      way.type = "hidden";
      way.name = button.name;
      way.value = button.value;
      form.append(way);
      form.submit();
    };
    button.addEventListener("click", function (event) {
      event.preventDefault();
      if (form.dataset.busy) return;
      form.dataset.busy = "1";
      button.textContent = status.textContent = button.dataset.working;
      button.setAttribute("aria-disabled", "true");
      fetch(button.dataset.challenge, { credentials: "same-origin" })
        .then(function (answer) { return answer.json(); })
        .then(function (puzzle) {
          const worker = new Worker(button.dataset.worker);
          worker.onerror = function () { send(""); };
          worker.onmessage = function (event) {
            worker.terminate();
            if (event.data === null) return send("");
            send(btoa(JSON.stringify({
              algorithm: puzzle.algorithm, challenge: puzzle.challenge, number: event.data,
              salt: puzzle.salt, signature: puzzle.signature,
            })));
          };
          worker.postMessage(puzzle);
        })
        .catch(function () { send(""); });
    });
  }

  // Counts from seconds given by the server to zero by the clock, not by ticks: phones pause timers in the background.
  function countdown(seconds, show, over) {
    const end = Date.now() + seconds * 1000;
    const tick = function () {
      const left = Math.ceil((end - Date.now()) / 1000);
      if (left <= 0) {
        clearInterval(timer);
        return over();
      }
      show(minutes(left));
    };
    const timer = setInterval(tick, 1000);
    tick();
  }

  function waiting() {
    const expires = document.querySelector("[data-expires]");
    if (expires) countdown(Number(expires.dataset.expires), function (time) {
      expires.textContent = expires.dataset.left.replace("{time}", time);
    }, function () {
      expires.textContent = expires.dataset.over;
      expires.setAttribute("aria-live", "polite");
    });
    const resend = document.querySelector("[data-resend]");
    if (!resend || !Number(resend.dataset.resend)) return;
    const words = resend.querySelector("span");
    const ready = words.textContent;
    resend.disabled = true;
    countdown(Number(resend.dataset.resend), function (time) {
      words.textContent = resend.dataset.wait.replace("{time}", time);
    }, function () {
      resend.disabled = false;
      words.textContent = ready;
    });
  }

  function codeFromSms() {
    const form = document.querySelector("[data-code-form]");
    if (!form || !("OTPCredential" in window)) return;
    const stop = new AbortController();
    form.addEventListener("submit", function () { stop.abort(); });
    navigator.credentials.get({ otp: { transport: ["sms"] }, signal: stop.signal }).then(function (otp) {
      form.elements.code.value = otp.code;
      form.requestSubmit();
    }, function () { /* refused, timed out or aborted: the person types the code */ });
  }

  freshPicture();
  proofOfWork();
  waiting();
  codeFromSms();
})();
