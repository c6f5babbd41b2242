"""The forms of people and tokens: labels and kinds of fields; what is right the interface's shapes say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from handfast_server.access import Scope
from handfast_server.accounts.models import Role
from handfast_server.pages.admin.filled import Lines
from handfast_server.pages.admin.words import scope_words
from handfast_server.pages.words import role_words

_roles_words, _scope_words = lazy(role_words, str), lazy(scope_words, str)

ROLES = [(role.value, _roles_words(role.value)) for role in Role]
SCOPES = [(scope.value, _scope_words(scope)) for scope in Scope]


DAYS = [("30", _("30 days")), ("90", _("90 days")), ("365", _("a year")), ("", _("as long as nobody revokes it"))]


def ticks(label: Any, choices: Sequence[tuple[str, Any]], help_text: Any = "") -> forms.MultipleChoiceField:
    """Any of several."""
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple, help_text=help_text
    )


def rep_field() -> forms.CharField:
    """Which rep somebody is; names of the rosters are offered, and one may be given before it is there."""
    return forms.CharField(
        label=_("Name in the rosters"),
        required=False,
        widget=forms.TextInput(attrs={"list": "reps", "autocomplete": "off"}),
        help_text=_("For reps and managers: without it they see nothing."),
    )


class Invite(forms.Form):
    """Who is asked to join, and as what."""

    email = forms.EmailField(
        label=_("Address"), help_text=_("They sign in by it, and sign by it. It is never changed.")
    )
    name = forms.CharField(label=_("Name"), required=False)
    roles = ticks(_("Roles"), ROLES, _("A person may do whatever one of their roles may."))
    rep = rep_field()


class Person(forms.Form):
    """Somebody who is here."""

    name = forms.CharField(label=_("Name"))
    roles = ticks(_("Roles"), ROLES, _("Without a role they sign in and see nothing."))
    rep = rep_field()
    needs_code = forms.BooleanField(label=_("Sees nothing before a second factor is set up"), required=False)


class Token(forms.Form):
    """What a program may do."""

    name = forms.CharField(
        label=_("What it is for"), help_text=_("It stands in the audit log and beside what it tells.")
    )
    roles = ticks(_("Roles"), ROLES, _("It may do what these roles may, as far as its scopes go."))
    scopes = ticks(_("Scopes"), SCOPES)
    sources = Lines(
        label=_("Speaks for"),
        required=False,
        help_text=_("Names of systems whose words it passes on, one in each line; its own source it has anyway."),
    )
    days = forms.ChoiceField(label=_("Works for"), choices=DAYS, required=False, initial="365")


class Sources(forms.Form):
    """Whose words a token passes on."""

    sources = Lines(
        label=_("Speaks for"), required=False, help_text=_("One in each line; none besides its own if empty.")
    )
