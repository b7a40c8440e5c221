"""The trace of a second factor that a superuser took away, so that its owner can enrol again."""

from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from servicedesk.models.user import User
from servicedesk.models.user_session import UserSession


class SecondFactorReset(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="second_factor_resets")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=300)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-at"]

    def __str__(self):
        return f"SecondFactorReset {self.pk}"

    @classmethod
    def reset(cls, *, user, by, reason):
        """Removes a staff member's authenticator and recovery codes, and leaves a trace of it.

        All sessions end: whoever has the lost telephone may sit in one, and would enrol an app of his own there.
        """
        with transaction.atomic():
            # Whoever is just enrolling one waits here, or we for him: then his goes too.
            User.objects.select_for_update().get(pk=user.pk)
            TOTPDevice.objects.filter(user=user).delete()
            StaticDevice.objects.filter(user=user).delete()
            UserSession.end_all(user)
            return cls.objects.create(user=user, by=by, reason=reason)
