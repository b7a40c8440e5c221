"""The staff's half of the desk, inside the Wagtail admin: inbox, letters and their verbs, units, second factor.

Letters are no snippet and no viewset: Wagtail's own views do not guard single records. These are plain views
whose only door to letters is ``Letter.objects.visible_to(request.user)``.
"""
