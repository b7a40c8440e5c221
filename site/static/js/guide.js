// The contents follow the reader: the section that is being read is marked in them. Without this they are a plain list.
(function () {
  "use strict";

  const contents = document.querySelector("[data-follows]");
  const folded = document.querySelector(".contents-folded");
  if (folded) folded.addEventListener("click", function (event) {
    if (event.target.closest("a")) folded.open = false;
  });
  if (!contents) return;

  const links = [];
  contents.querySelectorAll("a[href^='#']").forEach(function (link) {
    const place = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (place) links.push([place, link]);
  });
  let marked = null;
  let waiting = false;

  // What is being read began above the upper fifth of the window; at the end of the page, wherever in the window.
  function mark() {
    waiting = false;
    const root = document.documentElement;
    const atEnd = window.scrollY + window.innerHeight >= root.scrollHeight - 2;
    const line = window.innerHeight * (atEnd ? .8 : .2);
    let now = null;
    links.forEach(function (pair) { if (pair[0].getBoundingClientRect().top <= line) now = pair[1]; });
    if (now === marked) return;
    if (marked) marked.removeAttribute("aria-current");
    marked = now;
    if (!now) return;
    now.setAttribute("aria-current", "true");
    // Only within the list: the page itself stays where it is.
    const top = now.getBoundingClientRect().top - contents.getBoundingClientRect().top;
    if (top < 0 || top + now.offsetHeight > contents.clientHeight) contents.scrollTop += top - contents.clientHeight / 3;
  }

  function soon() {
    if (waiting) return;
    waiting = true;
    window.requestAnimationFrame(mark);
  }

  window.addEventListener("scroll", soon, { passive: true });
  window.addEventListener("resize", soon);
  mark();
})();
