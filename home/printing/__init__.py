"""The guide on paper: a tagged PDF, printed in a bounded child process and kept in the store until it would differ."""
