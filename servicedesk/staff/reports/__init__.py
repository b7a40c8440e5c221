"""/admin/desk/reports/: how many letters came and were answered, and how long it took."""
