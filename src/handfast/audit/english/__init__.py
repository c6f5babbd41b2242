"""Every English phrase of the audit: numbers in words, findings, titles of charts, what was assumed."""
