"""Template tags for pages of print PCs."""
