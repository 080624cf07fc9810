"""The console's colours are set in the variables that Tabler reads."""

import re
from pathlib import Path

import waybillguard.service.platform as room

STATIC = Path(room.__file__).parent / "static"


def test_every_variable_set_for_the_library_is_one_it_reads() -> None:
    ours = (STATIC / "console.css").read_text("utf-8")
    read = set(re.findall(r"var\((--[a-z-]+)", (STATIC / "vendor" / "tabler.css").read_text("utf-8")))
    set_here = set(re.findall(r"(--(?!wg-)[a-z-]+):", ours))
    assert set_here, "the theme sets something"
    assert set_here <= read
