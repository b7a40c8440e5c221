"""The Tab key alone: everything is reached once, in the order of the page, is on the screen and seen to have focus."""

from playwright.sync_api import Page

# Contrast of what marks the focus against what lies around it (WCAG 1.4.11).
LEAST_CONTRAST = 3
SCROLLING = 700  # milliseconds
_ARM = r"""() => {
    const wants = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex], [controls]';
    // While a dialog is open that holds the focus, there is nothing but it.
    const dialogs = [...document.querySelectorAll(':modal, [role=dialog][aria-modal=true]')];
    const stage = dialogs.find(one => one.checkVisibility({visibilityProperty: true})) || document.body;
    const reachable = [...document.querySelectorAll(wants)].filter(one => stage.contains(one) &&
        one.tabIndex >= 0 && !one.disabled && !one.closest('[inert]')
        && one.checkVisibility({visibilityProperty: true})
        && !(one.type === 'radio' && one.name && !one.checked
             && (document.querySelector(`[type=radio][name="${one.name}"]:checked`)
                 || document.querySelector(`[type=radio][name="${one.name}"]`) !== one)));
    document.activeElement?.blur();
    window.scrollTo(0, 0);
    const name = one => one.tagName.toLowerCase() + (one.id && '#' + one.id) + (one.name ? `[name=${one.name}]` : '')
        + ' «' + (one.innerText || one.ariaLabel || one.title || '').trim().slice(0, 30) + '»';
    const numbers = text => (text.match(/[\d.]+/g) || []).map(Number);
    const luminance = ([r, g, b]) => [r, g, b].map(part => part / 255)
        .map(part => part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4)
        .reduce((sum, part, place) => sum + part * [.2126, .7152, .0722][place], 0);
    const contrast = (one, other) => {
        const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
        return (high + .05) / (low + .05);
    };
    const ground = one => {
        for (let up = one; up; up = up.parentElement) {
            const colour = numbers(getComputedStyle(up).backgroundColor);
            if (colour.length && (colour.length < 4 || colour[3] > .9)) return colour;
        }
        return [255, 255, 255];
    };
    // Outline of the element, of what is drawn above it, or of the box that stands for it.
    const mark = one => {
        const boxes = [[one, null], [one, '::after'], [one, '::before']];
        for (let up = one.parentElement; up && boxes.length < 6; up = up.parentElement) boxes.push([up, null]);
        if (one.nextElementSibling) boxes.push([one.nextElementSibling, null]);
        let best = 0;
        for (const [box, part] of boxes) {
            const style = getComputedStyle(box, part);
            if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2) continue;
            const inside = parseFloat(style.outlineOffset) < 0;
            const around = ground(inside ? box : box.parentElement || box);
            best = Math.max(best, contrast(numbers(style.outlineColor), around));
        }
        return best;
    };
    window.tabs = {
        stage,
        reachable: reachable.map(name),
        look() {
            const one = document.activeElement;
            if (!one || one === document.body || one === document.documentElement) return null;
            const box = one.getBoundingClientRect();
            const inView = box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0
                && box.top < innerHeight && box.left < innerWidth;
            const rects = one.getClientRects(), first = rects[0] || box;
            const places = [[first.left + first.width / 2, first.top + first.height / 2],
                [first.left + 3, first.top + 3], [first.right - 3, first.bottom - 3]];
            const free = places.some(([x, y]) => {
                const top = document.elementFromPoint(x, y);
                return top && (one.contains(top) || top.contains(one) || top.closest('label')?.control === one);
            });
            const skips = one.getAttribute('href')?.startsWith('#') ?? false;
            return {skips, name: name(one), place: reachable.indexOf(one), inView, free, mark: mark(one)};
        },
    };
    return window.tabs.reachable;
}"""

# The browser scrolls to what has focus, which may take a few frames.
_STAND_STILL_AND_LOOK = """async () => {
    await Promise.allSettled(document.getAnimations().map(one => one.finished));
    let before = null;
    for (let frame = 0; frame < 60; frame++) {
        await new Promise(requestAnimationFrame);
        const now = document.activeElement?.getBoundingClientRect().top;
        if (now === before) break;
        before = now;
    }
    return window.tabs.look();
}"""


def troubles(page: Page, *, skip_link: bool) -> list[str]:
    """What whoever has only a keyboard would stumble over."""
    page.set_viewport_size({"width": 1280, "height": 900})
    reachable, found, places = page.evaluate(_ARM), [], []
    skips = False
    # Somebody who comes in anew begins before the first link, wherever a script has put the focus.
    page.evaluate(
        "() => { const top = window.tabs.stage; top.tabIndex = -1; top.focus(); top.removeAttribute('tabindex') }"
    )
    for _ in range(len(reachable) + 5):
        page.keyboard.press("Tab")
        here = page.evaluate(_STAND_STILL_AND_LOOK)
        if here and not (here["inView"] and here["free"]):
            page.wait_for_timeout(SCROLLING)  # It may be on its way.
            here = page.evaluate("window.tabs.look()")
        if here is None:
            break
        if here["place"] in places and here["place"] >= 0:
            if here["place"] != 0:
                found.append(f"focus goes back to {here['name']}")
            break
        skips = skips or (not places and here["skips"])
        places.append(here["place"])
        if not here["inView"]:
            found.append(f"{here['name']} has focus beside the screen")
        elif not here["free"]:
            found.append(f"{here['name']} has focus behind something else")
        if here["mark"] < LEAST_CONTRAST:
            found.append(f"the focus on {here['name']} is marked with a contrast of {here['mark']:.1f}")
    else:
        found.append("there is no way out of the page")
    known = [place for place in places if place >= 0]
    if known != sorted(known):
        found.append(f"the order jumps: {known}")
    missed = [reachable[place] for place in range(len(reachable)) if place not in places]
    if missed:
        found.append(f"not reached: {', '.join(missed)}")
    if skip_link and not skips:
        found.append("the first stop is not the skip link")
    return found
