"""What somebody typed into a form, as the interface takes it: its shapes say what is right, for both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from pydantic import BaseModel, ValidationError

from handfast_server.pages.admin.words import refused_words
from handfast_server.refused import Refused

Shape = TypeVar("Shape", bound=BaseModel)


class Lines(forms.CharField):
    """Several values, one in each line."""

    def __init__(self, **told: Any) -> None:
        """An area for text."""
        super().__init__(widget=forms.Textarea(attrs={"rows": told.pop("rows", 3)}), **told)

    def prepare_value(self, value: Any) -> Any:
        """As it stands in the area."""
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        """The lines that say something."""
        return [each.strip() for each in str(super().clean(value) or "").splitlines() if each.strip()]


class Pairs(Lines):
    """A name and what it is, ``name = value``, in each line."""

    def prepare_value(self, value: Any) -> Any:
        """As it stands in the area."""
        return "\n".join(f"{name} = {each}" for name, each in value.items()) if isinstance(value, dict) else value

    def clean(self, value: Any) -> dict[str, str]:
        """The pairs. Raises forms.ValidationError, with the line that is none."""
        found: dict[str, str] = {}
        for each in super().clean(value):
            name, equals, said = (part.strip() for part in each.rpartition("="))
            if not (name and equals and said):
                raise forms.ValidationError(_("“%(line)s” is no pair: write name = value.") % {"line": each[:80]})
            found[name] = said
        return found


def filled(form: forms.Form, shape: type[Shape], **more: Any) -> Shape | None:
    """What was typed; None when something of it is wrong, which stands at its field then."""
    if not form.is_valid():
        return None
    given = {name: value for name, value in form.cleaned_data.items() if name in shape.model_fields}
    try:
        return shape.model_validate({**given, **more})
    except ValidationError as wrong:
        for each in wrong.errors():
            _at(form, ".".join(map(str, each["loc"])), sentence(each))
    return None


def refused_at(form: forms.Form, refused: Refused) -> None:
    """Why it cannot be done, at the field it is about."""
    _at(form, refused.path, refused_words(refused))


def _at(form: forms.Form, path: str, says: str) -> None:
    names = (path.rpartition(".")[2], path.partition(".")[0])
    form.add_error(next((name for name in names if name in form.fields), None), says)


def sentence(error: Mapping[str, Any]) -> str:
    """What is wrong with a value, for who typed it."""
    kind, about = str(error["type"]), error.get("ctx", {})
    if kind in _SAYS:
        return _(_SAYS[kind]) % {"most": about.get("max_length") or about.get("le"), "least": about.get("ge", 1)}
    if kind == "value_error":
        return _("The service itself speaks under this name; choose another.")
    return str(error["msg"])


_SAYS = {
    "missing": gettext_noop("Fill this in."),
    "string_too_short": gettext_noop("Fill this in."),
    "too_short": gettext_noop("Choose at least one."),
    "string_too_long": gettext_noop("This has at most %(most)s letters."),
    "too_long": gettext_noop("These are at most %(most)s."),
    "string_pattern_mismatch": gettext_noop("This is not written as it has to be, or holds a letter it may not."),
    "int_parsing": gettext_noop("This is a whole number."),
    "int_type": gettext_noop("This is a whole number."),
    "greater_than_equal": gettext_noop("This is a number from %(least)s."),
    "less_than_equal": gettext_noop("This is a number up to %(most)s."),
    "enum": gettext_noop("Choose one of those that are there."),
}
