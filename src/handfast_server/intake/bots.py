"""What is no human: the rules of ``bots.yaml``, read once."""

from __future__ import annotations

import re
from importlib import resources
from typing import Any, NamedTuple

import yaml

from handfast.instant import SECOND, Instant, Span


class Rate(NamedTuple):
    """More than ``most`` within ``within`` is no human's."""

    most: int
    within: Span


class Rules(NamedTuple):
    """Everything by which a bot is told. ``agents`` finds a word of one in a user agent."""

    prefetched: frozenset[str]
    prefetch: Span
    rates: tuple[Rate, ...]
    never: frozenset[str]
    agents: re.Pattern[str]

    @property
    def longest(self) -> Span:
        """How far back a rate looks."""
        return max((rate.within for rate in self.rates), default=0)

    def is_bot(self, kind: str, at: Instant, *, agent: str = "", sent_at: Instant | None = None) -> bool:
        """Whether one activity is a bot's: by its user agent, or because it came seconds after the mail was sent."""
        if agent and self.agents.search(agent):
            return True
        return sent_at is not None and kind in self.prefetched and 0 <= at - sent_at < self.prefetch


def read(text: str) -> Rules:
    """The rules of a file."""
    raw: dict[str, Any] = yaml.safe_load(text)
    return Rules(
        prefetched=frozenset(raw["prefetch"]["kinds"]),
        prefetch=raw["prefetch"]["seconds"] * SECOND,
        rates=tuple(Rate(each["most"], each["seconds"] * SECOND) for each in raw["rates"]),
        never=frozenset(raw["never"]),
        agents=re.compile("|".join(re.escape(word) for word in raw["agents"]), re.IGNORECASE),
    )


RULES = read(resources.files("handfast_server.intake").joinpath("bots.yaml").read_text(encoding="utf-8"))
