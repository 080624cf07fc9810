"""How an optional part of the program is installed where it runs, for the errors that miss one."""

import shlex
import sys
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec


def install_command(extra: str) -> str:
    """Return the command that adds an extra to this very environment.

    The service's environment comes from uv and has no pip; that of the tools comes from venv and has one. The extra is
    named after what is installed: pip finds the rest on the machine and asks nobody for a package of that name.
    """
    try:
        name = distribution("waybillguard-tools").name
    except PackageNotFoundError:
        name = "waybillguard"
    python = shlex.quote(sys.executable)
    installer = f"{python} -m pip install" if find_spec("pip") else f"uv pip install --python {python}"
    return f"{installer} '{name}[{extra}]'"
