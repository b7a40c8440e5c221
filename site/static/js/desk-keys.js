// Keys of the staff desk. A key presses the link or button that names it (data-desk-key); in a list of letters j and k
// go from row to row, and a key of the list (data-desk-row-keys) opens the row's letter at that verb. Keys are those of the
// keyboard, whatever letters the language in use has on them. Whoever has switched Wagtail's shortcuts off has none.
(function () {
  "use strict";

  const config = document.getElementById("wagtail-config");
  if (config && JSON.parse(config.textContent).KEYBOARD_SHORTCUTS_ENABLED === false) return;

  function nameOf(event) {
    if (event.code.startsWith("Key")) return event.code.slice(3).toLowerCase();
    return event.code === "Slash" && !event.shiftKey ? "/" : "";
  }

  function isTyping(target) {
    return target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]") !== null;
  }

  function focusOn(element) {
    element.scrollIntoView({ block: "center" });
    element.focus();
  }

  // Of a list: its links to letters, and which of them has the focus.
  function rows() {
    return Array.from(document.querySelectorAll("[data-desk-rows] [data-desk-row]"));
  }

  function step(by) {
    const all = rows();
    if (!all.length) return false;
    const now = all.indexOf(document.activeElement);
    focusOn(all[now < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(now + by, 0), all.length - 1)]);
    return true;
  }

  function openRow(key) {
    const list = document.querySelector("[data-desk-row-keys]");
    const row = document.activeElement;
    if (!list || !row.matches("[data-desk-row]")) return false;
    const way = list.dataset.deskRowKeys.split(" ").find(function (pair) { return pair.startsWith(key + ":"); });
    if (way) location.assign(row.href + way.slice(2));
    return Boolean(way);
  }

  function press(key) {
    const element = document.querySelector('[data-desk-key="' + CSS.escape(key) + '"]');
    if (!element) return false;
    if (element.matches("input, textarea")) {
      focusOn(element);
      if (element.select) element.select();
    } else if (element.matches("a") && element.hash && element.pathname === location.pathname && element.search === location.search) {
      const box = document.querySelector(element.hash + " textarea") || document.querySelector(element.hash);
      focusOn(box);
    } else {
      element.click();
    }
    return true;
  }

  window.addEventListener("keydown", function (event) {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = event.target.closest("form[data-desk-send-by-key]");
      if (form) {
        event.preventDefault();
        form.requestSubmit(form.querySelector("[type=submit]:not([name])"));
      }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && isTyping(event.target)) {
      event.target.blur();
      return;
    }
    const key = nameOf(event);
    if (!key || isTyping(event.target)) return;
    const done = key === "j" || key === "k" ? step(key === "j" ? 1 : -1) || press(key) : openRow(key) || press(key);
    if (done) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, true);

  document.querySelectorAll("[data-desk-key]").forEach(function (element) {
    element.setAttribute("aria-keyshortcuts", element.dataset.deskKey);
  });
})();
