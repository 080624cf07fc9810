"""Printers: one that is pinned, asked how it stands, and given one job at a time."""

from waybillguard.agent.printers.model import Delivery, Printer, Standing

__all__ = ["Delivery", "Printer", "Standing"]
