"""The forms of sources, one for each kind: settings and mappings as fields, and back.

What has no field of its own stands as JSON under the rest, so that nothing of a source is lost by opening its page.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handfast_server.intake.models import EventRule, Source, SourceKind
from handfast_server.pages.admin.filled import Lines, Pairs


class Rest(forms.CharField):
    """Settings without a field of their own, as JSON."""

    def __init__(self) -> None:
        """An area that is optional."""
        told = gettext_lazy("As in the guide on letting leads in; leave it empty if in doubt.")
        area = forms.Textarea(attrs={"rows": 3, "class": "mono", "spellcheck": "false"})
        super().__init__(label=gettext_lazy("Further settings, as JSON"), required=False, widget=area, help_text=told)

    def clean(self, value: Any) -> dict[str, Any]:
        """An object. Raises forms.ValidationError."""
        text = str(super().clean(value) or "").strip()
        try:
            found = json.loads(text or "{}")
        except (ValueError, RecursionError) as broken:
            raise forms.ValidationError(_("This is not JSON: %(why)s.") % {"why": str(broken)[:100]}) from broken
        if not isinstance(found, dict):
            raise forms.ValidationError(_("This is an object: names and values between braces."))
        return found


class SourceForm(forms.Form):
    """What every source has. ``own``: the settings that have fields."""

    own: ClassVar[tuple[str, ...]] = ("per_minute",)

    name = forms.SlugField(
        label=gettext_lazy("Name"),
        max_length=60,
        help_text=gettext_lazy("Letters, digits and hyphens. It stands in the address and before what comes in."),
    )
    active = forms.BooleanField(label=gettext_lazy("Takes things in"), required=False, initial=True)
    per_minute = forms.IntegerField(
        label=gettext_lazy("At most, per minute and sender"),
        required=False,
        help_text=gettext_lazy("What goes beyond is refused, and can be sent again later. Empty: the default."),
    )
    settings = Rest()

    field_order: Iterable[str] | None = ("name", "active")

    @classmethod
    def of(cls, source: Source) -> dict[str, Any]:
        """What the form shows of a source."""
        rest = {name: value for name, value in source.settings.items() if name not in cls.own}
        shown = {name: source.settings.get(name, "") for name in cls.own}
        text = json.dumps(rest, indent=2, ensure_ascii=False) if rest else ""
        told = {"name": source.name, "active": source.active, "origins": source.origins, "settings": text}
        return {**shown, **told, **cls.mapped(source)}

    @classmethod
    def mapped(cls, source: Source) -> dict[str, Any]:
        """What the form shows of its mapping."""
        raise NotImplementedError

    def mapping(self) -> dict[str, Any]:
        """The mapping that was typed."""
        raise NotImplementedError

    def told(self) -> dict[str, Any]:
        """What the interface is told, but for the kind."""
        data = self.cleaned_data
        own = {name: data[name] for name in self.own if data.get(name) not in (None, "")}
        return {
            "active": data["active"],
            "origins": data.get("origins", []),
            "settings": {**data["settings"], **own},
            "mapping": self.mapping(),
            "events": data.get("events", []),
            "secret": data.get("secret", ""),
        }


def origins() -> Lines:
    """Sites that may post."""
    return Lines(
        label=gettext_lazy("Sites whose pages may post here"),
        required=False,
        help_text=gettext_lazy("One in each line, as https://www.company.example; * lets every site in."),
    )


class Events(Lines):
    """What events are called in the contract: ``Event = kind; name = path`` in each line."""

    def prepare_value(self, value: Any) -> Any:
        """As it stands in the area."""
        if not isinstance(value, list):
            return value
        return "\n".join(
            "; ".join([f"{each['event']} = {each['kind']}", *(f"{a} = {b}" for a, b in each["properties"].items())])
            for each in value
        )

    def clean(self, value: Any) -> list[dict[str, Any]]:
        """One for each line. Raises forms.ValidationError, with the line that is none."""
        found = []
        for line in super().clean(value):
            pairs = [tuple(part.strip() for part in each.rpartition("=")) for each in line.split(";") if each.strip()]
            if not pairs or not all(name and equals and said for name, equals, said in pairs):
                raise forms.ValidationError(_("“%(line)s” is no pair: write name = value.") % {"line": line[:80]})
            (event, _equals, kind), *rest = pairs
            found.append({"event": event, "kind": kind, "properties": {name: said for name, _e, said in rest}})
        return found


class Tracking(SourceForm):
    """As Segment's libraries speak."""

    origins = origins()
    traits = Pairs(
        label=gettext_lazy("Traits of people"),
        required=False,
        help_text=gettext_lazy("trait = attribute of the contract, one in each line; the usual ones are known."),
    )
    events = Events(
        label=gettext_lazy("Events"),
        required=False,
        rows=5,
        help_text=gettext_lazy(
            "Event = kind of the contract, one in each line; its properties after semicolons: "
            "Demo Requested = demo_requested; plan = properties.plan"
        ),
    )

    field_order = ("name", "active", "origins", "events", "traits", "per_minute", "settings")

    @classmethod
    def mapped(cls, source: Source) -> dict[str, Any]:
        """Traits and events."""
        rules = EventRule.objects.filter(source=source).order_by("event").values("event", "kind", "properties")
        return {"traits": source.mapping.get("traits", {}), "events": list(rules)}

    def mapping(self) -> dict[str, Any]:
        """Of traits."""
        return {"traits": self.cleaned_data["traits"]} if self.cleaned_data["traits"] else {}


