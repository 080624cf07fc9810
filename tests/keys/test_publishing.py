"""A finished file gets its name once, on file systems with hard links and without."""

import errno
import os
from pathlib import Path

import pytest

from waybillguard.keys.publishing import publish_new, sync_folder


@pytest.fixture(params=["links", "no links"])
def draft(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    if request.param == "no links":  # as exFAT

        def refuse(*_: object) -> None:
            raise OSError(errno.EPERM, os.strerror(errno.EPERM))

        monkeypatch.setattr(os, "link", refuse)
    path = tmp_path / "draft"
    path.write_bytes(b"whole")
    return path


def test_a_free_name_is_given(draft: Path) -> None:
    publish_new(draft, draft.with_name("file"))
    assert draft.with_name("file").read_bytes() == b"whole"


def test_a_name_that_is_taken_is_left_to_whoever_has_it(draft: Path) -> None:
    taken = draft.with_name("file")
    taken.write_bytes(b"another's")
    with pytest.raises(FileExistsError):
        publish_new(draft, taken)
    assert taken.read_bytes() == b"another's"


@pytest.mark.parametrize(("number", "told"), [(errno.EINVAL, False), (errno.EIO, True)])
def test_a_folder_that_cannot_be_flushed_is_told_apart_from_a_disk_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, told: bool
) -> None:
    def fail(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    if told:
        with pytest.raises(OSError, match="Input/output"):
            sync_folder(tmp_path)
    else:
        sync_folder(tmp_path)
