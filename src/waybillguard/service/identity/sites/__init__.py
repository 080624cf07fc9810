"""Sites: where devices stand and people belong."""
