"""Load a helper module from the folder of the service's tests."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

_SERVICE = Path(__file__).parents[1] / "service"


def beside(name: str) -> ModuleType:
    """Return the module ``tests/service/<name>.py``, loaded once per process."""
    full = f"waybillguard_tests_{name}"
    if full not in sys.modules:
        spec = importlib.util.spec_from_file_location(full, _SERVICE / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        sys.modules[full] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[full])
    return sys.modules[full]
