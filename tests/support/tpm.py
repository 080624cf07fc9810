"""A software TPM 2.0 (swtpm) on its own socket; several can run at once."""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

from support.missing import missing


class SoftTpm:
    """One TPM in factory state; ``tcti`` is its address."""

    def __enter__(self) -> Self:
        if not (shutil.which("swtpm") and shutil.which("tpm2_unseal")):
            missing("a TPM in software", "install the packages swtpm and tpm2-tools")
        # Socket paths have a length limit that pytest's folders exceed.
        self._folder = Path(tempfile.mkdtemp(prefix="wg-tpm-"))
        self.tcti = f"swtpm:path={self._folder}/tpm"
        self.switch_on()
        return self

    def __exit__(self, *_: object) -> None:
        self.switch_off()
        shutil.rmtree(self._folder)

    def switch_on(self) -> None:
        socket = self._folder / "tpm"
        self._process = subprocess.Popen(
            ["swtpm", "socket", "--tpm2", "--tpmstate", f"dir={self._folder}", "--flags", "not-need-init,startup-clear",
             "--server", f"type=unixio,path={socket}", "--ctrl", f"type=unixio,path={socket}.ctrl"],
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + 30
        while self.ask("tpm2_getcap", "properties-fixed", check=False).returncode:
            assert time.monotonic() < deadline, "swtpm did not start"
            time.sleep(0.05)

    def switch_off(self) -> None:
        self._process.terminate()
        self._process.wait()

    def clear(self) -> None:
        """Clear the TPM as in a BIOS: new storage seed, no passwords."""
        self.ask("tpm2_clear", "-c", "p")

    def ask(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[bytes]:
        """Run one of the tpm2-tools against this TPM."""
        return subprocess.run(
            command, env={**os.environ, "TPM2TOOLS_TCTI": self.tcti}, capture_output=True, check=check
        )
