"""History from files, on pages: given, looked at, corrected, taken in."""
