"""Quality: what sales declined and why, contests to settle, what leads cost, who is held, what signals are worth."""
