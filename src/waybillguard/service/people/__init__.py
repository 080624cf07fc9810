"""People, tenants, sign-in, and who may open what."""
