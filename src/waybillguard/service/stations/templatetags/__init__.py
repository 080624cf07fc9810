"""Template filters of stations."""
