"""Signing in: mobile number and security code, then the code of the SMS. Signing out."""

from django.contrib import messages
from django.contrib.auth import login, logout
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from servicedesk import persian, proof_of_work, security_code
from servicedesk.client_address import client_address
from servicedesk.known_browser import CITIZEN, KnownBrowser
from servicedesk.middleware import list_session
from servicedesk.models import LimitReached, SmsDevice, User
from servicedesk.models.limit import UNCOUNTED
from servicedesk.models.sms_budget import NAME as BUDGET
from servicedesk.models.sms_device import Outcome, SignInOver
from servicedesk.sign_in_forms import CodeForm, SignInForm
from servicedesk.views.access import personal, way_back
from servicedesk.views.security_codes import addresses, come_back, fresh_key, too_many
from servicedesk.waiting import waiting_time

BACKEND = "servicedesk.backends.CitizenBackend"
# In the session of the browser that asked: {"device": id of the SmsDevice, "next": where to go afterwards,
# "share": what divides the limits of this sign-in}.
PENDING = "sign_in"
LIMITS_OF_NUMBER = (
    "send-code-to-number",
    "send-code-known-browser",
    "send-code-known-browsers-of-number",
    "ask-for-code-known-browser",
    "ask-for-code-known-browsers-of-number",
    "send-code-to-owner",
)
# Who solved neither the picture nor the puzzle has a third of every limit.
SHARE_WITHOUT_PROOF = 3

ANSWERS = {
    Outcome.WRONG: gettext_lazy("This code is not right. Look at the SMS once more and type its six digits."),
    Outcome.EXPIRED: gettext_lazy("This code is no longer good. Press “Send again” and type the new code."),
    Outcome.EXHAUSTED: gettext_lazy(
        "None of the five tries was right, so this sign-in is closed for safety. Press “Send again” to begin anew."
    ),
}
CLOSED = gettext_lazy("This account is closed. If you think that this is a mistake, please call the organisation.")
BEGIN_ANEW = gettext_lazy("Type the digits of the picture once more; then we send you a new code.")
NEW_CODE = gettext_lazy("A new code is on its way to you. An earlier one stays good until its time is over.")


def _is_citizen(request):
    return request.user.is_authenticated and request.user.is_citizen


@require_http_methods(["GET", "HEAD", "POST"])
@personal
def sign_in(request):
    """Step one. Known and unknown numbers are treated alike: nobody looks whether there is an account."""
    if _is_citizen(request):
        return redirect(way_back(request, request.GET.get("next", "")) or "desk:home")
    try:
        if request.method == "POST":
            return _ask_for_code(request)
        if "again" in request.GET:
            messages.info(request, BEGIN_ANEW)
        device = _pending_device(request)
        initial = {
            "mobile": persian.mobile_for_people(device.mobile) if device else "",
            "next": way_back(request, request.GET.get("next", "")),
        }
        return _sign_in_page(request, SignInForm(initial=initial))
    except LimitReached as reached:
        return too_many(request, reached)


def _ask_for_code(request):
    """One POST of step one: an SMS is owed and the code page follows, or the form again."""
    second_way = request.POST.get("way") == "altcha"
    form = SignInForm(request.POST, picture_asked=not second_way)
    if not form.is_valid():
        return _sign_in_page(request, form, status=422)
    if second_way:
        share = 1 if proof_of_work.spend(request.POST.get("altcha", "")) else SHARE_WITHOUT_PROOF
    elif security_code.spend(form.cleaned_data["security_code_key"], form.cleaned_data["security_code"]):
        share = 1
    else:
        form.refuse_security_code()
        return _sign_in_page(request, form, status=422)
    mobile = form.cleaned_data["mobile"]
    try:
        known = KnownBrowser.of(request).name_for(CITIZEN, mobile)
        device = SmsDevice.begin(mobile, client_address(request), share, known)
    except LimitReached as reached:
        form.add_error(None, too_soon(reached))
        return come_back(_sign_in_page(request, form, status=429), reached)
    request.session[PENDING] = {
        "device": device.pk,
        "next": way_back(request, form.cleaned_data["next"]),
        "share": share,
    }
    # Whoever knew the session's old name, perhaps by having planted it, is not part of this sign-in.
    request.session.cycle_key()
    return redirect("desk:sign-in-code")


