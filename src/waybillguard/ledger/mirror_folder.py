"""A mirror in a second folder, best on a second disk: the same files as the ledger's, without words and tree.

``waybillguard ledger audit --data MIRROR`` reads it as it is; ``fsck --repair`` builds the tree for proofs.
"""

from pathlib import Path

from waybillguard.ledger.errors import LedgerError
from waybillguard.ledger.local import SEGMENT_BYTES, FileOps, LocalStorage
from waybillguard.ledger.mirror import ShardMirror, mirror_away
from waybillguard.ledger.storage import ShardStore


class FolderMirror:
    """Mirrors shards into a folder; ``required``: no receipt without it (else receipts say ``logged``).

    The folder must exist: an empty mount point of a disk that is not there is not written to.
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
        """Return the names of the shards there; raises MirrorAwayError where a required folder is away."""
        try:
            self._check()
        except OSError as error:
            if self._required:
                raise mirror_away() from error
            return []
        return self._storage.shards()

    @classmethod
    def configured(cls, path: Path) -> "FolderMirror | None":
        """Read a settings file: the folder on the first line, ``required`` on a second; None: there is no file.

        Raises:
            LedgerError: it holds something else.
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
