"""Gives the command that installs an optional extra, for errors about a missing one."""

import shlex
import sys
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec


def install_command(extra: str) -> str:
    """Return the command that adds an extra to the running Python environment.

    The service's environment is made by uv and has no pip; the environment of the tools is made by venv and has pip.
    The requirement names the installed distribution, so pip resolves it locally and asks no index for that name.
    """
    try:
        name = distribution("waybillguard-tools").name
    except PackageNotFoundError:
        name = "waybillguard"
    python = shlex.quote(sys.executable)
    installer = f"{python} -m pip install" if find_spec("pip") else f"uv pip install --python {python}"
    return f"{installer} '{name}[{extra}]'"
