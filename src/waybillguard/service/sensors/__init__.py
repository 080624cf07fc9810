"""Print PCs: scan findings, approved tools, restrictions, and the steps from an infected PC back to a clean one.

Use the package through ``services``. Findings are made by the package ``waybillguard.sensor``.
"""
