"""A Django backend for SQLite with a queue of writers; see ``base``."""
