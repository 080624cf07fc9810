"""The print room with an agent on a box that serves ERPs: by reference, and in compatibility mode."""

from typing import Any

from support.ports import free_port
from support.print_room import PrintRoom

ORIGIN = "https://erp.example.invalid"


class Shop:
    """The room with its shim, and the addresses of three ERPs: a program, a web page, and one that sends consignees."""

    def __init__(self, room: PrintRoom) -> None:
        self.room = room
        self.compatible_port = free_port(2)
        self.port = self.compatible_port + 1
        self.settings()
        self.address = room.pair("erp")
        self.page = room.pair("page", ORIGIN)
        self.compatible = room.pair("old-erp", "", "--compatibility")

    def settings(self, host: str = "127.0.0.1", more: str = "") -> None:
        """Write agent.toml; ``host`` is where compatibility mode listens."""
        compatibility = f'compatibility = "{host}:{self.compatible_port}"'
        self.room.settings(more=f'[shim]\nlisten = "127.0.0.1:{self.port}"\n{compatibility}\n{more}')

    def numbers(self, count: int) -> list[str]:
        found: list[str] = self.room.helper("numbers", str(count))
        return found

    def waybills(self, since: int = 0) -> list[str]:
        printer = self.room.simulator
        return [printer.codes(n)["Code128"] for n in range(since, len(printer.labels))]

    def printed(self) -> int:
        return len(self.room.simulator.labels)

    def gap(self) -> list[int]:
        found: list[int] = self.room.helper("gap")
        return found


def consignee(number: int, **more: Any) -> dict[str, Any]:
    data = {
        "receiver": {
            "name": "测试" + chr(0x4E00 + number),
            "mobile": f"1990000{number:04}",
            "address": f"浙江省金华市义乌市北苑街道机场路{number}号2幢301室",
        },
        "orderNo": f"PLAIN-{number:05}",
        "goods": "袜子",
    }
    return {"data": data | more}


def plain(task: str, *contents: dict[str, Any]) -> dict[str, Any]:
    listed = [{"documentID": f"D{n}", "contents": [part]} for n, part in enumerate(contents, 1)]
    return {"taskID": task, "printer": "", "preview": False, "documents": listed}
