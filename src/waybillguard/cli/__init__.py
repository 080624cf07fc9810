"""One command a room; exit codes and files as in the contracts."""

import sys
from typing import Annotated

import typer

from waybillguard.cli import (
    agent,
    backup,
    detect,
    export,
    health,
    inspect,
    keys,
    label,
    ledger,
    orders,
    scam,
    sensor,
    simulate,
    trace,
    vault,
)
from waybillguard.cli.output import FAULT, USAGE, say, speak_one_language

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="面单卫士：守住快递面单上的个人信息 / Waybill Guard: a firewall for the personal information on labels",
)
app.command()(vault.up)
app.command()(vault.login)
app.command()(vault.logout)
app.command()(vault.link)
app.command()(vault.seal)
app.command()(backup.backup)
app.command()(backup.restore)
app.command()(detect.detect)
app.command()(simulate.simulate)
app.command()(health.doctor)
app.command()(health.status)
app.add_typer(agent.app, name="agent")
app.add_typer(backup.db, name="db")
app.add_typer(export.app, name="export")
app.add_typer(inspect.app, name="inspect")
app.add_typer(keys.app, name="keys")
app.add_typer(orders.app, name="orders")
app.add_typer(label.app, name="label")
app.add_typer(ledger.app, name="ledger")
app.add_typer(scam.app, name="scam")
app.add_typer(sensor.app, name="sensor")
app.add_typer(trace.app, name="trace")


def _version(wanted: bool) -> None:
    if wanted:
        from waybillguard import __version__

        sys.stdout.write(f"waybillguard {__version__}\n")
        raise typer.Exit


@app.callback()
def _options(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="显示版本 / show the version")
    ] = False,
) -> None:
    """Options before any command."""
    del version


def main() -> None:
    """Run the command line; an unforeseen fault leaves with status 3 and says no data."""
    try:
        command = typer.main.get_command(app)
        speak_one_language(command)
        command()
    except ModuleNotFoundError as error:
        if not str(error.name).startswith(("waybillguard.", "django")):
            raise
        say(
            "此命令属于服务端，本机只装了 waybillguard-tools，请在服务器上运行。 / "
            "this command belongs to the service, and only waybillguard-tools is installed here: run it on the server"
        )
        sys.exit(USAGE)
    except Exception as error:  # noqa: BLE001 - the last line of defence: the text may quote data, the type does not
        kind = type(error).__name__
        say(
            f"内部错误：{kind}。数据未丢失，请重试或联系维护人员。 / "
            f"internal fault: {kind}. Nothing was lost; try again or tell whoever runs this."
        )
        sys.exit(FAULT)
