"""What the bench of measures runs over."""
