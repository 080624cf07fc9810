"""Sites, to which devices and people belong."""
