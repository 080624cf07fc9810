"""Print components (shims) of shops: orders that arrive, compatibility mode, the station's record."""
