"""Drafts, signatures and the signed versions."""
