"""One look at plaintext: asked for, counted, written down, shown once."""
