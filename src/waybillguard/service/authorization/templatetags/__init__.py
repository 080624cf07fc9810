"""Template tags of the policy pages."""
