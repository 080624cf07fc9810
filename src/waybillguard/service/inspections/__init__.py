"""Inspections (检查): judge every control from live evidence, sample labels, keep documents, track incidents."""
