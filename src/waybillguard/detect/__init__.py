"""Theft in progress, read from access events.

Not built yet; its promise: one theft is one alert, raised while it can still be stopped.
"""
