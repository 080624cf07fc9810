"""The limits and shifts that keyd enforces: shown, compared, signed."""
