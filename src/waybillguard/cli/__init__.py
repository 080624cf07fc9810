"""The command line: one module per command group. Exit codes and files are as in the contracts."""

import sys
from importlib import import_module
from typing import Annotated, Final

import typer

from waybillguard.cli.chinese import speak_chinese
from waybillguard.cli.output import FAULT, USAGE, language, say, speak_one_language

_COMMANDS: Final = {
    "up": "vault.up",
    "login": "vault.login",
    "logout": "vault.logout",
    "link": "vault.link",
    "seal": "vault.seal",
    "backup": "backup.backup",
    "restore": "backup.restore",
    "detect": "detect.detect",
    "simulate": "simulate.simulate",
    "doctor": "health.doctor",
    "status": "health.status",
    "agent": "agent.app",
    "db": "backup.db",
    "export": "export.app",
    "inspect": "inspect.app",
    "keys": "keys.app",
    "orders": "orders.app",
    "label": "label.app",
    "ledger": "ledger.app",
    "scam": "scam.app",
    "sensor": "sensor.app",
    "trace": "trace.app",
}
"""Module and object of each command, in the order of the help."""


def _version(wanted: bool) -> None:
    if wanted:
        from waybillguard import __version__

        sys.stdout.write(f"waybillguard {__version__}\n")
        raise typer.Exit


def _options(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="显示版本 / show the version")
    ] = False,
) -> None:
    """Options before any command."""
    del version


def program(word: str = "") -> typer.Typer:
    """Return all commands, or only the command ``word``, because importing the others is slow."""
    app = typer.Typer(
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        help="面单卫士：守住快递面单上的个人信息 / Waybill Guard: a firewall for the personal information on labels",
    )
    app.callback()(_options)
    for name in [word] if word in _COMMANDS else _COMMANDS:
        module, attribute = _COMMANDS[name].split(".")
        found = getattr(import_module(f"waybillguard.cli.{module}"), attribute)
        if isinstance(found, typer.Typer):
            app.add_typer(found, name=name)
        else:
            app.command(name)(found)
    return app


def main() -> None:
    """Run the command line. An internal error exits with status 3 and prints no data."""
    try:
        command = typer.main.get_command(program("".join(sys.argv[1:2])))
        speak_one_language(command)
        if language() == "zh":
            speak_chinese()
        command()
    except ModuleNotFoundError as error:
        if not str(error.name).startswith(("waybillguard.", "django")):
            raise
        say(
            "此命令属于服务端，本机只装了 waybillguard-tools，请在服务器上运行。 / "
            "this command belongs to the service, and only waybillguard-tools is installed here: run it on the server"
        )
        sys.exit(USAGE)
    except PermissionError as error:
        say(
            f"当前用户无权访问 {error.filename or ''}。请以运行服务的用户执行，或检查权限。 / "
            f"this user may not access {error.filename or 'a file'}: run this as the user of the service, or check permissions"
        )
        sys.exit(USAGE)
    except Exception as error:  # noqa: BLE001 - the last line of defence: the text may quote data, the type does not
        kind = type(error).__name__
        say(
            f"内部错误：{kind}。数据未丢失，请重试或联系维护人员。 / "
            f"internal fault: {kind}. Nothing was lost; try again or tell whoever runs this."
        )
        sys.exit(FAULT)
