"""Leads, their keys, activities and accounts."""
