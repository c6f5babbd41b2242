"""A message for people, before it is a mail or a chat: the same parts as a card of the inbox."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from handfast_server.delivery.digest import Group


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press; what changes anything leads to a page that asks first."""

    label: str
    address: str
    primary: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A message for people: mail, chat and page say the same."""

    title: str
    lines: tuple[str, ...] = ()
    badges: tuple[str, ...] = ()
    quote: str = ""
    reasons: tuple[tuple[str, str], ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    items: tuple[Group, ...] = ()
    buttons: tuple[Button, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether something can be decided from it."""
        return any(button.primary and "/decide/" in button.address for button in self.buttons)

    @property
    def preview(self) -> str:
        """What a mail program shows beside the title."""
        first = [f"{label}: {value}" for label, value in self.rows[:1]]
        groups = [f"{group.title}: {group.size}" for group in self.items]
        return " · ".join([*self.lines[:1], *first, *groups])

    def plain(self) -> str:
        """For chats: parts with a line between them."""
        groups = [_plain_group(group) for group in self.items]
        buttons = [f"{button.label}: {button.address}" for button in self.buttons]
        parts = [
            [*self.lines, " · ".join(self.badges)],
            [self.quote and _("“%s”") % self.quote],
            self.why(),
            *groups,
            buttons,
        ]
        return "\n\n".join("\n".join(filter(None, part)) for part in parts if any(part))

    def why(self) -> list[str]:
        """What scored most, and everything else that is known, a line each."""
        scored = ", ".join(f"{title} +{points}" for title, points in self.reasons)
        why = [f"{_('Why it is here')}: {scored}"] if scored else []
        return [*(f"{label}: {value}" for label, value in self.rows), *why]


def _plain_group(group: Group) -> list[str]:
    more = [_("and %(more)s more") % {"more": group.more}] if group.more else []
    return [f"{group.title} ({group.size})", *(f"- {item.name} · {item.note}" for item in group.items), *more]
