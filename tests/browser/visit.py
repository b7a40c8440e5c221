"""A window on one screen, with what the server said."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.browser.screens import Screen
from tests.browser.stage import ADMIN, APPROVER, CLERK, HEAD, Stage
from tests.journey.browser import DESKTOP

STAFF_PEOPLE = (CLERK, APPROVER, HEAD, ADMIN)


@dataclass
class Visit:
    page: Page
    status: int
    html: str


@contextmanager
def visit(stage: Stage, screen: Screen, size: dict, language: str = "fa", **options) -> Iterator[Visit]:
    """Bring a new window to this screen. The trouble in which it is seen is over before one looks at it."""
    # Nothing moves while it is looked at.
    calm = {"reduced_motion": "reduce", **options}
    # Of the admin's many scripts each new window would fetch and read all.
    is_tab = screen.who in STAFF_PEOPLE and size is DESKTOP and not options
    page = (stage.tab if is_tab else stage.window)(screen.who, size, **calm)
    documents = []
    page.on("response", lambda answer: documents.append(answer) if _is_page(answer, page) else None)
    try:
        with screen.during(stage):
            screen.show(stage, page, language)
            page.wait_for_load_state("load")
            seen = Visit(page, documents[-1].status, documents[-1].text())
        yield seen
    finally:
        (page if is_tab else page.context).close()


def _is_page(answer, page: Page) -> bool:
    return answer.request.is_navigation_request() and answer.frame == page.main_frame and not 300 <= answer.status < 400
