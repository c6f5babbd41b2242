"""The contract: its text, its checks, its seal, its words."""
