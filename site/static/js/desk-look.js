// Pictures of a file's pages, one after the other, once somebody unfolds them. Without it the file is fetched.
(function () {
  "use strict";

  const AT_ONCE = 5; // pages, before somebody asks for more

  function asAddress(blob) {
    return new Promise(function (resolve) {
      const reader = new FileReader();
      reader.addEventListener("load", function () { resolve(reader.result); });
      reader.readAsDataURL(blob);
    });
  }

  document.querySelectorAll("[data-desk-look]").forEach(function (details) {
    const first = details.dataset.deskLook;
    let next = 1;
    let pages = 1;
    let isBusy = false;

    async function draw(until) {
      if (isBusy) return;
      isBusy = true;
      while (next <= Math.min(pages, until)) {
        const answer = await fetch(first.replace(/1\/$/, next + "/")).catch(function () {});
        if (!answer || !answer.ok || answer.redirected) {
          const words = document.createElement("p");
          words.textContent = details.dataset.failed;
          details.append(words);
          break;
        }
        pages = Number(answer.headers.get("X-Pages"));
        const picture = document.createElement("img");
        picture.src = await asAddress(await answer.blob());
        picture.alt = details.dataset.pageWords.replace("%s", next.toLocaleString(document.documentElement.lang));
        details.append(picture);
        next += 1;
      }
      isBusy = false;
      if (next <= pages && next > until) more();
    }

    function more() {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button-small button-secondary";
      button.textContent = next.toLocaleString(document.documentElement.lang) + " – " + pages.toLocaleString(document.documentElement.lang);
      button.addEventListener("click", function () {
        button.remove();
        draw(next + AT_ONCE - 1);
      });
      details.append(button);
    }

    details.addEventListener("toggle", function () { if (details.open && next === 1) draw(AT_ONCE); });
  });
})();
