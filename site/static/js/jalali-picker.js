// The lists of days, months and years below a date's box. What is chosen there is written into the box at once, and the
// box is what counts; without this script the lists count where the box is empty.
(function () {
  "use strict";

  document.querySelectorAll("[data-date-picker]").forEach(function (picker) {
    const box = picker.previousElementSibling;
    const lists = Array.from(picker.querySelectorAll("select")); // Day, month, year; in each the first says nothing.
    const zero = lists[0].options[1].text.charCodeAt(0) - 1; // That of the page's digits.
    let byKeys = false;
    let wasComplete = false;

    function isComplete() {
      return lists.every(function (list) { return list.selectedIndex > 0; });
    }

    function inDigits(number) {
      return String(number).padStart(2, "0").replace(/\d/g, function (digit) { return String.fromCharCode(zero + Number(digit)); });
    }

    function asNumber(text) {
      return Number(text.replace(/[۰-۹٠-٩]/g, function (digit) { return digit.charCodeAt(0) & 15; }));
    }

    function write() {
      box.value = [lists[2].value, inDigits(lists[1].selectedIndex), inDigits(lists[0].selectedIndex)].join("/");
    }

    // Lists that show something else than the box would mislead.
    function followBox() {
      const numbers = (box.value.match(/[\d۰-۹٠-٩]+/g) || []).map(asNumber);
      if (numbers[2] > 31) numbers.reverse();
      [2, 1, 0].forEach(function (place, number) {
        const list = lists[place];
        const found = Array.from(list.options).findIndex(function (option) {
          return option.value && asNumber(option.value) === numbers[number];
        });
        list.selectedIndex = numbers.length === 3 ? Math.max(found, 0) : 0;
      });
    }

    picker.querySelector("[data-hint]").hidden = true;
    if (!box.value && isComplete()) write(); // Chosen while there was no script, and sent back for another reason.

    box.addEventListener("input", followBox);
    picker.addEventListener("toggle", function () {
      if (box.value) followBox();
      wasComplete = isComplete();
    });
    picker.addEventListener("keydown", function () { byKeys = true; });
    picker.addEventListener("pointerdown", function () { byKeys = false; });
    picker.addEventListener("change", function () {
      if (!isComplete()) return;
      write();
      box.dispatchEvent(new Event("input", { bubbles: true }));
      box.dispatchEvent(new Event("change", { bubbles: true }));
      // Arrow keys change a list at every step, and whoever mends a date may want to change more of it.
      if (byKeys || wasComplete) return;
      picker.open = false;
      picker.querySelector("summary").focus();
    });
  });
})();
