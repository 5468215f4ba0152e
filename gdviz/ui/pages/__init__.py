"""The pages: lenses on the one experiment."""
