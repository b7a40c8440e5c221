"""What editors build pages from: one family of blocks a module, each with its template in templates/home/blocks/."""

from functools import wraps

from django.utils.translation import gettext_lazy as _
from wagtail.images.blocks import ImageBlock, ImageBlockComparison


def _with_label(init):
    """Wagtail's block for a picture calls the picture itself «Image», in every language."""

    @wraps(init)
    def labelled(self, *args, **kwargs):
        init(self, *args, **kwargs)
        self.child_blocks["image"].label = _("Picture")

    return labelled


# Here, since blocks are made while the modules of this package are read.
if not hasattr(ImageBlock.__init__, "__wrapped__"):
    ImageBlock.__init__ = _with_label(ImageBlock.__init__)


def _without_a_picture(htmlvalue):
    """Wagtail ends with an error 500 where versions are compared of which one has a step without its picture."""

    @wraps(htmlvalue)
    def written(self, val):
        return "" if val is None else htmlvalue(self, val)

    return written


if not hasattr(ImageBlockComparison.htmlvalue, "__wrapped__"):
    ImageBlockComparison.htmlvalue = _without_a_picture(ImageBlockComparison.htmlvalue)
