"""Placeholder while the sign-in is written."""


def sign_in(request): ...


code = resend = fresh = picture = sound = challenge = sign_out = sign_in
