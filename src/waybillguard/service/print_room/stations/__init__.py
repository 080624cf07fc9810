"""Stations, printers and waves; tickets from issue to scan; what agents may ask."""
