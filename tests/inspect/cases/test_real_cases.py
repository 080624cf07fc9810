"""The two published cases: their states and dates come out right."""

from datetime import date
from pathlib import Path

import msgspec
import pytest
import yaml

from waybillguard.inspect.cases import Event, deadlines, replay, state_of

REAL = sorted((Path(__file__).parent / "real").glob("*.yaml"))


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
def test_state_and_dates_of_a_real_case_come_out_right(path: Path) -> None:
    given = yaml.safe_load(path.read_text(encoding="utf-8"))
    events = msgspec.convert(given["events"], tuple[Event, ...])
    case = replay(given["title"], given["agency"], events)
    assert state_of(case).id == given["expected"]["state"]
    found = {one.rule.id: one.due for one in deadlines(case, date(2024, 1, 1))}
    assert found == given["expected"]["deadlines"]


def test_the_reply_in_shiyan_was_in_time() -> None:
    given = yaml.safe_load((Path(__file__).parent / "real" / "shiyan.yaml").read_text(encoding="utf-8"))
    case = replay(given["title"], given["agency"], msgspec.convert(given["events"], tuple[Event, ...]))
    reply = next(one for one in deadlines(case, date(2023, 9, 30)) if one.rule.id == "reply")
    assert reply.status == "met"
