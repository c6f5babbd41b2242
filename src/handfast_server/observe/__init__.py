"""What can be seen of a running service: logs, health, status, metrics. Never personal data."""
