"""What the scripts about the service share."""
