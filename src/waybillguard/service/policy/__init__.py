"""Policies from a form: drafted, tried on the past, activated by a person, kept for ever."""
