"""Filters of the hub."""
