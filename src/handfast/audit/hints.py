"""Which stage a company's own header names, as in ``Date of SAL``; when in doubt, none.

A CRM is full of dates that speak of customers, touches and acceptance without being a stage of sales: surveys,
campaigns, privacy policies. A wrong stage falsifies every measure after it and a missed one can be mapped, so a
header has to say lead or sales.
"""

from __future__ import annotations

import re

_WHO = r"(?:sales|sdr|bdr|rep|ae|lead|mql|sal|sql|hand-?off|vertrieb)s?"
_TOUCH = r"(?:touch|response|call|outreach|contact(?:ed)?|activity|meeting|reply)"

_NEVER = re.compile(
    r"marketing(?!\W*qualified)|privacy|polic(?:y|ies)|\bterms?\b|survey|satisf|e-?mail|consent|newsletter|gdpr|dsgvo"
    r"|datenschutz|cookie|legal|webinar|webcast|invit|attribut|converting|campaign|upload|document|quote\b"
    r"|\b(?:last|latest|next|recent|expected|forecast|estimated|target|planned|due|expir\w*|renewal|modified|updated)\b",
    re.IGNORECASE,
)
"""Words beside which no other word makes a date one of a stage."""

_HINTS = tuple(
    (re.compile(pattern, re.IGNORECASE), role)
    for pattern, role in (
        (rf"\b{_WHO}\b.*\breject|\breject\w*\s+(?:by\s+)?{_WHO}\b", "rejected_at"),
        (r"disqualif|unqualif", "disqualified_at"),
        (rf"\bsal\b|\b{_WHO}\W*accept|\baccept\w*\s+(?:by\s+)?{_WHO}\b", "accepted_at"),
        (r"\bmql\b|marketing\W*qualified", "mql_at"),
        (r"\bsql\b|sales\W*qualified", "sql_at"),
        (
            (
                r"\b(?:became|converted|creat\w*|open\w*|enter\w*|date(?: of)?)\b.*\bopp(?:ortunity)?\b"
                r"|\bopp(?:ortunity)?\W*(?:creat\w*|open\w*|date|at|since)?\W*(?:date|at|on)?$"
            ),
            "opportunity_at",
        ),
        (
            (
                r"\bclosed?\W*won\b|\bdeal\W*won\b|^(?:date\W+)?won(?:\W+(?:date|at|on))?$"
                r"|\b(?:became|become|converted|date entered)\b.*\bcustomer\b|\bcustomer\W+since\b|\bkunde\W+seit\b"
            ),
            "won_at",
        ),
        (
            (
                rf"\bfirst\b.*\b(?:sales|sdr|bdr|rep|ae)\b.*\b{_TOUCH}\b|\bfirst\b.*\b{_TOUCH}\s+by\s+(?:sales|sdr|bdr|rep|ae)\b"
                r"|\bfirst\W+(?:call|response|outreach|contacted)\b|speed\W*to\W*lead"
            ),
            "first_touch_at",
        ),
        (r"creat|erstell|inquir|anfrage|sign.?up|regist", "inquiry_at"),
    )
)


def stage_of_header(header: str) -> str:
    """The role of instants that a header of the company's own names; empty when it names none for sure."""
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", header)
    return "" if _NEVER.search(plain) else next((role for hint, role in _HINTS if hint.search(plain)), "")
