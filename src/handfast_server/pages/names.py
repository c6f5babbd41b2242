"""Names of reps and pools in addresses: whatever another system calls them, slashes and line breaks included."""

from __future__ import annotations

from django.urls.converters import StringConverter


class Name(StringConverter):
    """At least one letter of any kind; more particular addresses are listed first."""

    regex = r"(?s:.+)"
