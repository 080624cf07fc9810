"""Imports, orders at rest, search."""
