"""docs/operations/settings.md: every setting, with what it is when nobody sets it."""

from __future__ import annotations

from handfast_server.config import SAYS, read

_HEAD = """# Settings

The environment holds all settings. Each can stand in a file instead: `HANDFAST_SECRET_KEY_FILE` names the file that
holds `HANDFAST_SECRET_KEY`; setting both is refused. A setting that cannot be is refused with a sentence when a command
of the service starts, and `handfast doctor` names those that are misspelt. This page is written from the table in
`handfast_server.config`.

| setting | when not set | what it is |
|---|---|---|
"""


def page() -> str:
    """The page."""
    usual: dict[str, str] = {}
    read({}, asked=usual)
    rows = (f"| `{name}` | {f'`{usual[name]}`' if usual[name] else 'empty'} | {says} |" for name, says in SAYS.items())
    return _HEAD + "\n".join(rows) + "\n"
