"""The register of screens that the guide can show; ``camera`` knows the way to each."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Screen:
    """name: what the guide's blocks hold. label: for editors. alt: what the picture shows, for those who cannot see it.
    wide: on a computer's screen instead of a phone's."""

    name: str
    label: str
    alt: str
    wide: bool = False


SCREENS = {
    screen.name: screen
    for screen in (
        Screen(
            "home",
            _("Home page"),
            _("The home page on a phone: the name of the organisation and the button for signing in."),
        ),
        Screen(
            "home-wide",
            _("Home page on a computer"),
            _("The home page on a computer: the name of the organisation, the menu and the button for signing in."),
            wide=True,
        ),
        Screen(
            "sign-in",
            _("Sign-in"),
            _("The sign-in form on a phone: mobile number, security code with its picture, and the button."),
        ),
        Screen("code", _("Confirmation code"), _("The box for the code from the SMS and the button below it.")),
        Screen("desk", _("Desk"), _("The desk after signing in, with its two parts: sending and tracking.")),
        Screen(
            "form",
            _("Letter form"),
            _("The letter form on a phone, filled in: name, subject and receiving unit."),
        ),
        Screen(
            "form-file",
            _("File of the letter"),
            _("The end of the letter form: the file that was chosen, and the button that sends the request."),
        ),
        Screen(
            "form-wide",
            _("Letter form on a computer"),
            _("The letter form on a computer, filled in, with the rules for sending beside it."),
            wide=True,
        ),
        Screen(
            "form-error",
            _("Letter form with an error"),
            _("The letter form with a box on top that says what is missing, and a link to the field."),
        ),
        Screen(
            "receipt",
            _("Receipt"),
            _("The receipt of a letter on a phone, with the tracking code in large digits."),
        ),
        Screen(
            "letters",
            _("List of letters"),
            _("The list of letters: one is in review, in blue; another one is answered, in green."),
        ),
        Screen("answer", _("Answered letter"), _("A letter with its final answer and the steps that it has taken.")),
        Screen("track", _("Tracking without signing in"), _("The form for tracking: tracking code and mobile number.")),
    )
}


def choices():
    return [(screen.name, screen.label) for screen in SCREENS.values()]
