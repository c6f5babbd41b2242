"""Commands that start and operate the service."""
