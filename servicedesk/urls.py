"""The desk's addresses, grouped by noun. Operators' scripts rely on them."""

from django.urls import path

from servicedesk.views import files, home, letters, new_letter, sign_in, tracking

app_name = "desk"

urlpatterns = [
    path("", home.home, name="home"),
    # Signing in
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-in/code/", sign_in.code, name="sign-in-code"),
    path("sign-in/resend/", sign_in.resend, name="sign-in-resend"),
    path("sign-in/fresh/", sign_in.fresh, name="sign-in-fresh"),
    path("sign-in/picture/<str:key>/", sign_in.picture, name="sign-in-picture"),
    path("sign-in/sound/<str:key>/", sign_in.sound, name="sign-in-sound"),
    path("sign-in/challenge/", sign_in.challenge, name="sign-in-challenge"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    # Letters
    path("letters/", letters.letters, name="letters"),
    path("letters/new/", new_letter.new, name="letter-new"),
    path("letters/<str:reference>/", letters.letter, name="letter"),
    path("letters/<str:reference>/receipt/", letters.receipt, name="receipt"),
    path("letters/<str:reference>/files/<uuid:file_id>/", letters.letter_file, name="letter-file"),
    path("files/<str:token>/", files.file, name="file"),
    # Tracking
    path("track/", tracking.track, name="track"),
    path("track/own/", home.track_own, name="track-own"),
]
