"""Documents on paper: a tagged PDF, printed in a bounded child process from what came with it."""
