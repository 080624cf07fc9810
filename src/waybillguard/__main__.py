"""Run the command line as ``python -m waybillguard``."""

from waybillguard.cli import main

main()
