"""All promises, in the order in which they are tried: what wants a quiet machine early, what spoils the site last."""

from tests.faults import (
    p01_letters,
    p02_double_posts,
    p03_messages,
    p05_codes,
    p07_access,
    p08_enumeration,
    p10_downloads,
    p11_slow,
)

PROMISES = (
    p08_enumeration.PROMISE,
    p01_letters.PROMISE,
    p03_messages.PROMISE,
    p05_codes.PROMISE,
    p02_double_posts.PROMISE,
    p11_slow.PROMISE,
    p10_downloads.PROMISE,
    # A superuser who posts to every address may remove what others need: nothing comes after this one.
    p07_access.PROMISE,
)
