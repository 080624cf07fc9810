"""A mirror in a second folder, best on a second disk: the ledger's files without entry bodies and tree.

``waybillguard ledger audit --data MIRROR`` reads it directly; ``fsck --repair`` builds the tree for proofs.
"""

from pathlib import Path

from waybillguard.ledger.errors import LedgerError
from waybillguard.ledger.local import SEGMENT_BYTES, FileOps, LocalStorage
from waybillguard.ledger.mirror import ShardMirror, mirror_away_error
from waybillguard.ledger.storage import ShardStore


class FolderMirror:
    """Mirrors shards into a folder; with ``required``, no receipt is issued without it (otherwise level ``logged``).

    The folder must exist, so that nothing is written to the empty mount point of a missing disk.
    """

    def __init__(
        self,
        folder: Path,
        *,
        required: bool = False,
        segment_bytes: int = SEGMENT_BYTES,
        ops: FileOps | None = None,
    ) -> None:
        self.folder = folder
        self._required = required
        self._storage = LocalStorage(folder, segment_bytes=segment_bytes, ops=ops)

    def shards(self) -> list[str]:
        """Return the names of the mirrored shards; raises MirrorAwayError if a required folder is unavailable."""
        try:
            self._check()
        except OSError as error:
            if self._required:
                raise mirror_away_error() from error
            return []
        return self._storage.shards()

    @classmethod
    def configured(cls, path: Path) -> "FolderMirror | None":
        """Read a settings file (first line: folder; optional second line: ``required``); None if there is no file.

        Raises:
            LedgerError: the file has other contents.
        """
        if not path.exists():
            return None
        folder, *rest = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()] or [""]
        if not folder.startswith("/") or rest not in ([], ["required"]):
            raise LedgerError(
                zh=f"{path.name} 第一行应为绝对路径，第二行可写 required",
                en=f"{path.name} must hold an absolute path, and may hold 'required' on a second line",
            )
        return cls(Path(folder), required=bool(rest))

    def shard(self, name: str) -> ShardMirror:
        """Return the mirror of a shard."""

        def opened() -> ShardStore:
            self._check()
            return self._storage.shard(name, create=True)

        return ShardMirror(opened, required=self._required)

    def _check(self) -> None:
        if not self.folder.is_dir():
            raise FileNotFoundError(2, "the mirror's folder is not there")
