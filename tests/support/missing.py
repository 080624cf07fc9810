"""Skip or fail a test whose requirements are not installed."""

import os

import pytest


def missing(what: str, how: str) -> None:
    """Skip because a requirement is missing; in CI, fail instead."""
    text = f"{what} is missing: {how}"
    if os.environ.get("CI") == "true":
        pytest.fail(text)
    pytest.skip(text)
