"""Nothing lies beside a narrow screen, or over its neighbour: at 320 px, with letters twice as large, and zoomed."""

from playwright.sync_api import Page

NARROW = {"width": 320, "height": 640}
# 1280 px at 400 % are 320; at 200 % letters of a browser that enlarges text alone.
LETTERS = ("100%", "200%")
_BESIDE = """() => {
    const screen = document.documentElement, width = screen.clientWidth;
    if (screen.scrollWidth <= width) return null;
    const out = [...document.querySelectorAll('body *')].filter(one => {
        const box = one.getBoundingClientRect();
        return box.width && (box.right > width + 1 || box.left < -1);
    });
    const names = out.slice(-3).map(one => one.tagName.toLowerCase() + '.' + one.className);
    return `${screen.scrollWidth - width} px too wide: ${names.join(', ')}`;
}"""
# What is drawn over the file input belongs into its frame, or it lies on the words around it.
_SPILLED = """() => [...document.querySelectorAll('.file')].flatMap(frame => {
    const box = frame.getBoundingClientRect();
    return [...frame.querySelectorAll('.file-face *')].filter(one => {
        const own = one.getBoundingClientRect();
        return own.height && (own.top < box.top || own.bottom > box.bottom);
    }).map(one => one.className.baseVal ?? one.className);
}).join(', ')"""
_TEXT_ZOOM = """factor => {
    const all = [...document.querySelectorAll('body *')];
    const sizes = all.map(one => [one, parseFloat(getComputedStyle(one).fontSize)]);
    for (const [one, size] of sizes) one.style.setProperty('font-size', `${size * factor}px`, 'important');
}"""


def too_wide(page: Page) -> list[str]:
    page.set_viewport_size(NARROW)
    page.evaluate("document.fonts.ready.then(() => true)")
    found = []
    for size in LETTERS:
        page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
        if beside := page.evaluate(_BESIDE):
            found.append(f"letters at {size}: {beside}")
        if spilled := page.evaluate(_SPILLED):
            found.append(f"letters at {size}: out of the frame of the file: {spilled}")
    page.evaluate("document.documentElement.style.fontSize = ''")
    # As Android's own text size does it: each text for itself, whatever its size was said in.
    page.evaluate(_TEXT_ZOOM, 2)
    if beside := page.evaluate(_BESIDE):
        found.append(f"text zoomed to 200 %: {beside}")
    return found
