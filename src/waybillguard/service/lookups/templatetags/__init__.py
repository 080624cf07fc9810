"""Template tags of the reveal pages."""
