"""A walk through the admin from its first page: every kind of screen once, found by following the links."""

import re
from collections import deque
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import Error
from wagtail.models import Page

# Addresses that answer with something else than a screen, or end the walk.
NO_SCREEN = re.compile(r"logout|/view_draft/|/export|jsi18n|sprite|/preview|/unlock|/files/|/bulk/")

# Everything a person can be shown: text, also of dialogs that wait in a <template>, and the attributes that browsers
# and screen readers say. Code and keys of the keyboard are the same in every language; one button of the calendar that
# is never shown speaks English.
COLLECT = """
(root) => {
  const found = [];
  const say = (text, where) => {
    text = (text || "").replace(/\\s+/g, " ").trim();
    if (text) found.push([text, where]);
  };
  const SILENT = "script, style, noscript, iframe, code, kbd, svg, textarea, .desk-secret, "
    + ".xdsoft_save_selected, [data-side-panel-toggle-counter][hidden]";
  const ATTRIBUTES = ["placeholder", "title", "aria-label", "alt", "label", "data-w-tooltip-content-value",
                      "aria-description", "aria-roledescription"];
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      const parent = node.parentElement;
      say(node.data, !parent ? "#" : parent.closest(".xdsoft_datetimepicker") ? "CALENDAR" : parent.tagName);
      return;
    }
    if (node.nodeType === Node.ELEMENT_NODE) {
      for (const name of ATTRIBUTES) {
        if (node.hasAttribute(name)) say(node.getAttribute(name), node.tagName + "@" + name);
      }
      if (node.matches("input[type=submit], input[type=button]")) say(node.value, "INPUT@value");
      if (node.matches("bdi[dir=ltr], [lang=en]") || node.matches(SILENT)) return;
      if (node.tagName === "TEMPLATE") walk(node.content);
    }
    node.childNodes.forEach(walk);
  };
  walk(root);
  return found;
}
"""
ON_PAGE = f"() => {{ const collect = {COLLECT}; return [[document.title, 'TITLE'], ...collect(document.body)]; }}"
# A dialog's or a refused form's HTML, read without being shown.
IN_HTML = f"""(html) => {{
  const collect = {COLLECT};
  return collect(new DOMParser().parseFromString(html, "text/html").body);
}}"""
SEND_EMPTY = """
async () => {
  const answers = [];
  for (const form of document.querySelectorAll("main form[method=post]:has([name=csrfmiddlewaretoken])")) {
    const data = new FormData(form);
    for (const element of form.elements) {
      const of_editor = /^$|FORMS$|-count$|-type$|-order$|-id$|-deleted$/;
      if (of_editor.test(element.name)) continue;
      if (element.matches("[type=hidden], [type=checkbox], [type=radio], [type=file]")) continue;
      data.set(element.name, element.matches("[type=number], [type=email], [type=url]") ? "?" : "");
    }
    const answer = await fetch(form.action || location.href, {
      method: "POST", body: data, redirect: "manual", headers: {Accept: "text/html"}});
    if (answer.ok || answer.status === 422 || answer.status === 400) answers.push(await answer.text());
  }
  return answers;
}
"""
# A dialog comes as HTML, or as JSON around it.
FETCH_DIALOG = """
async (address) => {
  const text = await (await fetch(address)).text();
  try { return JSON.parse(text).html || ""; } catch { return text; }
}
"""
LINKS = """() => [...document.querySelectorAll("a[href]")].map((link) => link.href)"""


class Screen:
    """One screen: its address and all that it says, as (text, where). ``is_shown``: in the browser, after its scripts;
    otherwise it is the HTML that the server sent."""

    def __init__(self, address, said, *, is_shown=False):
        self.address, self.said, self.is_shown = address, said, is_shown


def kind_of(path):
    """What makes two addresses the same kind of screen: the view, the names in the address, and the type of page.

    None for what is no screen of ours, and for pages in English, whose editor shows what stands on them.
    """
    try:
        match = resolve(path)
    except Resolver404:
        return None
    values = tuple(str(value) for value in (*match.args, *match.kwargs.values()))
    names = tuple(value for value in values if not re.fullmatch(r"[0-9a-f-]+", value) and not value.startswith("/"))
    if match.view_name.startswith(("wagtailadmin_pages:", "wagtailadmin_explore")):
        page = Page.objects.filter(pk=values[0]).first() if values and values[0].isdigit() else None
        if page and page.locale.language_code != "fa":
            return None
        names += (page.specific_class.__name__ if page else "", page.status_string if page and "edit" in path else "")
    if match.view_name == "staff:letter":
        names = ()
    return (match.view_name, *names)


class Walk:
    """Follows the links of the admin from its first page. ``wrong`` collects answers that are no screen."""

    def __init__(self, window, url, *, most=400):
        self.window, self.url, self.most = window, url, most
        self.seen, self.wrong = set(), []

    def screens(self):
        """Each kind of screen once; then what a form says that was sent empty, and the dialogs for choosing."""
        waiting = deque(["/admin/"])
        while waiting and len(self.seen) < self.most:
            address = waiting.popleft()
            path = urlsplit(address).path
            kind = kind_of(path)
            if kind is None or kind in self.seen or not path.startswith("/admin/") or NO_SCREEN.search(path):
                continue
            self.seen.add(kind)
            try:
                answer = self.window.goto(path, wait_until="load")
            except Error as error:
                if "Download is starting" in error.message:
                    continue
                raise
            if answer.status >= 400:
                self.wrong.append((answer.status, address))
                continue
            if "html" not in answer.headers.get("content-type", ""):
                continue
            waiting.extend(
                link.removeprefix(self.url) for link in self.window.evaluate(LINKS) if link.startswith(self.url)
            )
            yield Screen(address, self.window.evaluate(ON_PAGE), is_shown=True)
            if re.search(r"/(add|new|create|edit|account)/|settings/", path) and "/multiple/" not in path:
                for html in self.window.evaluate(SEND_EMPTY):
                    yield Screen(f"{address} (sent empty)", self.window.evaluate(IN_HTML, html))
        self.window.goto("/admin/")
        for address in dialogs():
            yield Screen(address, self.window.evaluate(IN_HTML, self.window.evaluate(FETCH_DIALOG, address)))


def dialogs():
    """The addresses of the windows in which something is chosen: no link leads there, scripts open them."""
    return [
        f"/admin/{name}"
        for name in (
            "choose-page/",
            "choose-page/search/",
            "choose-external-link/",
            "choose-email-link/",
            "choose-phone-link/",
            "choose-anchor-link/",
            "images/chooser/",
            "documents/chooser/",
            "workflows/task_chooser/",
        )
    ]
