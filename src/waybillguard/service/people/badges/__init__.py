"""Badge and PIN: a short way in at an enrolled station, for masked work alone; and who works by a shared account."""
