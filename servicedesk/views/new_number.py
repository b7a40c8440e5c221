"""Taking one's letters along to another mobile number: the new number, then a code that went to each of the two."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from servicedesk import persian
from servicedesk.client_address import client_address
from servicedesk.known_browser import CITIZEN, KnownBrowser
from servicedesk.middleware import LISTED
from servicedesk.models import LimitReached, NumberChange
from servicedesk.models.number_change import NotHere, NotProven, NumberTaken
from servicedesk.models.sms_device import Outcome
from servicedesk.sign_in_forms import NewNumberForm, TwoCodesForm
from servicedesk.views.access import citizen_only
from servicedesk.views.security_codes import come_back
from servicedesk.views.sign_in import too_soon
from servicedesk.waiting import waiting_time

# In the session: the id of the NumberChange that it has begun.
PENDING = "number_change"

ANSWERS = {
    Outcome.WRONG: gettext_lazy("This code is not right. Look at the SMS on that number once more."),
    Outcome.EXPIRED: gettext_lazy("The time of this code is over. Begin again; then both numbers get new codes."),
    Outcome.EXHAUSTED: gettext_lazy("None of the five tries was right. Begin again; then both numbers get new codes."),
}
TAKEN = gettext_lazy(
    "The new number already has an account of its own here, and two accounts cannot be made into one. Nothing was "
    "changed. To see the letters of that number, sign out and sign in with it."
)
NOT_HERE = gettext_lazy("We cannot make this change here. Please contact the organisation.")
BEGIN_AGAIN = gettext_lazy("The time for the two codes is over. Enter the new number once more.")
DONE = gettext_lazy("From now on you sign in with the new number. All your letters are still here.")


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_only
def begin(request):
    """Asks for the new number and owes both codes."""
    form = NewNumberForm(request.POST or None, old=request.user.mobile)
    if request.method != "POST" or not form.is_valid():
        return _page(request, "servicedesk/new_number.html", form)
    try:
        change = NumberChange.begin(
            request.user, form.cleaned_data["mobile"], client_address(request), _known_name(request)
        )
    except LimitReached as reached:
        form.add_error(None, _too_often(reached))
        return come_back(_page(request, "servicedesk/new_number.html", form, status=429), reached)
    except NotHere:
        form.add_error(None, NOT_HERE)
        return _page(request, "servicedesk/new_number.html", form)
    request.session[PENDING] = change.pk
    return redirect("desk:new-number-codes")


def _known_name(request):
    return KnownBrowser.of(request).name_for(CITIZEN, request.user.mobile)


def _too_often(reached):
    if reached.name == "change-number-by-citizen":
        wait = {"wait": waiting_time(reached.retry_after)}
        return _("You have begun several changes in a short time. You can begin another one in %(wait)s.") % wait
    return too_soon(reached)


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_only
def codes(request):
    """Takes the two codes. One that was right stays so, however often the other is mistyped."""
    change = NumberChange.open_for(request.user, request.session.get(PENDING))
    if change is None:
        messages.info(request, BEGIN_AGAIN)
        return redirect("desk:new-number")
    devices = {"old_code": change.old, "new_code": change.new}
    form = TwoCodesForm(request.POST or None, proven={name for name, device in devices.items() if device.spent_at})
    if request.method != "POST" or not form.is_valid():
        return _codes_page(request, form, change)
    for name, typed in list(form.cleaned_data.items()):
        outcome = devices[name].check_code(typed)
        if outcome == Outcome.RIGHT:
            del form.fields[name]
        else:
            form.add_error(name, ANSWERS[outcome])
    return _codes_page(request, form, change) if form.errors else _finish(request, change)


def _finish(request, change):
    try:
        change.finish(but_session=request.session.get(LISTED))
    except NumberTaken:
        del request.session[PENDING]
        messages.warning(request, TAKEN)
        return redirect("desk:account")
    except NotProven:
        messages.info(request, BEGIN_AGAIN)
        return redirect("desk:new-number")
    del request.session[PENDING]
    request.session.cycle_key()
    messages.success(request, DONE)
    response = redirect("desk:account")
    KnownBrowser.of(request).having_met(CITIZEN, change.new.mobile, instead_of=change.old.mobile).write(response)
    return response


def _codes_page(request, form, change):
    context = {
        "old_display": persian.mobile_for_people(change.old.mobile),
        "new_display": persian.mobile_for_people(change.new.mobile),
        "form": form,
    }
    return _page(request, "servicedesk/new_number_codes.html", form, context=context)


def _page(request, template, form, status=None, context=None):
    status = status or (422 if form.errors else 200)
    return render(request, template, context or {"form": form}, status=status)
