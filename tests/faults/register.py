"""All promises, in the order in which they are tried: what wants a quiet machine early, what spoils the site last."""

from tests.faults import (
    p01_letters,
    p02_double_posts,
    p03_messages,
    p04_lost_answers,
    p05_codes,
    p06_sms_attack,
    p07_access,
    p08_enumeration,
    p09_uploads,
    p10_downloads,
    p11_slow,
    p12_privacy,
)

PROMISES = (
    p08_enumeration.PROMISE,
    p01_letters.PROMISE,
    p03_messages.PROMISE,
    p05_codes.PROMISE,
    p02_double_posts.PROMISE,
    p04_lost_answers.PROMISE,
    p11_slow.PROMISE,
    p06_sms_attack.PROMISE,
    p09_uploads.PROMISE,
    p10_downloads.PROMISE,
    p12_privacy.PROMISE,
    # A superuser who posts to every address may remove what others need: nothing comes after this one.
    p07_access.PROMISE,
)
