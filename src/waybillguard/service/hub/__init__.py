"""The hub: how a town supervises its warehouses through their reports, inspections and joint cases."""
