"""The program beside the printer and the print-component shim.

Not built yet; its promise: in lane B the print station holds nothing worth stealing.
"""
