"""Words and numbers of templates."""
