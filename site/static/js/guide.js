// The contents follow the reader: the section that is being read is marked in them. Without this they are a plain list.
(function () {
  "use strict";

  const contents = document.querySelector("[data-follows]");
  const folded = document.querySelector(".contents-folded");
  if (folded) folded.addEventListener("click", function (event) {
    if (event.target.closest("a")) folded.open = false;
  });
  if (!contents || !window.IntersectionObserver) return;

  const links = new Map();
  contents.querySelectorAll("a[href^='#']").forEach(function (link) {
    const place = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (place) links.set(place, link);
  });
  const inSight = new Set();
  let marked = null;

  // What is being read is the last section, in the order of reading, whose beginning has passed the upper fifth.
  function mark() {
    let now = null;
    links.forEach(function (link, place) { if (inSight.has(place)) now = link; });
    if (now === marked || !now) return;
    if (marked) marked.removeAttribute("aria-current");
    now.setAttribute("aria-current", "true");
    marked = now;
    // Only within the list: the page itself stays where it is.
    const top = now.offsetTop - contents.offsetTop;
    if (top < contents.scrollTop || top + now.offsetHeight > contents.scrollTop + contents.clientHeight) {
      contents.scrollTop = top - contents.clientHeight / 3;
    }
  }

  const observer = new IntersectionObserver(function (entries) {
    entries.forEach(function (entry) {
      if (entry.isIntersecting) inSight.add(entry.target); else inSight.delete(entry.target);
    });
    mark();
  }, { rootMargin: "0px 0px -80% 0px" });
  links.forEach(function (link, place) { observer.observe(place); });
})();
