"""The four processes of `waybillguard up`."""
