"""Alerts: thefts in progress as the worker sees them, who is told, and what is done about them."""
