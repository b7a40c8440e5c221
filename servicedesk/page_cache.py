"""What a view says about keeping its answer for other strangers; ``config.page_cache`` heeds it."""

from functools import wraps


def kept_for_strangers(view):
    """For a view whose answer is the same for everybody without a session, and in one language at one address.

    It may be kept until something in a watched table changes (``servicedesk.page_generation``), an hour at most.
    """

    @wraps(view)
    def inner(request, *args, **kwargs):
        return view(request, *args, **kwargs)

    inner.is_kept_for_strangers = True
    return inner


def holds_until(request, moment):
    """What was put into the answer is true until ``moment`` (aware; None: until somebody changes it). May be said
    several times; the first moment counts."""
    if moment is not None:
        request.answer_holds_until = min(moment, end_of(request) or moment)


def end_of(request):
    """The moment until which the answer holds, or None."""
    return getattr(request, "answer_holds_until", None)
