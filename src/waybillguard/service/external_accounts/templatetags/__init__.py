"""Template tags for pages of external accounts."""
