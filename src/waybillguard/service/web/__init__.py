"""URLs, navigation, home page and the machine API."""
