"""Alerts: detect thefts in progress, notify people, restrict accounts and stations."""
