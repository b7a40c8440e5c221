"""Doing one thing with many letters of the inbox."""
