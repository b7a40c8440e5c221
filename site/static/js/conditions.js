// Questions and sections that depend on earlier answers follow them. The server judges by the same rules
// (servicedesk/questions/conditions.py); here nothing is decided, only shown.
(function () {
  "use strict";

  const form = document.querySelector("[data-letter-form]");
  const dependents = form ? Array.from(form.querySelectorAll("[data-if]")) : [];

  function isHidden(control) {
    return dependents.some(function (part) { return part.hidden && part.contains(control); });
  }

  // What is answered: a list for boxes, a text for all else; null where nothing is, or where it is not asked.
  function answer(name) {
    const controls = Array.from(form.querySelectorAll("[name='" + name + "'],[name^='" + name + "-'],[name^='" + name + "_']"));
    if (!controls.length || isHidden(controls[0])) return null;
    const type = controls[0].type;
    if (type === "checkbox" || type === "radio") {
      const chosen = controls.filter(function (box) { return box.checked && box.value; });
      if (!chosen.length) return null;
      return type === "radio" ? chosen[0].value : chosen.map(function (box) { return box.value; });
    }
    const typed = controls.map(function (control) { return control.value.trim(); }).filter(Boolean);
    return typed.length ? typed[0] : null;
  }

  function number(text) {
    const plain = String(text)
      .replace(/[۰-۹]/g, function (digit) { return digit.charCodeAt(0) - 0x06f0; })
      .replace(/[٠-٩]/g, function (digit) { return digit.charCodeAt(0) - 0x0660; })
      .replace(/[\s٬,،'’\u200c\u200e\u200f\u2066-\u2069]|ریال|تومان/g, "")
      .replace(/[٫/]/, ".");
    return plain === "" ? NaN : Number(plain);
  }

  // The number that was given; NaN where it is none, or one that will be refused.
  function measure(name, given) {
    const found = number(given);
    const limits = form.querySelector("[name='" + name + "']").dataset;
    const decimals = (String(found).split(".")[1] || "").length;
    const isBeyond = found < Number(limits.smallest || -Infinity) || found > Number(limits.largest || Infinity);
    return isBeyond || decimals > Number(limits.decimals || 0) ? NaN : found;
  }

  // The date in a box as 14050902, or that of its lists; NaN where it will not do. See typed-dates.js.
  function day(name) {
    const box = form.querySelector("[name='" + name + "']");
    const [of, month, year] = Array.from(form.querySelectorAll("select[name^='" + name + "-']"), function (list) { return list.value; });
    const typed = box.value.trim() || (of && month && year ? [year, month, of].join("/") : "");
    const [earliest, latest] = [box.dataset.earliest, box.dataset.latest];
    const number = window.typedDate(typed);
    return number < Number(earliest || 0) || number > Number(latest || Infinity) ? NaN : number;
  }

  function ruleHolds(rule) {
    if (typeof rule === "boolean") return rule;
    const [name, operator, value] = rule;
    const given = answer(name);
    if (operator === "empty") return given === null;
    if (given === null) return false;
    if (operator === "filled") return true;
    if (operator === "has" || operator === "has-not") return given.includes(value) === (operator === "has");
    if (operator === "on") return day(name) === Number(value);
    if (operator === "on-or-after") return day(name) >= Number(value || NaN);
    if (operator === "on-or-before") return day(name) <= Number(value || NaN);
    const here = measure(name, given); // Of NaN nothing holds.
    const there = number(value);
    if (operator === "at-least") return here >= there;
    if (operator === "at-most") return here <= there;
    return (Number.isNaN(there) ? given === value : here === there) === (operator === "is");
  }

  function follow() {
    // From the top down, so that what is hidden above is no answer below.
    dependents.forEach(function (part) {
      const [match, ...rules] = JSON.parse(part.dataset.if);
      part.hidden = !(match === "any" ? rules.some(ruleHolds) : rules.every(ruleHolds));
      delete part.dataset.off;
    });
  }

  if (!dependents.length) return;
  form.classList.add("follows");
  follow();
  form.addEventListener("input", follow);
  form.addEventListener("change", follow);
})();
