"""Who did what when, sealed in batches."""
