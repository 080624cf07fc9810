"""The page of machine keys."""
