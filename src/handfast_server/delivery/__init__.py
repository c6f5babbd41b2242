"""What is sent: the outbox, endpoints, attempts."""
