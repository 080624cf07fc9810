"""For scripts beside a running service: ask in the name of whoever's shell token the test handed over."""

import os

from waybillguard.service.identity.grant import show_grant, split_grant


def sign_in() -> None:
    """Show the token's grant in this thread."""
    show_grant(split_grant(os.environ["WAYBILLGUARD_TEST_TOKEN"])[1])
