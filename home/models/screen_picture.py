"""Which picture stands for a screen of the system, in each language.

The guide's blocks name the screen, not the picture. So a fresh picture changes no page: no revision, no new date.
"""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.images import get_image_model_string

from home.figures.screens import SCREENS


class ScreenPicture(models.Model):
    screen = models.CharField(_("screen"), max_length=40)
    language = models.CharField(_("language"), max_length=10)
    image = models.OneToOneField(get_image_model_string(), on_delete=models.CASCADE, related_name="+")
    taken_at = models.DateTimeField(_("taken at"), default=timezone.now)

    class Meta:
        verbose_name = _("picture of a screen")
        verbose_name_plural = _("pictures of screens")
        constraints = [models.UniqueConstraint(fields=["screen", "language"], name="one_picture_of_a_screen")]

    def __str__(self):
        return f"{self.screen} ({self.language})"

    @classmethod
    def of(cls, language):
        """{name of the screen: its image}, with the sizes that pages show already at hand."""
        rows = cls.objects.filter(language=language).select_related("image").prefetch_related("image__renditions")
        pictures = {}
        for row in rows:
            if row.screen in SCREENS:
                row.image.is_wide = SCREENS[row.screen].wide
                pictures[row.screen] = row.image
        return pictures
