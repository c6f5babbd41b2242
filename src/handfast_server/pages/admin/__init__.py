"""Pages for who administers: people, tokens, connections, deliveries, the audit log."""
