"""Template tags of the print PCs."""
