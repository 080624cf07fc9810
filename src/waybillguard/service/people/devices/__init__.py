"""Devices: agents beside printers, shims and browsers; enrolled by a one-time code, known by their signature."""
