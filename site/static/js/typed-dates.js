// What a typed date says, read as the server reads it (servicedesk/fields/date_writings.py): «۱۴۰۵/۹/۲», «2/9/1405»,
// «14050902», «دوشنبه ۲ آذر ۱۴۰۵». For conditions on dates; whether a date is taken is for the server to say.
(function () {
  "use strict";

  // Folded, as `bare` makes words.
  const MONTHS = [
    "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر ابان اذر دی بهمن اسفند",
    "farvardin ordibehesht khordad tir mordad shahrivar mehr aban azar dey bahman esfand",
  ].map(function (names) { return names.split(" "); });
  const FILLING = ("شنبه یکشنبه دوشنبه سه سهشنبه چهارشنبه پنجشنبه جمعه یک دو چهار پنج روز ماه سال مورخ تاریخ ام م "
    + "saturday sunday monday tuesday wednesday thursday friday st nd rd th of").split(" ");
  const LEAP_YEARS_OF_33 = [1, 5, 9, 13, 17, 22, 26, 30];
  const BETWEEN = /^[\s/\\.,،٫:;؛'’()_\-–—−]*$/;
  const WORDS = /[0-9]+|[\p{L}\p{Nl}\p{No}]+/gu;

  function bare(text) {
    return text.normalize("NFKC")
      .replace(/[\u0640\u0670\u0654\u064b-\u0652\u00ad\u061c\ufeff\u200b-\u200f\u202a-\u202e\u2060-\u206f]/g, "")
      .replace(/[يىئ]/g, "ی").replace(/ك/g, "ک").replace(/[ةۀ]/g, "ه").replace(/[أإٱآ]/g, "ا").replace(/ؤ/g, "و")
      .replace(/[۰-۹٠-٩]/g, function (digit) { return digit.charCodeAt(0) & 15; })
      .toLowerCase();
  }

  function isYear(digits) {
    return (digits >= 1200 && digits < 1500) || (digits >= 1822 && digits < 2121);
  }

  // Digits without anything between: year, month and day, or the other way round.
  function cut(digits) {
    if (digits.length === 6) return [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4)];
    if (digits.length !== 8) return [digits];
    const [year, month, last] = [digits.slice(0, 4), digits.slice(4, 6), digits.slice(4)];
    if (isYear(last) && !(isYear(year) && month <= 12)) return [digits.slice(0, 2), digits.slice(2, 4), last];
    return [year, month, digits.slice(6)];
  }

  // [year, month, day] as digits and numbers; null where it does not look like a date.
  function takenApart(text) {
    const plain = bare(text);
    if (!plain.split(WORDS).every(function (between) { return BETWEEN.test(between); })) return null;
    const words = (plain.match(WORDS) || []).filter(function (word) { return !FILLING.includes(word); });
    let numbers = words.filter(function (word) { return /^[0-9]/.test(word); });
    const names = words.filter(function (word) { return !/^[0-9]/.test(word); })
      .map(function (word) { return word.replace(/ماه$/, ""); });
    if (numbers.length === 1 && !names.length) numbers = cut(numbers[0]);
    const isLong = function (number) { return number.length > 2; };
    if (numbers.some(function (number) { return number.length > 4; }) || numbers.filter(isLong).length > 1) return null;
    if (!names.length && numbers.length === 3) {
      if (isLong(numbers[1])) return null;
      return isLong(numbers[2]) ? numbers.reverse() : numbers;
    }
    if (names.length !== 1 || numbers.length !== 2) return null;
    const name = names[0] === "امرداد" ? "مرداد" : names[0];
    const month = Math.max(MONTHS[0].indexOf(name), MONTHS[1].indexOf(name)) + 1;
    const [day, year] = isLong(numbers[0]) ? numbers.reverse() : numbers;
    return month ? [year, month, day] : null;
  }

  function daysIn(year, month) {
    return month <= 6 ? 31 : month < 12 || LEAP_YEARS_OF_33.includes(year % 33) ? 30 : 29;
  }

  // 14050902, or NaN where it is no day of the Jalali calendar.
  window.typedDate = function (text) {
    const [digits, ...rest] = takenApart(text) || [""];
    const [year, month, day] = [digits, ...rest].map(Number);
    const isDay = digits.length === 4 && year >= 1200 && year < 1500 && month >= 1 && month <= 12
      && day >= 1 && day <= daysIn(year, month);
    return isDay ? year * 10000 + month * 100 + day : NaN;
  };
})();