class WebForm(SourceForm):
    """A form on a web site, or the hosted one."""

    own = ("per_minute", "title", "thanks")

    title = forms.CharField(label=gettext_lazy("Title of the hosted page"), required=False, max_length=200)
    thanks = forms.CharField(
        label=gettext_lazy("Where senders go afterwards"),
        required=False,
        max_length=1_000,
        help_text=gettext_lazy("The whole address of a page; else they are thanked here."),
    )
    origins = origins()
    fields_ = Pairs(
        label=gettext_lazy("Fields"),
        required=False,
        help_text=gettext_lazy("field = attribute of the contract, one in each line; fields of equal names are known."),
    )

    field_order = ("name", "active", "title", "thanks", "origins", "fields_", "per_minute", "settings")

    @classmethod
    def mapped(cls, source: Source) -> dict[str, Any]:
        """Fields."""
        return {"fields_": source.mapping.get("fields", {})}

    def mapping(self) -> dict[str, Any]:
        """Of fields."""
        return {"fields": self.cleaned_data["fields_"]} if self.cleaned_data["fields_"] else {}


def path(label: Any, help_text: Any = "") -> forms.CharField:
    """A path into what another system posts."""
    return forms.CharField(label=label, required=False, max_length=100, help_text=help_text)


class Webhook(SourceForm):
    """Whatever another system posts, read by paths."""

    secret = forms.CharField(
        label=gettext_lazy("Secret that it signs with"),
        required=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Empty: the one there is stays; a new source gets one, which is shown once."),
    )
    items = path(gettext_lazy("Where its items are"), gettext_lazy("A path such as events; empty: the whole is one."))
    key = path(gettext_lazy("Key of an item"), gettext_lazy("So that what is sent twice is one."))
    happened_at = path(gettext_lazy("When it happened"))
    email = path(gettext_lazy("E-mail address"))
    user_id = path(gettext_lazy("Id of the user"))
    anonymous_id = path(gettext_lazy("Anonymous id"))
    ids = Pairs(
        label=gettext_lazy("Ids in other systems"), required=False, help_text=gettext_lazy("system = path, as crm = id")
    )
    attributes = Pairs(
        label=gettext_lazy("Attributes"), required=False, help_text=gettext_lazy("attribute of the contract = path")
    )
    kind = forms.CharField(
        label=gettext_lazy("What it says that they did"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("A kind of activity in the contract; empty: it tells of the person alone."),
    )
    kind_at = path(gettext_lazy("Or where the kind stands"))
    kinds = Pairs(label=gettext_lazy("Kinds"), required=False, help_text=gettext_lazy("their word = kind"))
    properties = Pairs(
        label=gettext_lazy("Properties of the activity"), required=False, help_text=gettext_lazy("property = path")
    )

    paths: ClassVar[tuple[str, ...]] = ("items", "key", "happened_at", "email", "user_id", "anonymous_id")
    field_order = (
        *("name", "active", "secret", *paths, "ids", "attributes"),
        *("kind", "kind_at", "kinds", "properties", "per_minute", "settings"),
    )

    @classmethod
    def mapped(cls, source: Source) -> dict[str, Any]:
        """Paths, tables and the activity."""
        mapping: Mapping[str, Any] = source.mapping
        return {**mapping, **mapping.get("activity", {})}

    def mapping(self) -> dict[str, Any]:
        """What was typed of it."""
        data = self.cleaned_data
        found = {name: data[name] for name in (*self.paths, "ids", "attributes") if data[name]}
        did = {name: data[name] for name in ("kind", "kind_at", "kinds", "properties") if data[name]}
        return {**found, "activity": did} if did else found


FORMS: Mapping[SourceKind, type[SourceForm]] = {
    SourceKind.TRACKING: Tracking,
    SourceKind.FORM: WebForm,
    SourceKind.WEBHOOK: Webhook,
}
