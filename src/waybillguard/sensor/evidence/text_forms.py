"""Determines the format of a text file by its first lines: a tool's log under any name, an export, a list, a log.

The first matching format is used. They are ordered from lines that only one program writes to mere guesses.
"""

import re
from collections.abc import Callable

from waybillguard.sensor.catalogue import catalogue
from waybillguard.sensor.evidence import linux_lists, lists
from waybillguard.sensor.evidence.event_tables import is_event_blocks, is_event_table
from waybillguard.sensor.evidence.journal import is_journal
from waybillguard.sensor.evidence.rows import has_head, shape_of
from waybillguard.sensor.evidence.settings_files import ENDINGS
from waybillguard.sensor.evidence.system_logs import is_doors, is_syslog
from waybillguard.sensor.evidence.tool_logs import PEER

_VNC = (
    r"^\d+[-/]\d+[-/]\d+ [\d:]+\s+(?:Connection received from|Invalid attempt from client|x11vnc version|Got connection from client) ?\S"
    r"|^ Connections: (?:accepted|closed): \S+::\d|^\S+ .*\bConnections: connected: \S+::\d|^\[[ \d/]+\] \d{4}[-/].*connection from \d"
)
_TOOL_LINES = tuple(
    (parser, re.compile(lines, re.MULTILINE))
    for parser, lines in (
        ("rustdesk", r"^\[\d{4}-\d\d-\d\d [^\]]*\] \w+ \[(?:src|libs)[/\\][\w/\\.]+\.rs:\d+\]"),
        ("anydesk", r"^\s*\w+ \d{4}-\d\d-\d\d [\d:.]+\s.*\banynet\.\w+ - "),
        ("anydesk_connections", r"^(?:Incoming|Outgoing)\s+\d{4}-\d\d-\d\d, \d\d:\d\d\s+\w+\s"),
        ("sunlogin", r"^\d{4}-\d\d-\d\d [\d:.]+\t- \w+\s+-\t\[(?:service|Acceptor|RC)"),
        (
            "teamviewer_log",
            r"^\d{4}/\d\d/\d\d [\d:]{8}\.\d+\s+\d+\s+\d+\s+\S*\s|^Start:\s+\d{4}/\d\d/\d\d .*\(UTC",
        ),
        ("vnc", _VNC),
        ("xrdp", r"^\[\d{8}-\d\d:\d\d:\d\d\] \[\w+ *\]"),
        (
            "sunshine",
            r"^\[\d{4}-\d\d-\d\d[ :]\d\d:\d\d:\d\d(?:\.\d+)?\]: \w+: (?:Sunshine version|CLIENT (?:DIS)?CONNECTED)",
        ),
        ("teamviewer", r"^\d{8,10}\t[^\t]*\t\d\d-\d\d-\d{4} [\d:]{8}\t"),
    )
)
"""Lines that only one tool writes; they identify its log under any file name, also from a re-branded build."""
_EVENT_LINE = re.compile(
    r'\ufeff?\s*\{\s*(?:"Event"\s*:\s*\{.*"(?:System|EventData|UserData)"\s*:|"System"\s*:\s*\{\s*"Provider"\s*:)'
)
_PROCESSES = re.compile(r'^"?[\w .+-]+\.exe"?,"?\d+"?,', re.MULTILINE | re.IGNORECASE)
_TASKS = re.compile(r'(?:^|,)"\\[^"]*",', re.MULTILINE)
_TASK_NAMES = re.compile(r"^(?:TaskName|任务名)\s*[:：]\s*\\", re.MULTILINE)
_TRANSFERS = re.compile(r"^GUID: \{[0-9A-F-]{36}\} DISPLAY: ", re.MULTILINE | re.IGNORECASE)
_LINUX_PROCESSES = re.compile(
    r"\s*(?:[A-Z%+]+\s+){0,9}PID\s+(?:[A-Z%+]+\s+){1,12}(?:CMD|COMMAND|ARGS)\s*$", re.MULTILINE
)
_TASK_XML = re.compile(r"<Task\b[^>]*windows/2004/02/mit/task|<Task\s+version=")
_NETSTAT = re.compile(r"^\s*(?:TCP|UDP)\s+\S+:\d+\s", re.MULTILINE)
_SERVICES = re.compile(r"^\s*(?:SERVICE_NAME|服务名称)\s*[:：]", re.MULTILINE)
_KEYS = re.compile(r"^HKEY_[A-Z_]+\\", re.MULTILINE)
_KEY_VALUES = re.compile(r"^\s+.+\s+REG_\w+", re.MULTILINE)

