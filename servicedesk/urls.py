"""The desk's addresses, grouped by noun. Operators' scripts rely on them."""

from django.urls import path

from servicedesk.views import (
    account,
    completing,
    drafts,
    files,
    home,
    letters,
    new_file,
    new_letter,
    new_number,
    older_letters,
    own_data,
    security_codes,
    sign_in,
    tracking,
    withdrawing,
)

app_name = "desk"

urlpatterns = [
    path("", home.home, name="home"),
    # Signing in
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-in/code/", sign_in.code, name="sign-in-code"),
    path("sign-in/resend/", sign_in.resend, name="sign-in-resend"),
    path("sign-in/fresh/", security_codes.fresh, name="sign-in-fresh"),
    path("sign-in/picture/<str:key>/", security_codes.picture, name="sign-in-picture"),
    path("sign-in/sound/<str:key>/", security_codes.sound, name="sign-in-sound"),
    path("sign-in/challenge/", security_codes.challenge, name="sign-in-challenge"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    # One's account
    path("account/", account.account, name="account"),
    path("account/sessions/", account.sessions, name="sessions"),
    path("account/number/", new_number.begin, name="new-number"),
    path("account/number/codes/", new_number.codes, name="new-number-codes"),
    path("account/older-letters/", older_letters.older_letters, name="older-letters"),
    # Letters
    path("letters/", letters.letters, name="letters"),
    path("letters/new/", new_letter.new, name="letter-new"),
    path("letters/<str:reference>/", letters.letter, name="letter"),
    path("letters/<str:reference>/receipt/", letters.receipt, name="receipt"),
    path("letters/<str:reference>/file/", new_file.new_file, name="letter-new-file"),
    path("letters/<str:reference>/reply/", completing.complete, name="letter-complete"),
    path("letters/<str:reference>/withdraw/", withdrawing.withdraw, name="letter-withdraw"),
    path("letters/<str:reference>/files/<uuid:file_id>/", letters.letter_file, name="letter-file"),
    # Letters that are not sent yet
    path("drafts/<uuid:form_key>/", drafts.draft, name="draft"),
    path("drafts/<uuid:form_key>/check/", drafts.check, name="draft-check"),
    path("drafts/<uuid:form_key>/remove/", drafts.remove, name="draft-remove"),
    path("drafts/<uuid:form_key>/<int:number>/", drafts.step, name="draft-step"),
    path("files/<str:token>/", files.file, name="file"),
    # One's own data
    path("my-data/", own_data.my_data, name="my-data"),
    path("my-removal/", own_data.my_removal, name="my-removal"),
    path("my-removal/take-back/", own_data.take_removal_back, name="take-removal-back"),
    # Tracking
    path("track/", tracking.track, name="track"),
    path("track/own/", home.track_own, name="track-own"),
]
