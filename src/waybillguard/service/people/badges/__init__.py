"""Badge and PIN: a quick sign-in at an enrolled station, for masked work only; and who works under a shared account."""
