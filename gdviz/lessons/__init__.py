"""What teaches: guided scenarios, teachers' links, a step written out, secants, published numbers."""