def too_soon(reached):
    """Why no code goes out now, and when the next one may."""
    wait = {"wait": waiting_time(reached.retry_after)}
    if reached.name in LIMITS_OF_NUMBER:
        return _("A code was sent to this number not long ago. You can ask for another one in %(wait)s.") % wait
    if reached.name in (BUDGET, UNCOUNTED):
        return (
            _("We cannot send any codes just now: very many are being asked for. Please try again in %(wait)s.") % wait
        )
    return _("Very many codes were asked for from your network. Please try again in %(wait)s.") % wait


def _sign_in_page(request, form, status=200):
    """The form with its picture: the same one while it is good, so that what was typed need not be typed again."""
    key = form.data.get("security_code_key", "")
    if security_code.digits_of(key) is None:
        key = fresh_key(request)
    form.show_picture(key)
    wanted = way_back(request, form["next"].value() or "")
    context = {"form": form, **addresses(key, wanted)}
    return render(request, "servicedesk/sign_in.html", context, status=status)


def _pending_device(request):
    """The open sign-in of this browser session, or None."""
    pending = request.session.get(PENDING)
    return SmsDevice.still_open(pending["device"]) if pending else None


@require_http_methods(["GET", "HEAD", "POST"])
@personal
def code(request):
    """Step two. A wrong guess writes nothing into the session: guesses in parallel must not undo each other."""
    if _is_citizen(request):
        return redirect("desk:home")
    device = _pending_device(request)
    if device is None:
        return _begin_anew()
    if request.method != "POST":
        return _begin_anew() if device.is_exhausted() else _code_page(request, device, CodeForm())
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _code_page(request, device, form, status=422)
    outcome = device.check_code(form.cleaned_data["code"])
    if outcome == Outcome.RIGHT:
        return _let_in(request, device, form)
    # Without guesses there is no box for the code any more that the words could stand beside.
    form.add_error(None if outcome == Outcome.EXHAUSTED else "code", ANSWERS[outcome])
    return _code_page(request, device, form, status=422)


def _let_in(request, device, form):
    if not device.user.is_active:
        form.add_error(None, CLOSED)
        return _code_page(request, device, form, status=403)
    wanted = request.session.pop(PENDING)["next"]
    with transaction.atomic():
        # A change of number ends the account's sessions under this lock: either this one is among them, or the change
        # came first and the number is no longer the account's.
        if User.citizens.select_for_update().filter(pk=device.user.pk, mobile=device.mobile).first() is None:
            return _begin_anew()
        # Gives the session a new name; a session of somebody else, such as staff, is emptied first.
        login(request, device.user, backend=BACKEND)
        list_session(request)
    response = redirect(wanted or "desk:home")
    KnownBrowser.of(request).having_met(CITIZEN, device.mobile).write(response)
    return response


def _code_page(request, device, form, status=200):
    expires_in, resend_in = device.seconds_left()
    context = {
        "form": form,
        "is_exhausted": device.is_exhausted(),
        "mobile_display": persian.mobile_for_people(device.mobile),
        "from_reserve": device.from_reserve,
        "expires_in": expires_in,
        "resend_in": resend_in,
    }
    return render(request, "servicedesk/sign_in_code.html", context, status=status)


def _begin_anew():
    """Back to step one, which says why; whoever is signed in already (a double tap) goes on from there."""
    return redirect(reverse("desk:sign-in") + "?again=1")


@require_POST
@personal
def resend(request):
    """One more code for the open sign-in; the earlier ones live out their time."""
    device = _pending_device(request)
    if device is None:
        return _begin_anew()
    try:
        known = KnownBrowser.of(request).name_for(CITIZEN, device.mobile)
        share = request.session[PENDING].get("share", SHARE_WITHOUT_PROOF)
        device.send_another(client_address(request), share, known)
    except SignInOver:
        return _begin_anew()
    except LimitReached as reached:
        messages.warning(request, too_soon(reached))
        return come_back(_code_page(request, device, CodeForm(), status=429), reached)
    messages.success(request, NEW_CODE)
    return redirect("desk:sign-in-code")


@require_http_methods(["GET", "HEAD", "POST"])
@personal
def sign_out(request):
    """POST ends the session; the page afterwards says so. A link alone signs nobody out."""
    if request.method == "POST":
        logout(request)
        return redirect("desk:sign-out")
    if request.user.is_authenticated:
        return redirect("desk:home")
    return render(request, "servicedesk/signed_out.html")
