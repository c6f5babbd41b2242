"""Misuse and refusal as typed exceptions. Mistakes in a person's data are values instead: see ``problem``.

HandfastError
├─ TextRefused          a text has problems; ``problems`` holds all of them, each with its place
│  ├─ ContractRefused   a contract
│  ├─ FactsRefused      a file of facts
│  ├─ RatesRefused      a file of exchange rates
│  └─ SpendRefused      a file of what was spent
├─ SealBroken           sealed bytes are not those that were signed
├─ SignatureRefused     a signature or an amendment does not follow the rules
├─ OutsideCalendar      an instant lies outside the compiled span of a calendar
├─ NeverOpens           a calendar has no working time where some was asked for
├─ ScoreForgotten       a kept score state is asked about an instant it no longer remembers
├─ ExportRefused        an export holds nothing that can be audited
└─ PlanRefused          a contract does not say enough for a plan; ``lacking`` names what is missing
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from handfast.problem import Problem


class HandfastError(Exception):
    """Anything Handfast refuses; ``code`` is stable, the message is for people, ``exit_code`` for shells."""

    code: ClassVar[str] = "refused"
    exit_code: ClassVar[int] = 1


class TextRefused(HandfastError):
    """A text was refused; ``problems`` holds all that is wrong with it, each with its place."""

    exit_code = 3

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep every problem; the message shows them a line each."""
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


class ContractRefused(TextRefused):
    """A contract text was refused."""

    code = "contract_refused"


class FactsRefused(TextRefused):
    """A file of facts was refused: nothing of it was used."""

    code = "facts_refused"


class RatesRefused(TextRefused):
    """A file of exchange rates was refused: nothing of it was used."""

    code = "rates_refused"


class SpendRefused(TextRefused):
    """A file of what was spent was refused: nothing of it was used."""

    code = "spend_refused"


class SealBroken(HandfastError):
    """Sealed bytes do not have the digest that was signed, or are no sealed contract."""

    code = "seal_broken"
    exit_code = 3


class SignatureRefused(HandfastError):
    """A signature or an amendment was refused; the message says which rule."""

    code = "signature_refused"
    exit_code = 3


class OutsideCalendar(HandfastError):
    """An instant lies before or after the span a calendar was compiled for."""

    code = "outside_calendar"


class NeverOpens(HandfastError):
    """A calendar has no working time in the span that was asked about."""

    code = "never_opens"


class ScoreForgotten(HandfastError):
    """A kept score state was asked about an instant before what it still remembers; score from the facts instead."""

    code = "score_forgotten"


class ExportRefused(HandfastError):
    """Nothing in an export could be used; the message says what was found and what was expected."""

    code = "export_refused"
    exit_code = 4


class PlanRefused(HandfastError):
    """A contract does not say enough for a plan."""

    code = "plan_refused"

    def __init__(self, contract: str, lacking: Mapping[str, str]) -> None:
        """``lacking`` holds a sentence for each clause that is missing, by its path; the message has a line each."""
        self.lacking = dict(lacking)
        said = "\n".join(f"  {path}: {sentence}" for path, sentence in self.lacking.items())
        super().__init__(f"{contract} does not say enough for a plan:\n{said}")
