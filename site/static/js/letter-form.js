// The letter's form: the file looked at when chosen, what was typed kept until it is sent, the way of the file shown.
(function () {
  "use strict";

  const form = document.querySelector("[data-letter-form]");
  if (!form) return;
  // A photo of a page in this many bytes is legible, and goes over a bad line in seconds.
  const ENOUGH = 250 * 1024;
  // One place for files, the body of the letter or a question's: {input, look, work}; look() gives whether what is chosen
  // will do, work() the promise of what is still done with it, or null.
  function place(field) {
    const input = field.querySelector("input[type=file]");
    const box = field.querySelector(".file");
    const name = field.querySelector("[data-file-name]");
    const problem = field.querySelector("[data-file-problem]");
    const nothing = name.textContent;
    const photos = (input.dataset.photos || "").split(",").filter(Boolean);
    const most = Number(input.dataset.maxBytes);
    let wasThere = false;
    let work = null;

    function endingOf(file) {
      return file.name.slice(file.name.lastIndexOf(".")).toLowerCase();
    }

    function inWords(bytes) {
      const kilo = bytes >= 1048576 ? 1048576 : 1024;
      const unit = bytes >= 1048576 ? "megabytes" : bytes >= 1024 ? "kilobytes" : "bytes";
      const value = bytes >= 1024 ? bytes / kilo : bytes;
      const shown = value.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 });
      return field.dataset[unit].replace("{n}", shown);
    }

    function whatIsWrong(file) {
      const kinds = input.accept.split(",");
      if (photos.length && /\.hei[cf]$/i.test(file.name)) return field.dataset.heic;
      if (!file.name.includes(".") || !kinds.includes(endingOf(file))) {
        return field.dataset.wrongKind.replace("{kinds}", "\u2066" + kinds.join(" ") + "\u2069");
      }
      if (file.size === 0) return field.dataset.emptyFile;
      // A photo that was not made smaller here is so by the server.
      if (photos.includes(endingOf(file))) return file.size > Number(input.dataset.maxPhotoBytes) ? field.dataset.photoTooBig : "";
      if (file.size > most) return field.dataset.tooBig.replace("{actual}", inWords(file.size));
      return "";
    }

    // What had better become a small JPG. A PNG that may be sent as it is stays as sharp as it is.
    function isHeavy(file) {
      if (file.size === 0 || !photos.includes(".jpg")) return false;
      if (/\.hei[cf]$/i.test(file.name)) return true;
      return photos.includes(endingOf(file)) && file.size > (endingOf(file) === ".png" ? most : Math.min(most, ENOUGH));
    }

    // Photos are made small before they go over a slow line. Where that fails they stay as they are.
    async function shrunk(chosen) {
      const tool = await import(input.dataset.photoTool);
      const files = new DataTransfer();
      for (const file of chosen) {
        const small = isHeavy(file) ? await tool.smaller(file, Math.min(most, ENOUGH)) : null;
        files.items.add(small || file);
      }
      return files.files;
    }

    function chosen() {
      const files = Array.from(input.files);
      work = null;
      if (!files.some(isHeavy)) return look();
      box.classList.add("is-live", "has-file");
      name.textContent = field.dataset.shrinking;
      problem.textContent = "";
      const mine = shrunk(files).catch(function () { /* an old browser, or no line: they go as they are */ }).then(function (small) {
        // Others may have been chosen meanwhile.
        if (work !== mine) return;
        work = null;
        if (small) input.files = small;
        look();
      });
      work = mine;
    }

    function look() {
      const files = Array.from(input.files);
      const wrong = files.map(whatIsWrong).find(Boolean) || "";
      const words = files.map(function (file) { return "\u2068" + file.name + "\u2069 (" + inWords(file.size) + ")"; });
      box.classList.add("is-live");
      box.classList.toggle("has-file", files.length > 0);
      name.textContent = words.join(" · ") || nothing;
      problem.textContent = wrong;
      if (!files.length && !wasThere) return true; // What the server said about the last try stays.
      wasThere = true;
      const served = field.querySelector(".errorlist[id$=_error]");
      if (served) served.remove();
      field.classList.toggle("has-error", Boolean(wrong));
      if (wrong) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
      return !wrong;
    }

    look();
    input.addEventListener("change", chosen);
    return { input, look, work: function () { return work; } };
  }

  // What was typed stays in this tab under the form's key until the letter is sent; it never leaves the browser.
  const key = "letter:" + form.elements.form_key.value;

  const ours = ["form_key", "owner", "version", "csrfmiddlewaretoken"];

  function keep() {
    const typed = {};
    new FormData(form).forEach(function (value, of) {
      if (typeof value === "string" && !ours.includes(of)) (typed[of] = typed[of] || []).push(value);
    });
    try { sessionStorage.setItem(key, JSON.stringify(typed)); } catch (full) { /* private mode: nothing to keep it in */ }
  }

  function restore() {
    let typed = null;
    try { typed = JSON.parse(sessionStorage.getItem(key)); } catch (broken) { return; }
    Array.from(form.elements).forEach(function (control) {
      const kept = typed && typed[control.name];
      if (!Array.isArray(kept) || ours.includes(control.name)) return;
      if (control.type === "radio" || control.type === "checkbox") control.checked = control.checked || kept.includes(control.value);
      else if (control.type !== "file" && !control.value) control.value = kept[0];
    });
  }

  function send(event) {
    const action = event.submitter && event.submitter.name;
    const busy = places.map(function (each) { return each.work(); }).filter(Boolean);
    if (busy.length) {
      event.preventDefault();
      const button = event.submitter || form.querySelector(".actions .button");
      Promise.all(busy).then(function () { button.click(); });
      return;
    }
    const chosen = places.filter(function (each) { return each.input.files.length; });
    const wrong = chosen.find(function (each) { return !each.look(); });
    if (wrong && !action) {
      event.preventDefault();
      wrong.input.focus();
      return;
    }
    keep();
    if (!chosen.length || action || form.dataset.busy) return;
    event.preventDefault();
    sendWithProgress(form.querySelector(".actions .button"));
  }

  function sendWithProgress(button) {
    const bar = form.querySelector("progress");
    const lost = form.querySelector("[data-problem]");
    const words = button.textContent;
    const request = new XMLHttpRequest();
    const body = new FormData(form);
    form.dataset.busy = "1";
    button.setAttribute("aria-disabled", "true");
    button.textContent = form.dataset.sending;
    lost.textContent = "";
    bar.hidden = false;
    request.open("POST", form.action);
    // A script cannot follow a redirect without fetching the page there, which the browser then fetches again.
    request.setRequestHeader("X-Way-On", "1");
    request.upload.onprogress = function (event) { if (event.lengthComputable) bar.value = 100 * event.loaded / event.total; };
    request.onload = function () {
      const way = request.getResponseHeader("Location");
      if (way) return location.assign(way);
      document.open();
      document.write(request.responseText);
      document.close();
    };
    request.onerror = request.ontimeout = function () {
      delete form.dataset.busy;
      button.removeAttribute("aria-disabled");
      button.textContent = words;
      bar.hidden = true;
      lost.textContent = form.dataset.lost;
    };
    request.send(body);
  }

  restore();
  const places = Array.from(form.querySelectorAll("[data-file-field]"), place);
  form.addEventListener("input", keep);
  form.addEventListener("submit", send);
})();
