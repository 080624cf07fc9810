"""What the tests of overtime and sales share with those of looks."""

import importlib.util
from pathlib import Path

_SPEC = importlib.util.spec_from_file_location(
    "waybillguard_tests_reveal_fixtures", Path(__file__).parents[1] / "reveal" / "conftest.py"
)
assert _SPEC is not None
assert _SPEC.loader is not None
_MODULE = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(_MODULE)

written = _MODULE.written
scene = _MODULE.scene
stepped_up = _MODULE.stepped_up
confirmed = _MODULE.confirmed
