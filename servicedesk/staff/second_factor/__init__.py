"""The staff's second factor: an authenticator app (TOTP) and ten recovery codes, by django-otp."""
