"""A walk through the admin from its first page: every kind of screen once, found by following the links."""

import json
import re
from collections import deque
from html import unescape
from urllib.parse import urlsplit

from django.contrib.auth import get_user_model
from django.urls import Resolver404, resolve
from playwright.sync_api import Error
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

# Addresses that answer with something else than a screen, or end the walk.
NO_SCREEN = re.compile(
    r"logout|/view_draft/|/revisions/\d+/view/|/export|jsi18n|sprite|/preview|/unlock|/files/|/bulk/"
)

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
# What is read without being shown: a dialog, a refused form, and a screen as it came. Scripts take menus out of it
# until somebody opens them.
IN_HTML = f"""(html) => {{
  const collect = {COLLECT};
  const parsed = new DOMParser().parseFromString(html, "text/html");
  return [[parsed.title, "TITLE"], ...collect(parsed.body)];
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
FETCH_SCREEN = """
async (address) => {
  const answer = await fetch(address);
  return [answer.status, answer.headers.get("content-type") || "", await answer.text()];
}
"""
# As scripts made them, the main menu above all; and as they came.
LINKS = """() => [...document.querySelectorAll("a[href^='/admin/']")].map((link) => link.getAttribute("href"))"""
LINK = re.compile(r"<a\s[^>]*?\bhref=\"(/admin/[^\"#]*)")


class Screen:
    """One screen: its address and all that it says, as (text, where). ``is_shown``: in the browser, after its scripts;
    otherwise it is the HTML that the server sent."""

    def __init__(self, address, said, *, is_shown=False):
        self.address, self.said, self.is_shown = address, said, is_shown


def kind_of(path, language):
    """What makes two addresses the same kind of screen: the view, the names in the address, and the type of page.

    None for what is no screen of ours, and for pages in another language, whose editor shows what stands on them.
    """
    try:
        match = resolve(path)
    except Resolver404:
        return None
    values = tuple(str(value) for value in (*match.args, *match.kwargs.values()))
    names = tuple(value for value in values if not re.fullmatch(r"[0-9a-f-]+", value) and not value.startswith("/"))
    if match.view_name.startswith(("wagtailadmin_pages:", "wagtailadmin_explore")):
        page = Page.objects.filter(pk=values[0]).first() if values and values[0].isdigit() else None
        if page and page.depth > 1 and page.locale.language_code != language:
            return None
        names += (page.specific_class.__name__ if page else "", page.status_string if page and "edit" in path else "")
    if match.view_name == "staff:letter":
        names = ()
    return (match.view_name, *names)


def is_about_pages(path):
    return resolve(path).view_name.startswith(("wagtailadmin_pages:", "wagtailadmin_explore", "wagtail_bulk_action"))


class Walk:
    """Follows the links of the admin from its first page. ``wrong`` collects answers that are no screen.

    ``part``: a condition on the path of the screens that are looked at; all others are passed by. ``shown``: whether
    each screen is opened in the window, with all that its scripts make of it; else only the first one is, and the
    others are read as they come.
    """

    def __init__(self, window, url, language, *, part=lambda path: True, shown=True, most=400):
        self.window, self.url, self.language = window, url, language
        self.part, self.shown, self.most = part, shown, most
        self.seen, self.wrong = set(), []

    def screens(self):
        """Each kind of screen once; then what a form says that was sent empty, and the dialogs for choosing."""
        # From a first page in English no link leads to the pages: the site's own is a Persian one.
        waiting = deque(["/admin/", "/admin/pages/"])
        while waiting and len(self.seen) < self.most:
            address = waiting.popleft()
            path = urlsplit(address).path
            is_screen = path.startswith("/admin/") and not NO_SCREEN.search(path)
            kind = kind_of(path, self.language) if is_screen else None
            if kind is None or kind in self.seen or not (path == "/admin/" or self.part(path)):
                continue
            self.seen.add(kind)
            status, is_html, html = self._open(address) if self.shown or path == "/admin/" else self._fetch(address)
            if status >= 400:
                self.wrong.append((status, address))
            if status >= 400 or not is_html:
                continue
            waiting.extend(unescape(link) for link in LINK.findall(html))
            yield Screen(address, self.window.evaluate(IN_HTML, html))
            if self.shown or path == "/admin/":
                waiting.extend(self.window.evaluate(LINKS))
                yield from self._made_by_scripts(address, path)
        yield from self._dialogs()

    def _open(self, address):
        """(status, whether it is a screen, its HTML as it came) of a screen that is shown."""
        try:
            answer = self.window.goto(address, wait_until="load")
        except Error as error:
            if "Download is starting" in error.message:
                return 200, False, ""
            raise
        is_html = "html" in answer.headers.get("content-type", "")
        return answer.status, is_html, answer.text() if is_html else ""

    def _fetch(self, address):
        status, content_type, html = self.window.evaluate(FETCH_SCREEN, address)
        return status, "html" in content_type, html

    def _made_by_scripts(self, address, path):
        yield Screen(address, self.window.evaluate(ON_PAGE), is_shown=True)
        if re.search(r"/(add|new|create|edit|account)/|settings/", path) and "/multiple/" not in path:
            for html in self.window.evaluate(SEND_EMPTY):
                yield Screen(f"{address} (sent empty)", self.window.evaluate(IN_HTML, html))

    def _dialogs(self):
        self.window.goto("/admin/")
        for address in (*dialogs(), *bulk_actions()):
            if not self.part(urlsplit(address).path):
                continue
            status, _is_html, text = self._fetch(address)
            # A role without a right is led away from its dialog.
            if status < 400:
                yield Screen(address, self.window.evaluate(IN_HTML, _html_of(text)))


def _html_of(text):
    """A dialog comes as HTML, or as JSON around it."""
    try:
        return json.loads(text).get("html") or ""
    except ValueError:
        return text


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


def bulk_actions():
    """The addresses where what is done to several things at once is confirmed; scripts make them of what was ticked."""
    page = Page.objects.filter(depth__gt=2).first()
    things = {
        "wagtailcore/page": (page, ("move", "delete", "publish", "unpublish")),
        "wagtailimages/image": (get_image_model().objects.first(), ("add_tags", "add_to_collection", "delete")),
        "wagtaildocs/document": (get_document_model().objects.first(), ("add_tags", "add_to_collection", "delete")),
        "servicedesk/user": (get_user_model().objects.last(), ("assign_role", "delete", "set_active_state")),
    }
    chosen = [(model, thing.pk, action) for model, (thing, actions) in things.items() for action in actions]
    return [f"/admin/bulk/{model}/{action}/?id={pk}" for model, pk, action in chosen]
