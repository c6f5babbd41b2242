"""Starting, stopping, keeping and checking an installation."""
