"""Views of the console, a module a page."""
