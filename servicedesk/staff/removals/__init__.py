"""Removals of personal data, inside the Wagtail admin: superusers only."""
