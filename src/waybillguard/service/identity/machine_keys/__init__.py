"""Keys with which other programs call the machine API."""
