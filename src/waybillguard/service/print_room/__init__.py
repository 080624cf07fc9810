"""Turn orders into labels: runs, tickets, stations, printers, waves, scans, print components of shops."""
