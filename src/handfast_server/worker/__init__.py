"""The worker: plain loops over what is due."""
