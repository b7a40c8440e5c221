// On the page of a letter: what is typed is kept while it is typed, colleagues at the same letter are named, and saved
// texts come at «/». Without it the answer is written and sent all the same.
(function () {
  "use strict";

  const PAUSE = 1500; // milliseconds after the last key
  const article = document.querySelector("[data-desk-letter]");
  if (!article) return;
  const form = document.querySelector("form[data-desk-answer]");
  const box = form && form.querySelector("textarea");
  let changed = false;
  let leaving = false;

  function post(address, values, more) {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", article.querySelector("[name=csrfmiddlewaretoken]").value);
    Object.entries(values).forEach(function (pair) { body.append(pair[0], pair[1]); });
    return fetch(address, Object.assign({ method: "POST", body: body, redirect: "manual" }, more));
  }

  // --- Keeping ---------------------------------------------------------------------------------------

  let timer = 0;

  async function keep(more) {
    clearTimeout(timer);
    if (!changed || leaving) return;
    changed = false;
    const words = form.querySelector("[data-desk-kept]");
    const values = { form_key: form.elements.form_key.value, text: box.value, kind: form.dataset.deskAnswer };
    try {
      const answer = await post(article.dataset.keep, values, more);
      if (answer.ok) {
        words.textContent = words.dataset.kept;
        return;
      }
      if (answer.type === "opaqueredirect" || answer.status === 403) window.deskSession.look(form);
      if (answer.status === 409) {
        words.textContent = words.dataset.over;
        return;
      }
    } catch {
      // No line: the next try comes with the next key, or in a moment.
    }
    changed = true;
    words.textContent = words.dataset.failed;
    timer = setTimeout(keep, PAUSE * 10);
  }

  if (form) {
    box.addEventListener("input", function () {
      changed = true;
      clearTimeout(timer);
      timer = setTimeout(keep, PAUSE);
    });
    form.addEventListener("submit", function (event) { if (!event.defaultPrevented) leaving = true; });
    document.addEventListener("desk-session:back", function () { leaving = false; changed = true; keep(); });
    window.addEventListener("pageshow", function (event) { if (event.persisted) leaving = false; });
    document.addEventListener("visibilitychange", function () { if (document.hidden) keep({ keepalive: true }); });
    form.querySelectorAll("[data-desk-preview]").forEach(function (link) {
      link.hidden = false;
      link.addEventListener("click", function (event) {
        event.preventDefault();
        changed = true;
        keep().then(function () { window.open(link.href, "_blank"); });
      });
    });
  }

  // --- Colleagues ------------------------------------------------------------------------------------

  const others = document.querySelector("[data-desk-presence]");
  let typedAt = 0;
  if (box) box.addEventListener("input", function () { typedAt = Date.now(); });

  async function beat() {
    let next = 60;
    try {
      const writes = Date.now() - typedAt < 60000 ? "1" : "0";
      const answer = await post(article.dataset.here, { writes: writes });
      if (answer.ok) {
        const told = await answer.json();
        next = told.beat;
        if (others.textContent !== told.words) others.textContent = told.words;
        others.hidden = !told.words;
      }
    } catch {
      // Without a line nobody can be named.
    }
    setTimeout(beat, next * 1000);
  }

  beat();
  window.addEventListener("pagehide", function () {
    post(article.dataset.here, { leaves: "1" }, { keepalive: true }).catch(function () {});
  });

  // --- The citizen's other letters ---------------------------------------------------------------------

  const panel = document.querySelector("[data-desk-others]");
  fetch(panel.dataset.deskOthers).then(async function (answer) {
    // Ours, escaped by the server.
    if (answer.ok && !answer.redirected) panel.innerHTML = await answer.text();
  }, function () {});

  // --- Saved texts -----------------------------------------------------------------------------------

  const dialog = document.querySelector("[data-desk-texts]");
  if (!box || !dialog) return;
  const search = dialog.querySelector("input");
  const list = dialog.querySelector("ul");
  const none = dialog.querySelector("[data-desk-none]");
  let texts = null;

  // As the server folds, as far as a search among a few titles needs it.
  function folded(words) {
    return words.replace(/ي/g, "ی").replace(/ك/g, "ک").replace(/[ةۀ]/g, "ه").replace(/[أإآ]/g, "ا")
      .replace(/[\u200c\u0640\u064b-\u0652]/g, " ").replace(/\s+/g, " ").trim().toLowerCase();
  }

  function insert(text) {
    dialog.close();
    box.focus();
    box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function draw() {
    const words = folded(search.value).split(" ");
    const fitting = texts.filter(function (one) {
      const whole = folded(one.title + " " + one.text);
      return words.every(function (word) { return whole.includes(word); });
    });
    list.replaceChildren.apply(list, fitting.map(function (one) {
      const item = document.createElement("li");
      const button = document.createElement("button");
      const title = document.createElement("strong");
      const start = document.createElement("span");
      button.type = "button";
      title.textContent = one.title;
      start.textContent = one.text;
      button.append(title, start);
      button.addEventListener("click", function () { insert(one.text); });
      item.append(button);
      return item;
    }));
    none.hidden = fitting.length > 0;
  }

  async function open() {
    if (!texts) {
      const answer = await fetch(article.dataset.texts, { headers: { Accept: "application/json" } }).catch(function () {});
      if (!answer || !answer.ok || answer.redirected) return;
      texts = (await answer.json()).texts;
    }
    search.value = "";
    draw();
    dialog.showModal();
    search.focus();
  }

  search.addEventListener("input", draw);
  dialog.addEventListener("keydown", function (event) {
    const buttons = Array.from(list.querySelectorAll("button"));
    const now = buttons.indexOf(document.activeElement);
    if (event.key === "Enter" && now < 0 && buttons.length) {
      event.preventDefault();
      buttons[0].click();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const next = buttons[now + (event.key === "ArrowDown" ? 1 : -1)] || search;
      next.focus();
    }
  });
  dialog.querySelector("[data-desk-close]").addEventListener("click", function () { dialog.close(); });

  const button = form.querySelector("[data-desk-texts-open]");
  button.hidden = false;
  button.addEventListener("click", open);
  box.addEventListener("keydown", function (event) {
    const before = box.value.slice(0, box.selectionStart);
    const isSlash = event.code === "Slash" && !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (isSlash && (before === "" || before.endsWith("\n"))) {
      event.preventDefault();
      open();
    }
  });
})();
