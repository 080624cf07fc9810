"""Printers that the settings pin: each reports its state and takes one job at a time."""

from waybillguard.agent.printers.model import Delivery, Printer, Standing

__all__ = ["Delivery", "Printer", "Standing"]
