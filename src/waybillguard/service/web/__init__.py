"""Addresses, navigation, home page and the machine API."""
