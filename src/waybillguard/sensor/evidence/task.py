"""Reads Windows' scheduled tasks: one XML file per task (MS-TSCH 2.5)."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from waybillguard.sensor.evidence.clock import iso
from waybillguard.sensor.observation import Observation
from waybillguard.sensor.paths import program_path


class TaskError(ValueError):
    """This is not a scheduled task, or it is damaged."""


def read_tasks(text: str, file: str) -> Iterator[Observation]:
    """Yield one observation per command of a task, or of all tasks in the output of ``schtasks /query /xml``.

    Raises:
        TaskError: not a task.
    """
    text = re.sub(r"<\?xml[^>]*\?>|<!DOCTYPE[^>]*>|<!ENTITY[^>]*>", "", text.lstrip("\ufeff"))
    try:
        root = ET.fromstring(f"<read>{text}</read>")  # noqa: S314 - entities are cut out above, size is bounded by the caller
    except ET.ParseError as error:
        raise TaskError("not a scheduled task, or damaged") from error
    found = [each for each in root.iter() if each.tag.rpartition("}")[2] == "Task"]
    if not found:
        raise TaskError("not a scheduled task")
    for each in found:
        yield from _task(each, file)


def _task(root: ET.Element, file: str) -> Iterator[Observation]:
    registered = root.findtext("{*}RegistrationInfo/{*}Date", "")
    author = root.findtext("{*}RegistrationInfo/{*}Author", "")
    name = root.findtext("{*}RegistrationInfo/{*}URI", "") or file.rpartition("/")[2].removesuffix(".xml")
    user = root.findtext("{*}Principals/{*}Principal/{*}UserId", "")
    triggers = " ".join(each.text or "" for each in root.iter() if each.tag.endswith("}Subscription"))
    marks = ("on_print",) if re.search(r"PrintService|Spooler", triggers, re.IGNORECASE) else ()
    if name.lower().startswith("\\microsoft\\") and re.match(r"(?!NT |BUILTIN)[\w.-]+\\", author):
        marks = (*marks, "posing")
    if root.findtext("{*}Settings/{*}Hidden", "").strip() == "true":
        marks = (*marks, "hidden")
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
