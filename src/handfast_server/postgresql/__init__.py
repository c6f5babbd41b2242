"""PostgreSQL as the service uses it: an engine of Django's ``DATABASES``."""