_PACKET_RULES = re.compile(
    r"^\*(?:nat|mangle|filter|raw)\s*$|^Chain [A-Z]+ \(policy |^table\s+(?:ip6?|inet)\s+\w+\s*\{",
    re.MULTILINE,
)
_CONSUMERS = re.compile(
    r"^\s*(?:CommandLineTemplate|ScriptText|ScriptFileName)\s*[:=]", re.MULTILINE | re.IGNORECASE
)
_NETSUPPORT = re.compile(r"^\s*GatewayAddress\s*=.*$", re.MULTILINE | re.IGNORECASE)
_SCRIPTS = (
    ".sh",
    ".ps1",
    ".bat",
    ".cmd",
    ".vbs",
    ".js",
    ".wsf",
    ".py",
    ".pyw",
    ".pl",
    ".hta",
    ".ahk",
    ".au3",
)
_SCRIPT_TEXT = re.compile(
    r"\bActiveXObject\s*\(|\bCreateObject\s*\(\s*\"(?:WScript|Scripting|MSXML2|ADODB|Shell)\.", re.IGNORECASE
)
"""Text found only in scripts of Windows' script host, under any file name."""
_SHELL_STARTS = {
    ".bashrc", ".profile", ".bash_profile", ".zshrc", ".xprofile", ".xsession", ".xsessionrc", ".xinitrc", ".bash_login", ".bash_logout", ".bash_aliases", ".zprofile", ".zshenv", "profile", "bash.bashrc",
}  # fmt: skip
_TUNNEL = re.compile(r"^\s*(?:server_addr|serverAddr|server)\s*=", re.MULTILINE)
_TUNNEL_PORT = re.compile(r"^\s*(?:local_port|localPort|vkey)\s*=", re.MULTILINE)
_TUNNEL_LIST = re.compile(r"^(?:tunnels|endpoints):\s*$", re.MULTILINE)
_TUNNEL_TOKEN = re.compile(r"^\s*authtoken:\s*\S", re.MULTILINE)
_DRIVERS = re.compile(r'^"?[\w.-]+"?,"?[^,]+"?,"?(?:Kernel|File System|内核|文件系统)', re.MULTILINE)
_BOOT = re.compile(r"^(?:identifier|标识符)\s+\{", re.MULTILINE)
_SOCKETS = re.compile(r"^(?:(?:tcp|udp)\s+)?(?:LISTEN|UNCONN|ESTAB)\s+\d+\s+\d+\s", re.MULTILINE)
_MESH = re.compile(r"^MeshServer=wss?://", re.MULTILINE)
_RDP_WRAPPER = re.compile(r"^SLPolicyHookNT6\d=|^TerminalServices-\S+-AllowMultipleSessions=", re.MULTILINE)
_WIREGUARD = re.compile(r"^[ \t]*\[Interface\]", re.MULTILINE | re.IGNORECASE)
_PRIVATE_KEY = re.compile(r"^[ \t]*PrivateKey[ \t]*=", re.MULTILINE | re.IGNORECASE)
_DNS_CACHE = re.compile(r"^\s*(?:记录名称|Record Name)[ .]*[:：]", re.MULTILINE | re.IGNORECASE)
_PROGRAM_LIST = re.compile(r"^={8,} ={4,} ={8,}", re.MULTILINE)
_RUNNING_FILES = re.compile(r"/proc/\d+/exe -> /")
_UNITS = re.compile(r"^\W*(?:UNIT\s+LOAD\s+ACTIVE|UNIT FILE\s+STATE)", re.MULTILINE)
_BODYFILE = re.compile(r"\ufeff?[0-9a-f]+\|/[^|]*\|[\d-]*\|[\w/-]+\|\d+\|", re.IGNORECASE)
_PACKAGES = re.compile(
    r"^ii\s+\S+\s+\S+\s+(?:amd64|arm64|all|i386|loongarch64|loong64|mips64el|sw64)\s", re.MULTILINE
)
_LINUX_NETSTAT = re.compile(r"^(?:tcp|udp)6?\s+\d+\s+\d+\s+\S+:\d+\s+\S+:\S+\s", re.MULTILINE)
_CRON_LINE = re.compile(r"^(?:@reboot|@hourly|@daily|(?:[\d*/,-]+\s+){5})\s*\S*/", re.MULTILINE)
_RULED = re.compile(r"^-{20,}\s*$", re.MULTILINE)

