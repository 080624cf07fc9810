"""Pages of imports, vault keys and retention."""
