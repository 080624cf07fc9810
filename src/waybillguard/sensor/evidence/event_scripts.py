"""Reads PowerShell's own logs: the text of scripts that ran (4104), and the command that started PowerShell (400)."""

import re
from collections.abc import Iterator

from waybillguard.sensor.evidence.event import Event
from waybillguard.sensor.observation import Observation
from waybillguard.sensor.paths import base_name, program_path

MAX_LINES = 2_000
"""Maximum lines read per block; longer ones are vendor modules."""


def script_block(event: Event) -> Iterator[Observation]:
    """Yield the lines of a script that PowerShell ran; a block without a path was typed or passed as an argument."""
    name = base_name(event.get("Path")) or "powershell"
    text = re.sub(r"`\r?\n\s*", " ", event.get("ScriptBlockText"))
    for line in text.splitlines()[:MAX_LINES]:
        if re.search(r"\s|::", line.strip()) and not line.lstrip().startswith("#"):
            yield event.seen("script", name=name, path=name, command=line.strip()[:2000])


def host_command(event: Event) -> Iterator[Observation]:
    """Yield the command line that PowerShell was started with (classic log: HostApplication)."""
    said = re.search(r"HostApplication=(.+)", "\n".join(event.fields.values()))
    if said:
        command = said[1].strip()
        yield event.seen(
            "program_run", name="powershell.exe", path=program_path(command), command=command[:1000]
        )


SCRIPT_EVENTS = {
    ("microsoft-windows-powershell", 4104): script_block,
    ("powershellcore", 4104): script_block,
    ("powershell", 400): host_command,
}
