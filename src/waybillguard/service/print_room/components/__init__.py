"""Print components (shims) of shops: arriving orders, compatibility mode, the station's print record."""
