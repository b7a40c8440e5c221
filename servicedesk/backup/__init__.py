"""One archive for the database and the files together: making it, checking it, and bringing it back."""
