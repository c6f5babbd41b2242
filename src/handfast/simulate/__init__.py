"""A seeded revenue team, for demonstrations and tests: made-up people, true-to-life leaks."""

from handfast.simulate.funnel import Prospect, draw_prospects
from handfast.simulate.hubspot import write_hubspot_export

__all__ = ["Prospect", "draw_prospects", "write_hubspot_export"]
