"""What comes in from outside: whose it is, whether it was here before, and nothing of it lost."""
