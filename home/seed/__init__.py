"""What a local run starts with: a made-up municipality in our own words. No town, person or number here is real.

Each step looks first and leaves alone what people have changed; `manage.py seed` calls them in order.
"""
