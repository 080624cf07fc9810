"""Controls, evidence, forms and reports.

Not built yet; its promise: no evidence never passes.
"""
