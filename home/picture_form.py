"""The form of a picture in the admin: it asks what the picture shows, and has its sizes made."""

from django.utils.translation import gettext_lazy as _
from wagtail.images.forms import BaseImageForm

from home import pictures


class PictureForm(BaseImageForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields.get("description")
        if field:
            field.required = True
            field.label = _("What it shows")
            field.help_text = _(
                "In one sentence, for people who cannot see it. Pages that show the picture start with these words."
            )
            field.error_messages["required"] = _("Say in words what the picture shows.")

    def save(self, commit=True):
        image = super().save(commit=commit)
        # After Wagtail has removed what was made of the file before.
        if commit and "file" in self.changed_data:
            pictures.prepare(image)
        return image
