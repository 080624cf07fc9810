"""Activity: store, count, export and show access events."""
