"""Stations, printers and waves; tickets from issue to scan; requests of agents."""
