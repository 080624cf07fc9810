"""Remove the part of a foreign log from the store, even if its day has been merged since."""

from typing import Final

from waybillguard.events import EventStore, connect, view_events
from waybillguard.events.folder import (
    Manifest,
    Pending,
    finish_merge,
    live_parts,
    locked,
    publish,
    read_manifest,
    scratch,
    write_manifest,
)
from waybillguard.events.paths import day_folder, part_file
from waybillguard.events.schema import COLUMNS

_NAMES: Final = ", ".join(COLUMNS)


def withdraw(store: EventStore, tenant: str, day: int, part: str, prefix: str) -> None:
    """Remove a part of a day. In a merged file, its events are those whose ``event_id`` starts with ``prefix``.

    Atomic for readers even if the process is killed, and idempotent.
    """
    folder = store.root / day_folder(tenant, day)
    if not folder.is_dir():
        return
    with locked(store.root):
        finish_merge(store.root, folder)
        (folder / part_file(part)).unlink(missing_ok=True)
        merged = read_manifest(folder).merged
        if part_file(part) not in merged:
            return
        for old in [one for one in live_parts(folder) if one.name.startswith("day-")]:
            unfinished = scratch(store.root)
            with connect(memory="256MB") as connection:
                view_events(connection, [old], store.zone)
                connection.execute(
                    f"COPY (SELECT {_NAMES} FROM events WHERE NOT starts_with(coalesce(event_id, ''), $prefix) "  # noqa: S608 - our own column names
                    f"ORDER BY ts_us) TO '{str(unfinished).replace("'", "''")}' (FORMAT parquet, COMPRESSION zstd)",
                    {"prefix": prefix},
                )
            target = folder / f"day-{int(old.stem[4:]) + 1}.parquet"
            write_manifest(
                store.root, folder, Manifest(merged=merged, pending=Pending(target.name, (old.name,)))
            )
            publish(unfinished, target, durable=True)
            finish_merge(store.root, folder)
