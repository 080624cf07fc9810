"""Reads the browsers' files about extensions: manifests, and the list in the profile.

Source: Chromium's documentation of the manifest and of ``ManifestLocation`` (4 unpacked, 5 to 10 policy or external).
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from waybillguard.sensor.observation import Observation

_ID = re.compile(r"[a-p]{32}")
_UNPACKED = 4


def read_manifest(text: str, file: str) -> Iterator[Observation]:
    """Yield the extension that a ``manifest.json`` describes."""
    try:
        body = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return
    if isinstance(body, dict) and "manifest_version" in body:
        known = _ID.search(file)
        yield _extension(body, file, "manifest", known[0] if known else file.split("/")[-2])


def read_profile(text: str, file: str) -> Iterator[Observation]:
    """Yield the extensions of a profile (``Preferences``, ``Secure Preferences``) that were loaded from a folder."""
    try:
        rows = json.loads(text)["extensions"]["settings"].items()
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        return
    for key, row in rows:
        if isinstance(row, dict) and row.get("location") == _UNPACKED:
            seen = _extension(row.get("manifest") or {}, file, key, key)
            yield Observation(
                kind="extension", file=file, record=key, name=seen.name, session=key,
                path=str(row.get("path", "")).lower(), command=seen.command, marks=("unpacked",),
            )  # fmt: skip


def _extension(body: dict[str, Any], file: str, record: str, key: str) -> Observation:
    asked: list[str] = []
    for name in ("permissions", "host_permissions", "optional_permissions", "optional_host_permissions"):
        value = body.get(name)
        asked += [str(each) for each in value] if isinstance(value, list) else []
    for script in body.get("content_scripts") or []:
        asked += [str(each) for each in script.get("matches") or []] if isinstance(script, dict) else []
    return Observation(
        kind="extension",
        file=file,
        record=record,
        name=str(body.get("name", ""))[:120],
        origin_name=str(body.get("update_url", "")),
        command=" ".join(dict.fromkeys(asked))[:2000],
        session=key,
        marks=("manifest",),
    )


_MAX_HEAD = 20_000


def read_user_scripts(text: str, file: str) -> Iterator[Observation]:
    """Yield user scripts by their headers (Tampermonkey's documentation), from a file or from the extension's store."""
    for number, script in enumerate(
        text.replace("\\n", "\n").replace("\r", "").split("// ==UserScript==")[1:], 1
    ):
        head, ended, _ = script[:_MAX_HEAD].partition("// ==/UserScript==")
        if not ended:
            continue
        said = re.findall(r"^//\s*@(name|match|include|connect|namespace)[ \t]+(\S.*)$", head, re.MULTILINE)
        name = next((value for key, value in said if key == "name"), "?")[:120]
        # Editors give every new script the same namespace, so name and namespace together identify a script.
        space = next((value for key, value in said if key == "namespace"), "")[:120]
        yield Observation(
            kind="extension",
            file=file,
            record=f"user script {number}",
            name=name,
            command=" ".join(value for key, value in said if key not in {"name", "namespace"})[:2000],
            session=f"{space} {name}".strip(),
            marks=("user_script",),
        )
