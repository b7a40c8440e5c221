// In the admin: beside each date input of Wagtail's the Jalali date of what is typed, and a Jalali date that is typed
// (۱۴۰۵/۰۹/۰۴, 1405-9-4) becomes the Gregorian one that Wagtail wants as soon as one leaves the input. The server does the
// same (servicedesk/staff/jalali_inputs.py).
(function () {
  "use strict";

  const words = document.currentScript.dataset;
  const MONTHS = words.months.split("|");
  const IS_PERSIAN = words.digits === "fa";
  const FIRST_GREGORIAN_YEAR = 1700;
  const FIRST_JALALI_YEAR = 1000;
  // The first of Farvardin 979; the cycle of 33 years is counted from there.
  const EPOCH_YEAR = 979;
  const EPOCH_DAY = Date.UTC(1600, 2, 20) / 86400000;
  const LEAP_YEARS_OF_33 = [1, 5, 9, 13, 17, 22, 26, 30];
  const TYPED = /^\s*([0-9]{3,4})[/.-]([0-9]{1,2})[/.-]([0-9]{1,2})(?:[\sT،,]+([0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?))?\s*$/;

  function isLeap(year) {
    return LEAP_YEARS_OF_33.includes(year % 33);
  }

  function daysIn(year, month) {
    return month <= 6 ? 31 : month < 12 || isLeap(year) ? 30 : 29;
  }

  // Days since 1970 of the first day of a Jalali year, in whole cycles and the leap years of the last one.
  function newYear(year) {
    const past = year - EPOCH_YEAR;
    const cycles = Math.floor(past / 33);
    let leaps = cycles * 8;
    for (let y = EPOCH_YEAR + cycles * 33; y < year; y += 1) leaps += isLeap(y) ? 1 : 0;
    return EPOCH_DAY + past * 365 + leaps;
  }

  function toGregorian(year, month, day) {
    if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return null;
    const before = month <= 7 ? (month - 1) * 31 : 186 + (month - 7) * 30;
    const date = new Date((newYear(year) + before + day - 1) * 86400000);
    return [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
  }

  function toJalali(year, month, day) {
    const date = new Date(Date.UTC(year, month - 1, day));
    if (date.getUTCFullYear() !== year || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
    const days = date.getTime() / 86400000;
    let jalaliYear = year - 621;
    if (days < newYear(jalaliYear)) jalaliYear -= 1;
    let rest = days - newYear(jalaliYear);
    let jalaliMonth = 1;
    while (rest >= daysIn(jalaliYear, jalaliMonth)) {
      rest -= daysIn(jalaliYear, jalaliMonth);
      jalaliMonth += 1;
    }
    return [jalaliYear, jalaliMonth, rest + 1];
  }

  function asciiDigits(text) {
    return text
      .replace(/[۰-۹]/g, function (digit) { return String(digit.charCodeAt(0) - 0x6f0); })
      .replace(/[٠-٩]/g, function (digit) { return String(digit.charCodeAt(0) - 0x660); });
  }

  function inLanguage(text) {
    if (!IS_PERSIAN) return text;
    return text.replace(/[0-9]/g, function (digit) { return String.fromCharCode(0x6f0 + Number(digit)); });
  }

  function iso(date) {
    return date[0] + "-" + String(date[1]).padStart(2, "0") + "-" + String(date[2]).padStart(2, "0");
  }

  // {jalali, gregorian, clock} of a typed text; null where it is no date of either calendar.
  function read(text) {
    const match = TYPED.exec(asciiDigits(text));
    if (!match) return null;
    const typed = [Number(match[1]), Number(match[2]), Number(match[3])];
    const clock = match[4] ? " " + match[4] : "";
    if (typed[0] >= FIRST_GREGORIAN_YEAR) {
      const jalali = toJalali(typed[0], typed[1], typed[2]);
      return jalali && { jalali: jalali, gregorian: typed, clock: clock };
    }
    const gregorian = typed[0] >= FIRST_JALALI_YEAR && toGregorian(typed[0], typed[1], typed[2]);
    return gregorian ? { jalali: typed, gregorian: gregorian, clock: clock } : null;
  }

  function attach(input) {
    if (input.dataset.deskJalali) return;
    input.dataset.deskJalali = "yes";
    const hint = document.createElement("output");
    hint.className = "desk-jalali";
    hint.id = (input.id || input.name) + "-jalali";
    // Above: below it the calendar opens.
    input.insertAdjacentElement("beforebegin", hint);
    input.setAttribute("aria-describedby", [input.getAttribute("aria-describedby"), hint.id].filter(Boolean).join(" "));

    function show() {
      const date = read(input.value);
      hint.textContent = date
        ? inLanguage(date.jalali[2] + " " + MONTHS[date.jalali[1] - 1] + " " + date.jalali[0])
        : input.value ? "" : words.example;
    }

    // Before the calendar reads the input: it would take 1405 for a Gregorian year, or write today instead.
    function convert() {
      const date = read(input.value);
      const written = date && iso(date.gregorian) + date.clock;
      if (written && written !== input.value) {
        input.value = written;
        input.dispatchEvent(new Event("change", { bubbles: true }));
      }
      show();
    }

    input.addEventListener("input", show);
    input.addEventListener("change", convert);
    input.addEventListener("blur", convert, true);
    input.addEventListener("keydown", function (event) { if (event.key === "Enter") convert(); }, true);
    // Values that the calendar or the editor writes without telling.
    input.addEventListener("focus", show);
    show();
    window.setTimeout(show, 0);
  }

  // All of Wagtail's date inputs, those of blocks too, get their calendar through this one call.
  const calendar = window.jQuery.fn.datetimepicker;
  const wrapped = function (options, ...rest) {
    if (typeof options === "object" && options.datepicker !== false) {
      // First, so that our listeners stand before the calendar's own.
      this.each(function () { if (this.matches("input")) attach(this); });
      // It opens a moment after the focus comes: over the next inputs where that has gone on by then.
      options = { onShow: function (_time, input) { return input[0] === document.activeElement; }, ...options };
    }
    return calendar.call(this, options, ...rest);
  };
  wrapped.defaults = calendar.defaults;
  window.jQuery.fn.datetimepicker = wrapped;

  window.deskDates = { toGregorian: toGregorian, toJalali: toJalali };
})();
