"""What to do when something a test needs is not on the machine."""

import os

import pytest


def missing(what: str, how: str) -> None:
    """Skip because something is not there; in CI the same absence fails."""
    text = f"{what} is missing: {how}"
    if os.environ.get("CI") == "true":
        pytest.fail(text)
    pytest.skip(text)