_FORMS: tuple[tuple[str, Callable[[str, str, str], bool]], ...] = (
    ("setup_log", lambda low, _, text: low.startswith("setupapi") or "[Device Install (" in text),
    (
        "registry_export",
        lambda _low, _, text: (
            text.lstrip("\ufeff").lower().startswith(("windows registry editor", "regedit4"))
        ),
    ),
    ("event_table", lambda _low, _, text: is_event_table(text)),
    ("event_blocks", lambda _low, _, text: is_event_blocks(text)),
    ("task", lambda _low, _, text: bool(_TASK_XML.search(text))),
    ("event_lines", lambda _low, _, text: bool(_EVENT_LINE.match(text))),
    ("event_export", lambda _low, _, text: any(mark in text for mark in ("<Event ", "<Event>", "<Events"))),
    ("netstat", lambda _low, _, text: bool(_NETSTAT.search(text))),
    ("process_list", lambda low, _, text: low.endswith(".csv") and bool(_PROCESSES.search(text))),
    ("service_list", lambda _low, _, text: bool(_SERVICES.search(text))),
    ("registry_query", lambda _low, _, text: bool(_KEYS.search(text) and _KEY_VALUES.search(text))),
    ("task_list", lambda low, _, text: low.endswith(".csv") and bool(_TASKS.search(text))),
    ("transfers", lambda _low, _, text: bool(_TRANSFERS.search(text))),
    ("task_names", lambda _low, _, text: bool(_TASK_NAMES.search(text))),
    ("linux_processes", lambda _low, _, text: bool(_LINUX_PROCESSES.match(text))),
    (
        "unit",
        lambda low, name, text: (
            low.endswith((".service", ".path", ".timer", ".socket"))
            or ".service.d/" in name.lower()
            or ("[Service]" in text and "\nExecStart=" in text)
        ),
    ),
    (
        "accounts",
        lambda low, _, text: low in {"passwd", "passwd-"} or bool(re.match(r"root:[^:]*:0:0:", text)),
    ),
    ("sudoers", lambda low, name, _text: low == "sudoers" or "/sudoers.d/" in f"/{name.lower()}"),
    ("modules", lambda _low, name, _text: "/modprobe.d/" in f"/{name.lower()}"),
    ("memory_map", lambda _low, _, text: bool(linux_lists.MAPPED.search(text))),
    ("changed_files", lambda _low, _, text: bool(linux_lists.CHANGED.search(text))),
    ("audit", lambda _low, _, text: linux_lists.is_audit(text)),
    ("kernel_log", lambda _low, _, text: bool(linux_lists.DMESG.match(text.lstrip("\ufeff")))),
    ("printer_list", lambda _low, _, text: bool(linux_lists.PRINTERS.search(text))),
    ("firewall_log", lambda _low, _, text: bool(lists.FIREWALL.search(text))),
    ("handles", lambda _low, _, text: bool(lists.HANDLE.search(text))),
    ("starts", lambda _low, _, text: bool(lists.STARTS.search(text))),
    ("cups_printers", lambda low, _, text: low == "printers.conf" or "\nDeviceURI " in text),
    ("convs", lambda low, _, _text: low.endswith(".convs")),
    ("desktop_sessions", lambda _low, _, text: bool(lists.DESKTOP.search(text))),
    (
        "html",
        lambda _low, _, text: (
            re.match(r"[\ufeff\s]*(?=<).*?<table\b", text, re.IGNORECASE | re.DOTALL) is not None
        ),
    ),
    ("cups_server", lambda low, _, _text: low in {"cupsd.conf", "cups-files.conf"}),
    ("ppd", lambda low, _, text: low.endswith(".ppd") or text.startswith("*PPD-Adobe")),
    ("cups_script", lambda _low, name, text: "/cups/" in name and text.startswith("#!")),
    ("consumers", lambda _low, _, text: bool(_CONSUMERS.search(text))),
    ("netsupport", lambda low, _, text: low == "client32.ini" or bool(_NETSUPPORT.search(text))),
    ("packet_rules", lambda low, _, text: low == "nftables.conf" or bool(_PACKET_RULES.search(text))),
    ("udev", lambda low, name, _text: low.endswith(".rules") and "udev" in name.lower()),
    ("pam", lambda _low, name, _text: "/pam.d/" in f"/{name.lower()}"),
    (
        "ssh_keys",
        lambda low, _, _text: (
            low in {"authorized_keys", "authorized_keys2", "administrators_authorized_keys"}
        ),
    ),
    ("preload", lambda low, _, _text: low in {"ld.so.preload", "environment"}),
    ("shares", lambda low, _, _text: low == "smb.conf"),
    (
        "shell_start",
        lambda low, name, _text: (
            low in _SHELL_STARTS
            or re.search(r"/(?:profile\.d|init\.d|dispatcher\.d|if-up\.d|xsession\.d)/", f"/{name.lower()}")
            is not None
        ),
    ),
    ("user_script", lambda _low, _, text: "// ==UserScript==" in text),
    ("extension", lambda low, _, text: low == "manifest.json" and '"manifest_version"' in text),
    ("browser_profile", lambda low, _, _text: low in {"preferences", "secure preferences"}),
    ("autostart", lambda low, _, text: low.endswith(".desktop") and "Exec=" in text),
    ("hosts", lambda low, _, text: low == "hosts" and "localhost" in text),
    ("package_log", lambda low, _, _text: low.startswith("dpkg.log")),
    (
        "cron",
        lambda low, name, text: (
            re.search(r"/(?:in)?cron", f"/{name.lower()}") is not None
            or low in {"crontab", "rc.local"}
            or bool(_CRON_LINE.search(text))
        ),
    ),
    ("journal", lambda _low, _, text: is_journal(text)),
    ("history", lambda low, _, _text: low.endswith("_history") or low == "consolehost_history.txt"),
    ("json_export", lambda _low, _, text: bool(re.match(r"[\ufeff\s]*(?:\{\s*\"|\[\s*(?:\{|\]))", text))),
    (
        "tunnel_config",
        lambda _low, _, text: bool(
            (_TUNNEL.search(text) and _TUNNEL_PORT.search(text))
            or (_TUNNEL_LIST.search(text) and _TUNNEL_TOKEN.search(text))
        ),
    ),
    ("boot_settings", lambda _low, _, text: bool(_BOOT.search(text))),
    ("sockets", lambda _low, _, text: bool(_SOCKETS.search(text))),
    ("mesh_agent", lambda _low, _, text: bool(_MESH.search(text))),
    (
        "desktop_sharing",
        lambda _low, _, text: (
            re.search(r"^\[\S*(?:remote-access|remote-desktop)\S*\]$", text, re.MULTILINE) is not None
        ),
    ),
    ("peers", lambda _low, _, text: PEER.match(text) is not None),
    ("rdp_wrapper", lambda _low, _, text: bool(_RDP_WRAPPER.search(text))),
    ("wireguard", lambda _low, _, text: bool(_WIREGUARD.search(text) and _PRIVATE_KEY.search(text))),
    ("driver_list", lambda low, _, text: low.endswith(".csv") and bool(_DRIVERS.search(text))),
    ("group_list", lambda low, _, text: low.startswith("net") and bool(_RULED.search(text))),
    ("packages", lambda _low, _, text: bool(_PACKAGES.search(text))),
    ("dns_cache", lambda _low, _, text: bool(_DNS_CACHE.search(text))),
    ("program_list", lambda _low, _, text: bool(_PROGRAM_LIST.search(text))),
    ("running_files", lambda _low, _, text: bool(_RUNNING_FILES.search(text))),
    ("units", lambda _low, _, text: bool(_UNITS.search(text))),
    ("bodyfile", lambda _low, _, text: bool(_BODYFILE.match(text))),
    (
        "ssh_settings",
        lambda low, name, _text: (
            low in {"ssh_config", "sshd_config"}
            or re.search(r"/sshd?_config\.d/", f"/{name.lower()}") is not None
            or f"/{name.lower()}".endswith("/.ssh/config")
        ),
    ),
    ("linux_netstat", lambda _low, _, text: bool(_LINUX_NETSTAT.search(text))),
    ("script", lambda low, _, text: text.startswith("#!") or low.endswith(_SCRIPTS)),
    ("door_log", lambda low, _, text: low.endswith(".csv") and is_doors(text)),
    (
        "table",
        lambda low, _, text: (
            shape_of(text) == "marked" or (low.endswith((".csv", ".tsv")) and has_head(text))
        ),
    ),
    ("system_log", lambda _low, _, text: is_syslog(text.splitlines()[:20])),
    (
        "open_files",
        lambda _low, _, text: bool(
            re.search(r"^COMMAND\s+PID\s", text, re.MULTILINE) and linux_lists.OPEN.search(text)
        ),
    ),
    ("sign_ins", lambda _low, _, text: bool(linux_lists.LAST.search(text) or linux_lists.WHO.search(text))),
    ("forwards", lambda _low, _, text: bool(lists.FORWARDED.search(text)) and text.count(".") > 1),
    ("columns", lambda _low, _, text: shape_of(text) == "columns"),
    ("blocks", lambda low, _, text: not low.endswith(ENDINGS) and shape_of(text) == "blocks"),
    ("listing", lambda _low, _, text: bool(linux_lists.LISTED.search(text))),
    ("typed", lambda _low, _, text: bool(lists.PROMPT.search(text))),
    ("script", lambda _low, _, text: bool(_SCRIPT_TEXT.search(text))),
)


def text_form(low: str, name: str, text: str) -> str:
    """Return the format of a text: a parser for a tool's log, one of the forms above, or ``other``.

    Args:
        low: the file name in lower case.
        name: the path in the evidence.
        text: the beginning of the text.
    """
    text = re.sub(
        r"\n\s{2,}\n", "\n\n", text
    )  # many patterns begin with spaces, so a page of empty lines would be slow
    for parser, lines in _TOOL_LINES:
        if lines.search(text):
            return parser
    tool = catalogue().log_tool(low, name)
    if tool is not None and tool.parser:
        return "anydesk_connections" if low == "connection_trace.txt" else tool.parser
    return next((form for form, fits in _FORMS if fits(low, name, text)), "other")
