"""Filters of the pages of devices."""
