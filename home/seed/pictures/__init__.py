"""Pictures of the made-up town, drawn by ``draw.py`` and kept beside it."""
