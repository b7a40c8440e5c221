"""What a citizen or clerk sends in: inspected here before anything is stored. See docs/uploads.md."""
