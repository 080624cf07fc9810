"""Template tags of the activity pages."""
