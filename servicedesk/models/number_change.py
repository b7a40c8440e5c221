"""A citizen takes his letters along to another mobile number: with a code to the old one and a code to the new one."""

from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.utils import translation

from servicedesk.models.absence import LongAbsence
from servicedesk.models.code_permission import Wish, count_asking, sending
from servicedesk.models.desk_settings import DeskSettings
from servicedesk.models.limit import LimitHit
from servicedesk.models.outbox import OutgoingMessage
from servicedesk.models.sms_device import SIGN_IN_LIFE, SmsDevice
from servicedesk.models.user import User
from servicedesk.models.user_session import UserSession

LIFE = SIGN_IN_LIFE - timedelta(minutes=1)


class NumberTaken(Exception):
    """The new number has an account of its own. Whoever hears this has typed a code that went to that number."""


class NotHere(Exception):
    """Letters of the account are hidden, perhaps an earlier owner's: nobody may take them along."""


class NotProven(Exception):
    """One of the two codes is missing, or their time is over."""


class NumberChange(models.Model):
    """One change, from the first code to the day on which it was done; it stays as a trace, without numbers."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="number_changes")
    # One code went to each number; they are purged after a day.
    old = models.ForeignKey(SmsDevice, null=True, on_delete=models.SET_NULL, related_name="+")
    new = models.ForeignKey(SmsDevice, null=True, on_delete=models.SET_NULL, related_name="+")
    began_at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True)

    def __str__(self):
        return f"NumberChange {self.pk}"

    @classmethod
    def begin(cls, user, mobile, address, browser=""):
        """Owes a code to the citizen's number and one to ``mobile``. Raises LimitReached or NotHere; then nothing
        is kept but the asking."""
        if LongAbsence.hides_any_of(user):
            raise NotHere
        wishes = [Wish(user.mobile, address, browser=browser), Wish(mobile, address)]
        with LimitHit.counted_or_refused():
            LimitHit.take("change-number-by-citizen", user.pk)
        for wish in wishes:
            count_asking(wish)
        with sending():
            old, new = SmsDevice.begin_all(wishes, SmsDevice.Purpose.CHANGE_NUMBER)
            return cls.objects.create(user=user, old=old, new=new)

    @classmethod
    def open_for(cls, user, pk):
        """The change ``pk`` of this person while its codes can be typed, else None."""
        young = cls.objects.filter(began_at__gt=Now() - LIFE, done_at=None, old__isnull=False, new__isnull=False)
        return young.filter(user=user, pk=pk).select_related("old", "new").first()

    def finish(self, but_session=None):
        """Gives the account its new number, ends its other sessions and tells the old number.

        Raises NotProven or NumberTaken; then nothing has changed.
        """
        with transaction.atomic():
            user = User.citizens.select_for_update().get(pk=self.user_id)
            old, new = (SmsDevice.objects.get(pk=pk) for pk in (self.old_id, self.new_id))
            if not (old.spent_at and new.spent_at) or user.mobile != old.mobile:
                raise NotProven
            # Of two accounts that reach for one number, or a first sign-in meanwhile, the second finds it taken.
            User.citizens.lock_number(new.mobile)
            if User.citizens.filter(mobile=new.mobile).exists():
                raise NumberTaken
            User.citizens.filter(pk=user.pk).update(mobile=new.mobile)
            type(self).objects.filter(pk=self.pk).update(done_at=Now())
            OutgoingMessage.objects.filter(letter__citizen=user).send_instead_to(new.mobile)
            UserSession.end_all(user, but=but_session)
            self._tell(old)

    def _tell(self, old):
        with translation.override(old.language):
            text = render_to_string(
                "servicedesk/messages/number-changed.sms.txt",
                {"organisation": DeskSettings.load().short_name, "host": settings.PUBLIC_HOST},
            )
        OutgoingMessage.owe(
            kind=OutgoingMessage.Kind.MESSAGE,
            recipient=old.mobile,
            text=text.strip(),
            language=old.language,
            dedupe_key=f"number-change:{self.pk}",
        )
