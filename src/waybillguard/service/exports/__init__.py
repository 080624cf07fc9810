"""Exports: masked, or sealed to a named recipient; made by the worker after two people agreed."""
