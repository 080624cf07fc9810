"""The storm: a fault-injection test of a real service under load.

Processes are killed, the disk fills up, the clock jumps and backups get flipped bits. Afterwards everything that the
service acknowledged is compared with its data.

``python -m storm --kills 1000`` (``make storm``) runs a long storm; ``test_storm.py`` runs a short one.
"""
