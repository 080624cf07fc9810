"""Devices: print agents, shims and browsers; enrolled with a one-time code, identified by their signature."""
