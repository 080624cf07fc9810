"""Keys by which programs of others call the machine API."""
