"""Waybill Guard (面单卫士): a firewall for the personal information on parcel labels."""

__version__ = "0.1.0"
