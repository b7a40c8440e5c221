"""The citizen's desk, one resource a file. A view finds, asks, calls, redirects."""
