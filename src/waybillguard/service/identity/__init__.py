"""People, browsers and devices, badges, sites, merchants, machine keys: what they are and what happens to them; no pages."""
