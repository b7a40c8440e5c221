// In the Persian admin: Wagtail's own counts («22 صفحه», «10.0 مگابایت», the figures that its scripts write) in Persian
// digits. Its templates and scripts write them in dozens of places, so they are changed where people read them. What is
// typed, code, and words with Latin letters in them (names of files, addresses) stay as they are; and so does every word
// of a citizen or a colleague: a number that was written 12 is shown, and copied, as 12.
(function () {
  "use strict";

  if (document.documentElement.lang !== "fa") return;

  const STAYS = "script, style, noscript, textarea, code, pre, kbd, samp, svg, [lang=en], [dir=ltr], "
    + "[contenteditable], .xdsoft_datetimepicker, option:not([value]), bdi, q, .desk-text, .desk-timeline";
  const SAID = ["title", "aria-label", "data-w-tooltip-content-value"];
  const DECIMAL = /([0-9])\.([0-9]+)(?![0-9.])/g;
  // A day of Wagtail's own calendar, and numbers with parts: a version, an address.
  const IN_PARTS = /[0-9]{4}-[0-9]{2}|[0-9]+\.[0-9]+\.[0-9]/;

  function inPersian(word) {
    if (!/[0-9]/.test(word) || /[A-Za-z@_]/.test(word) || IN_PARTS.test(word)) return word;
    return word.replace(DECIMAL, "$1٫$2").replace(/[0-9]/g, function (digit) {
      return String.fromCharCode(0x6f0 + Number(digit));
    });
  }

  function change(text) {
    return text.replace(/\S+/g, inPersian);
  }

  function changeText(node) {
    if (!/[0-9]/.test(node.data) || !node.parentElement || node.parentElement.closest(STAYS)) return;
    const changed = change(node.data);
    if (changed !== node.data) node.data = changed;
  }

  function changeSaid(element) {
    SAID.forEach(function (name) {
      const said = element.getAttribute(name);
      if (said && /[0-9]/.test(said) && change(said) !== said) element.setAttribute(name, change(said));
    });
  }

  function changeAll(root) {
    if (root.nodeType === Node.TEXT_NODE) return changeText(root);
    if (root.nodeType !== Node.ELEMENT_NODE) return undefined;
    changeSaid(root);
    root.querySelectorAll("[" + SAID.join("], [") + "]").forEach(changeSaid);
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) changeText(texts.currentNode);
    return undefined;
  }

  new MutationObserver(function (changes) {
    changes.forEach(function (one) {
      if (one.type === "childList") one.addedNodes.forEach(changeAll);
      else if (one.type === "attributes") changeSaid(one.target);
      else changeText(one.target);
    });
  }).observe(document.documentElement, {
    subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: SAID,
  });
  changeAll(document.documentElement);
}());
