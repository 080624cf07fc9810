"""From an order to a label: runs, tickets, stations, printers, waves, scans, print components of shops."""
