"""Before the service is in charge: shadow mode, what it found beside what really happened, and the cut-over."""
