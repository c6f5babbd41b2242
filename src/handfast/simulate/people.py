"""Names and habits of the made-up team. Every address is under ``.example``: nobody real is meant."""

from __future__ import annotations

from dataclasses import dataclass

FIRST_NAMES = tuple(
    (
        "Ada Ben Chloe Dario Elif Femi Greta Hugo Ines Jonas Kira Liam Mara Nils Olga Pavel Rosa Sven Tara "
        "Umar Vera Wim Yara Zoe"
    ).split()
)
LAST_NAMES = tuple(
    (
        "Adler Brandt Cohen Diaz Eriksen Fischer Garcia Horvat Ivanov Jansen Keller Lindt Moreau Novak "
        "Okafor Petrov Quinn Rossi Schmidt Tanaka Urban Vogel Weber Young"
    ).split()
)
COMPANY_STEMS = tuple(("Nord Blau Hafen Linden Quarz Falk Birke Stahl Licht Kompass Anker Delta").split())
COMPANY_TAILS = tuple(("werk soft pay data logistik cloud bau medien labor handel").split())
TITLES = tuple(
    (
        "VP Operations,Head of IT,Director Finance,Software Engineer,Marketing Manager,Student,"
        "Chief Technology Officer,Analyst,Office Manager,Product Manager"
    ).split(",")
)
DECIDERS = frozenset({"VP Operations", "Head of IT", "Director Finance", "Chief Technology Officer"})
INDUSTRIES = tuple(
    ("Computer Software,Financial Services,Construction,Retail,Higher Education,Media Production").split(",")
)
TARGET_INDUSTRIES = frozenset({"Computer Software", "Financial Services"})
COUNTRIES = tuple(("Germany,Austria,Switzerland,United Kingdom,Netherlands,France").split(","))


@dataclass(frozen=True, slots=True)
class Source:
    """Where leads come from, how many, and how good they truly are."""

    name: str
    share: float
    quality: float  # chance that a lead of this source is of the right kind
    intent: float  # chance that it asks for a demo


SOURCES = (
    Source("Organic Search", 0.30, 0.55, 0.20),
    Source("Paid Search", 0.22, 0.45, 0.22),
    Source("Paid Social", 0.24, 0.14, 0.16),
    Source("Referrals", 0.08, 0.75, 0.32),
    Source("Direct Traffic", 0.10, 0.45, 0.20),
    Source("Offline Sources", 0.06, 0.60, 0.10),
)


@dataclass(frozen=True, slots=True)
class Rep:
    """A rep's habits: median working hours to the first call, spread, and the share never called."""

    name: str
    median_hours: float
    spread: float
    forgets: float


REPS = (
    Rep("Lena Vogt", 0.6, 0.8, 0.04),
    Rep("Sam Oduya", 2.2, 1.0, 0.12),
    Rep("Alex Marin", 7.5, 1.1, 0.27),
    Rep("Kim Sato", 1.4, 0.9, 0.09),
)
