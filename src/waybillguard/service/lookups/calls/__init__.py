"""Calls through virtual numbers, so that most callers need no plaintext phone number."""
