"""Scheduled tasks as Windows keeps them: one XML file a task (MS-TSCH 2.5)."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from waybillguard.sensor.evidence.clock import iso
from waybillguard.sensor.observation import Observation
from waybillguard.sensor.paths import program_path


class TaskError(ValueError):
    """This is not a scheduled task, or it is damaged."""


def read_task(data: bytes, file: str) -> Iterator[Observation]:
    """Yield one observation a command of the task.

    Raises:
        TaskError: not a task.
    """
    encoding = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    text = re.sub(r"<\?xml[^>]*\?>|<!DOCTYPE[^>]*>|<!ENTITY[^>]*>", "", data.decode(encoding, "replace"))
    try:
        root = ET.fromstring(text)  # noqa: S314 - entities are cut out above, size is bounded by the caller
    except ET.ParseError as error:
        raise TaskError("not a scheduled task, or damaged") from error
    if root.tag.rpartition("}")[2] != "Task":
        raise TaskError("not a scheduled task")
    registered = root.findtext("{*}RegistrationInfo/{*}Date", "")
    author = root.findtext("{*}RegistrationInfo/{*}Author", "")
    name = root.findtext("{*}RegistrationInfo/{*}URI", "") or file.rpartition("/")[2].removesuffix(".xml")
    user = root.findtext("{*}Principals/{*}Principal/{*}UserId", "")
    triggers = " ".join(each.text or "" for each in root.iter() if each.tag.endswith("}Subscription"))
    marks = ("on_print",) if re.search(r"PrintService|Spooler", triggers, re.IGNORECASE) else ()
    if name.lower().startswith("\\microsoft\\") and re.match(r"(?!NT |BUILTIN)[\w.-]+\\", author):
        marks = (*marks, "posing")
    for place, command in enumerate(root.findall("{*}Actions/{*}Exec"), start=1):
        program = command.findtext("{*}Command", "")
        line = f"{program} {command.findtext('{*}Arguments', '')}".strip()
        yield Observation(
            kind="task",
            file=file,
            record=f"{name} {place}",
            time=iso(registered) if registered else None,
            name=name,
            path=program_path(program),
            command=line,
            account=author or user,
            marks=marks,
        )
