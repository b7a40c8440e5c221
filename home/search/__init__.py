"""The search over pages, sections of the guide, questions, services and news."""
