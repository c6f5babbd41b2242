"""What the export of a marketplace holds, counted by hand: ``olist`` in the folder of real exports."""

WON_BY_ORIGIN = {
    "organic_search": (271, 2296),
    "paid_search": (195, 1586),
    "social": (75, 1350),
    "unknown": (179, 1099),
    "direct_traffic": (56, 499),
    "email": (15, 493),
    "referral": (24, 284),
    "other": (4, 150),
    "display": (6, 118),
    "other_publicities": (3, 65),
    None: (14, 60),
}
"""Origin → won, of all that came."""
