"""Print PCs: what scans found, what the site approved, restricting and releasing, and the way back to clean.

The one facade is ``services``; findings themselves are made by the package ``waybillguard.sensor``.
"""
