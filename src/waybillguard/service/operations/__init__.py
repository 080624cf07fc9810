"""The three processes of `waybillguard up`."""
