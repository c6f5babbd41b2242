"""Names of a made-up market. Every address is under ``.example``: nobody real is meant."""

from __future__ import annotations

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
STEMS = tuple(
    (
        "Nord Blau Hafen Linden Quarz Falk Birke Stahl Licht Kompass Anker Delta Erlen Felsen Gold Hoch "
        "Insel Jura Kiefer Lotsen Moor Neu Ost Park"
    ).split()
)
TAILS = tuple(("werk soft pay data logistik cloud bau medien labor handel").split())
CITIES = tuple(
    (
        "Aachen Bonn Celle Dresden Essen Fulda Graz Halle Innsbruck Jena Kiel Linz Mainz Neuss Olten Passau "
        "Rostock Siegen Trier Ulm Verden Worms Xanten Zug"
    ).split()
)
DECIDERS = ("VP Operations", "Head of IT", "Director Finance", "Chief Technology Officer")
OTHERS = ("Software Engineer", "Marketing Specialist", "Student", "Analyst", "Office Administrator", "Product Owner")
TITLES = (*DECIDERS, *OTHERS)

INDUSTRIES = (
    ("Computer Software", "software"),
    ("Financial Services", "financial_services"),
    ("Construction", "construction"),
    ("Retail", "retail"),
    ("Higher Education", "education"),
    ("Media Production", "media"),
)
"""As the CRM's drop-down says it, and the common word. The first two are what the team sells to."""

TARGETS = 2
SIZES = (50, 900)
"""Employees of the companies that the team sells to."""

COUNTRIES = (
    ("Germany", "DE"),
    ("Austria", "AT"),
    ("Switzerland", "CH"),
    ("United Kingdom", "GB"),
    ("Netherlands", "NL"),
    ("France", "FR"),
)
"""Name and ISO code. The first three are the home market."""

HOME = 3
