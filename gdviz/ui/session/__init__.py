"""What is kept of a visitor from one change to the next: widgets, steps of undo, runs that were made."""
