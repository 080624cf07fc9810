"""The storm: a real service under load while its processes are killed, its disk fills up, its clock jumps and its
backups are flipped; then an account of what it acknowledged against what is found.

``python -m storm --kills 1000`` (``make storm``) runs it as long as wanted; ``test_storm.py`` is a short one.
"""
