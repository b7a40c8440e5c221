"""Short texts with an English counterpart in a field of their own, where a translated page would be too much."""

from django.utils.translation import get_language

ENGLISH, PERSIAN = "en", "fa"


class Bilingual:
    """For models with pairs of fields: ``name`` in Persian and ``name_en``, which may be left empty."""

    def in_language(self, name):
        """The text of the field ``name`` in the language in use; the Persian one where there is no other."""
        return self.words(name)[0]

    def words(self, name):
        """(text, the code of its language where that is not the one in use, else ""), so that a page can say which of
        its parts are in another language."""
        if get_language() != ENGLISH:
            return getattr(self, name), ""
        english = getattr(self, f"{name}_en")
        return (english, "") if english else (getattr(self, name), PERSIAN)
