"""Label runs and their tickets."""
