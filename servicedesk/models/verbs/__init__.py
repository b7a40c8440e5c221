"""The verbs of a letter, by what they are about. Each is one transaction and leaves one event."""
