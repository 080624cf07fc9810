"""Decode 150 record types for the first time, each in eight threads at once; print how many decodings succeeded."""

import sys
import threading
import types

import msgspec

from waybillguard.structs import build_structs

SOURCE = (
    "import msgspec\nclass Inner(msgspec.Struct):\n    number: int\nclass Outer(msgspec.Struct):\n"
    + "".join(f"    field_{n}: 'list[Inner]'\n" for n in range(10))
)
CONTENT = msgspec.json.encode({f"field_{n}": [{"number": n}] for n in range(10)})
THREADS, TIMES = 8, 3


def main() -> None:
    sys.setswitchinterval(1e-6)
    decoded = []
    for turn in range(150):
        module = types.ModuleType(f"waybillguard.made_up_{turn}")
        sys.modules[module.__name__] = module
        exec(SOURCE, module.__dict__)
        if "--unprepared" not in sys.argv:
            build_structs()
        start = threading.Barrier(THREADS)

        def decode(start: threading.Barrier = start, kind: type = module.Outer) -> None:
            start.wait()
            decoded.extend(msgspec.json.decode(CONTENT, type=kind) for _ in range(TIMES))

        threads = [threading.Thread(target=decode) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    sys.stdout.write(f"{len(decoded)} decoded\n")


main()
