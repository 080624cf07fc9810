"""A recorded Windows machine: output of its commands and registry, to which a test can add a thief's traces."""

from collections.abc import Iterator

HKLM = "HKEY_LOCAL_MACHINE"
SERVICES = rf"{HKLM}\SYSTEM\CurrentControlSet\Services"
PRINT = rf"{HKLM}\SYSTEM\CurrentControlSet\Control\Print"
RUN = rf"{HKLM}\SOFTWARE\Microsoft\Windows\CurrentVersion\Run"

ORDINARY_KEYS: dict[str, dict[str, str | int]] = {
    rf"{SERVICES}\Spooler": {"ImagePath": r"%SystemRoot%\System32\spoolsv.exe", "Type": 272},
    rf"{SERVICES}\ClickToRunSvc": {
        "ImagePath": r'"C:\Program Files\Common Files\Microsoft Shared\ClickToRun\OfficeClickToRun.exe" /service'
    },
    rf"{PRINT}\Monitors\Local Port": {"Driver": "localspl.dll"},
    rf"{PRINT}\Monitors\Standard TCP/IP Port": {"Driver": "tcpmon.dll"},
    rf"{PRINT}\Environments\Windows x64\Print Processors\winprint": {"Driver": "localspl.dll"},
    RUN: {"SecurityHealth": r"%windir%\system32\SecurityHealthSystray.exe"},
}
ORDINARY_PROGRAMS = [("spoolsv.exe", 1200), ("explorer.exe", 4000), ("CNPrintClient.exe", 5000)]
ORDINARY_PORTS = [("127.0.0.1", 13528, 5000)]


class Recorded:
    """Answers the queries of ``WindowsMachine`` from memory."""

    def __init__(self) -> None:
        self.keys = {path: dict(values) for path, values in ORDINARY_KEYS.items()}
        self.programs = list(ORDINARY_PROGRAMS)
        self.ports = list(ORDINARY_PORTS)
        self.events = ""

    def run(self, command: list[str]) -> bytes:
        if command[0] == "tasklist":
            rows = [
                f'"{name}","{pid}","Console","1","10,000 K","Running","PC\\dadan","0:00:01","N/A"'
                for name, pid in self.programs
            ]
            return "\r\n".join(rows).encode("gb18030")
        if command[0] == "netstat":
            rows = [
                f"  TCP    {host}:{port}    0.0.0.0:0    LISTENING    {pid}" for host, port, pid in self.ports
            ]
            return "\r\n".join(["", "活动连接", "", *rows]).encode("gb18030")
        return self.events.encode() if command[2] == "System" else b""

    def registry(self, key: str, depth: int) -> Iterator[tuple[str, dict[str, str | int]]]:
        found = False
        for path, values in self.keys.items():
            if path.lower().startswith(key.lower()) and path.count("\\") - key.count("\\") <= depth:
                found = True
                yield path, values
        if not found:
            raise FileNotFoundError(key)


def service_event(name: str, path: str, time: str) -> str:
    return (
        '<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>'
        '<Provider Name="Service Control Manager"/><EventID Qualifiers="16384">7045</EventID>'
        f'<TimeCreated SystemTime="{time}"/><EventRecordID>77</EventRecordID><Channel>System</Channel></System>'
        f'<EventData><Data Name="ServiceName">{name}</Data><Data Name="ImagePath">{path}</Data></EventData></Event>'
    )
