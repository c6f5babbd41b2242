"""What must always hold of the rows, looked at on a schedule: a function that returns values, and a loop."""
