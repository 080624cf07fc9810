"""Pages of people, sign-in, badges, devices, sites, merchants and machine keys."""
