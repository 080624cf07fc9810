"""Inspections (检查): every duty judged from live evidence, labels sampled, documents kept, incidents worked through."""
