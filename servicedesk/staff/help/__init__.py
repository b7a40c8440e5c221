"""The editor's and the clerk's help inside the admin: one short page a question, linked to the screens."""
