"""axe-core in the window that is open: WCAG 2.2 A and AA, and axe's best practices.

It is put in through the browser's own debugging door (CDP), so that the pages' policy stays as strict as it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from playwright.sync_api import Page

from tests.browser import tools

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# A window's size and colours, as people have them.
SURROUNDINGS = {
    "phone": ({"width": 360, "height": 740}, {"color_scheme": "light", "forced_colors": "none"}),
    "desktop": ({"width": 1280, "height": 900}, {"color_scheme": "light", "forced_colors": "none"}),
    "dark": ({"width": 1280, "height": 900}, {"color_scheme": "dark", "forced_colors": "none"}),
    "forced colours": ({"width": 1280, "height": 900}, {"color_scheme": "dark", "forced_colors": "active"}),
}
# Colours know no language: whoever has looked at a screen in one, looks at the other by daylight only.
BY_DAYLIGHT = ("phone", "desktop")
_RUN = """async tags => {
    const found = await axe.run(document, {runOnly: tags, resultTypes: ['violations'], iframes: false});
    return found.violations.flatMap(rule => rule.nodes.map(node => (
        {rule: rule.id, where: node.target.flat().join(' '), html: node.html, why: node.failureSummary})));
}"""
# What moves takes on its last colour before it is measured.
_STAND_STILL = """async () => {
    const moving = document.getAnimations().filter(one => one.effect?.getTiming().iterations !== Infinity);
    const enough = new Promise(done => setTimeout(done, 2000));
    await Promise.race([Promise.allSettled(moving.map(one => one.finished)), enough]);
}"""
# What a script puts elsewhere in a window of another size, such as the outline of Wagtail's forms, takes its last
# place: nothing has moved for a fifth of a second.
_FIND_PLACE = """async () => {
    const places = () => [...document.querySelectorAll('a, button, input, select, textarea')]
        .map(one => Object.values(one.getBoundingClientRect().toJSON()).map(Math.round).join()).join(' ');
    for (let before = null, quiet = 0, turns = 0; quiet < 3 && turns < 40; turns++) {
        const now = places();
        quiet = now === before ? quiet + 1 : 0;
        before = now;
        await new Promise(done => setTimeout(done, 70));
    }
}"""

# axe takes words in joined letters, hence nearly all Persian, for icons drawn by ligatures, and does not measure their
# contrast. There are no such icons here.
_LOOKS_LIKE_AN_ICON = "function _isIconLigature(textVNode) {"
# axe measures the colour in which letters are filled; of that one Chromium tells what the author wrote, and not the
# visitor's colour that it draws. This is the last of the surroundings, so nothing need be taken back.
_SAY_WHAT_IS_DRAWN = """() => {
    for (const one of document.querySelectorAll('body *'))
        one.style.setProperty('-webkit-text-fill-color', getComputedStyle(one).color);
}"""


@dataclass(frozen=True)
class Excused:
    """A violation inside Wagtail's own templates which no style or template of ours can mend."""

    rule: str
    where: str  # a part of axe's selector
    reason: str

    def covers(self, finding: dict) -> bool:
        return finding["rule"] == self.rule and self.where in finding["where"]


WAGTAILS_OWN = [
    Excused(
        "landmark-unique",
        ".w-h-\\[42px\\]",
        "the search of the menu, drawn by a script, and that of a list have no names",
    ),
    Excused("label", ".ui-autocomplete-input", "the box for tags of a picture, drawn by taggit's jQuery"),
    Excused("aria-input-field-name", "placeholder-", "boxes of rich text, drawn by Draft.js, know no label"),
    Excused("aria-input-field-name", ".notranslate", "the same, where it is the only one"),
    Excused("landmark-unique", "-section", "the panels of several blocks of one kind bear the same heading"),
    Excused(
        "label-content-name-mismatch",
        "a[data-w-tooltip-content-value",
        "the button that says who may see a page has another name than words",
    ),
    Excused("aria-required-parent", ".w-w-fit", "a new user's button to the next tab says that it is a tab"),
]


@cache
def _source() -> str:
    text = tools.package("axe-core/axe.js").read_text(encoding="utf-8")
    assert text.count(_LOOKS_LIKE_AN_ICON) == 1, "axe-core has changed: look at how it tells icons from words"
    return text.replace(_LOOKS_LIKE_AN_ICON, f"{_LOOKS_LIKE_AN_ICON} return false;")


def violations(page: Page, *, in_wagtail: bool = False, surroundings: Iterable[str] = SURROUNDINGS) -> list[str]:
    """What axe finds in each of the surroundings: "phone: rule: selector: words"."""
    door = page.context.new_cdp_session(page)
    door.send("Runtime.evaluate", {"expression": _source() + ";0"})
    door.detach()
    found = []
    for name in surroundings:
        size, colours = SURROUNDINGS[name]
        if page.viewport_size != size:
            page.set_viewport_size(size)
            if in_wagtail:
                page.evaluate(_FIND_PLACE)
        page.emulate_media(**colours)
        page.evaluate(_STAND_STILL)
        if colours["forced_colors"] == "active":
            page.evaluate(_SAY_WHAT_IS_DRAWN)
        for one in page.evaluate(_RUN, RULES):
            if not (in_wagtail and any(excused.covers(one) for excused in WAGTAILS_OWN)):
                words = " ".join(one["why"].split())
                found.append(f"{name}: {one['rule']}: {one['where']}: {words[:300]}: {one['html'][:200]}")
    page.emulate_media(color_scheme="light", forced_colors="none")
    return found
