r"""Normalizes and classifies the paths of programs and folders for the rules.

Windows writes a path in many forms: ``\??\C:\…``, ``%SystemRoot%\…``, ``\Device\HarddiskVolume3\…``,
quoted, with arguments. All comparisons are in lower case and keep ``\`` or ``/`` as written.
"""

import re
from ipaddress import ip_address, ip_network

from waybillguard.on_demand import pattern_on_use

_VARIABLES = {
    "%systemroot%": r"c:\windows",
    "%windir%": r"c:\windows",
    "%systemdrive%": "c:",
    "%programfiles%": r"c:\program files",
    "%programfiles(x86)%": r"c:\program files (x86)",
    "%programdata%": r"c:\programdata",
    "%allusersprofile%": r"c:\programdata",
    "%public%": r"c:\users\public",
    "\\systemroot\\": "c:\\windows\\",
}
_PREFIX = pattern_on_use(r"^(?:\\\?\?\\|\\\\\?\\|\\device\\harddiskvolume\d+(?=\\)|\\volume\{[^}]*\}(?=\\))")
_PROGRAM = pattern_on_use(
    r"^(.*?\.(?:exe|dll|sys|scr|bat|cmd|ps1|vbs|js|com|msi|pf))(?=$|[\s\",;/])", re.IGNORECASE
)
_USER_WRITABLE = pattern_on_use(
    r"\\(?:users|documents and settings)\\|\\temp\\|\\tmp\\|\\\$recycle\.bin\\|\\perflogs\\|\\appdata\\"
    r"|^c:\\programdata\\[^\\]+$|^/(?:tmp|var/tmp|dev/shm|home|run/user|media|mnt)/|^/root/|^(?:%h|~)/"
)
_HIDDEN = pattern_on_use(
    r"\\\$recycle\.bin\\|\\perflogs\\|\\users\\public\\|\\windows\\(?:temp|fonts|debug|help|tasks|media|addins|web)\\"
    r"|\\system volume information\\|\\spool\\(?:drivers\\color|printers)\\|^c:\\programdata\\[^\\]+$"
    r"|\\temp\\|^/(?:dev/shm|tmp|var/tmp)/|/\.[^/]+/[^/]*$|/\.[^/]+$"
)
_WINDOWS_OWN = pattern_on_use(r"^(?:c:\\windows|%windir%|%systemroot%)\\system32\\(?!spool\\|tasks\\)")
_STARTERS = pattern_on_use(
    r"^(?:(?:ba|da|z|k)?sh|python[\d.]*w?|pypy\d*|perl|ruby|node|php|lua|java|javaw|mono|dotnet|systemd-run|setsid|nohup|env|sudo|su"
    r"|runuser|nice|ionice|timeout|flock|xargs|autohotkey\w*|autoit3\w*)(?:\.exe)?$"
)
_STARTED = pattern_on_use(
    r"(?:^|[\s\"';&|(=])((?:/|%h/|~/)[^\s\"';&|<>()]+|[a-z]:\\[^\"<>|]*?\.\w{1,5}\b)", re.IGNORECASE
)
_SCRIPT = pattern_on_use(
    r"((?:[a-z]:\\|%\w+%\\)[^\"<>|]*?\.(?:ps1|vbs|vbe|js|jse|wsf|bat|cmd|hta|sct))\b|(https?://[^\s\"']+)"
)
_FORWARD = pattern_on_use(
    r"netsh(?:\.exe)?\W.*\b(?:i|in\w*)\s+(?:p|po\w*)\s+(?:a|add|set)\s|portproxy\s+(?:add|set)"
    r"|\b(?:(?:auto)?ssh|plink|putty|kitty)(?:\.exe)?\b.*\s-[A-Za-z]*R\s*\S+|\b(?:gost|chisel|bore|ngrok|cloudflared)(?:\.exe)?\b.*"
    r"(?:\br?tcp://|\bR:|\btcp\s|\btunnel\b|-L\W|-F\W)",
    re.IGNORECASE,
)
_HIDDEN_WINDOW = pattern_on_use(r"\s-w\w*\s+(?:h\w*|1)\b", re.IGNORECASE)
_UNCHECKED = pattern_on_use(r"\s-e(?:p|x\w*)\s+(?:bypass|unrestricted)\b", re.IGNORECASE)
_LIBRARY = pattern_on_use(
    r"\b(?:rundll32|regsvr32)(?:\.exe)?\"?\s+(?:/\S+\s+)*\"?([^\",]*?\.(?:dll|ocx|cpl|tmp|dat|bin))(?=$|[\s\",#])"
)
_INSIDE = tuple(
    ip_network(net)
    for net in (
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10", "127.0.0.0/8",
        "fc00::/7", "fe80::/10", "::1/128",
    )
)  # fmt: skip
_INSTALLED = pattern_on_use(
    r"^(?:c:)?\\(?:windows\\(?!temp\\|fonts\\|debug\\|help\\|tasks\\|media\\)|program files(?: \(x86\))?\\)"
    r"|^%(?:systemroot|windir|programfiles)|^system32\\"
    r"|^/(?:usr/(?:lib|lib32|lib64|libexec|bin|sbin|share)|lib|lib64|bin|sbin)/"
)
_SHELLS = frozenset(
    {
        "cmd.exe",
        "powershell.exe",
        "pwsh.exe",
        "%comspec%",
        "mshta.exe",
        "wscript.exe",
        "cscript.exe",
        "rundll32.exe",
    }
)

WEB_PORTS = frozenset({80, 443})
"""Ports of web servers."""
_BORROWED = frozenset(
    {"certutil.exe", "curl.exe", "bitsadmin.exe", "psexec.c", "psexec.exe", "regsvr32.exe", "ffmpeg.exe"}
)


def program_path(command: str) -> str:
    """Return the path of a command line's program, in lower case without arguments."""
    text = command.strip().lower()
    if not text:
        return ""
    if text.startswith("%comspec%"):
        return r"c:\windows\system32\cmd.exe"
    if text.startswith('"'):
        text = text[1:].partition('"')[0]
    elif "\\" in text or "%" in text or ":" in text[:3]:
        found = _PROGRAM.match(text)
        text = found.group(1) if found else text
    elif text.startswith("/"):
        text = text.partition(" ")[0]
    else:
        found = _PROGRAM.match(text)
        text = found.group(1) if found else text.partition(" ")[0]
    text = _PREFIX.sub("", text)
    for name, value in _VARIABLES.items():
        if text.startswith(name):
            text = value + text[len(name) :]
            break
    if text.startswith("\\") and not text.startswith("\\\\"):
        text = "c:" + text
    if text.startswith("system32\\"):
        text = "c:\\windows\\" + text
    return text


def base_name(path: str) -> str:
    """Return the file name of a path of either system, in lower case."""
    return path.strip().lower().replace("\\", "/").rpartition("/")[2]


def folders(path: str) -> list[str]:
    """Return the folder names of a path of either system, in lower case, without drive and file name."""
    parts = [part for part in re.split(r"[\\/]", path.strip().lower()) if part]
    return [part for part in parts[:-1] if not part.endswith(":")]


def is_user_writable(path: str) -> bool:
    """Return whether users without administrator rights can store a program there, by the system's defaults."""
    return bool(_USER_WRITABLE.search(path.lower()))


def is_hidden_place(path: str) -> bool:
    """Return whether a path is a place where programs are not installed and users do not look."""
    return bool(_HIDDEN.search(path.lower()))


def script_of(command: str) -> str:
    """Return the script that a shell or script host runs: its path, or a network address."""
    found = _SCRIPT.search(command.lower())
    # After a shell with its full path, the script is the last argument.
    return re.split(r"\s[\"']?(?=[a-z]:\\|%\w+%\\)", found[1] or found[2])[-1].strip() if found else ""


def is_forward(command: str) -> bool:
    """Return whether a command forwards a port, or a port of another machine to this one."""
    return bool(_FORWARD.search(command))


def runs_odd_script(command: str) -> bool:
    """Return whether a shell runs a script from the network or a writable place, or hidden and without checks."""
    script = script_of(command)
    hidden = _HIDDEN_WINDOW.search(command) is not None and _UNCHECKED.search(command) is not None
    hidden = hidden and not _WINDOWS_OWN.match(script)  # some tasks of Windows run hidden
    return script.startswith("http") or is_hidden_place(script) or is_user_writable(script) or hidden


_PRINT_STORE = pattern_on_use(
    r"\\resources\\print\.db|\\spool\\printers\\|/spool/cups/|\.spl$|\.shd$", re.IGNORECASE
)


def is_print_store(path: str) -> bool:
    """Return whether a path is in the spool or in the print component's store, which hold whole labels."""
    return bool(_PRINT_STORE.search(path))


def is_spool(path: str) -> bool:
    """Return whether a path is in the spool folder of Windows or CUPS."""
    return bool(re.search(r"\\spool\\printers\\|/spool/cups/", path, re.IGNORECASE))


def started_files(path: str, command: str) -> tuple[str, ...]:
    """Return the files that an interpreter or wrapper starts; for any other program, the program itself."""
    if not _STARTERS.match(base_name(path)):
        return (path,) if path else ()
    named = [
        each
        for each in _STARTED.findall(command[:4000])
        if each.lower() != path.lower() and not each.startswith("/dev/")
    ]
    return tuple(dict.fromkeys(named)) or (path,)


def library_of(command: str) -> str:
    """Return the library that ``rundll32`` or ``regsvr32`` loads, in lower case."""
    found = _LIBRARY.search(command.lower())
    return program_path(found[1]) if found else ""


def is_outside(host: str) -> bool:
    """Return whether an address is outside the site: neither private nor the machine's own.

    Addresses reserved for documentation count as outside: no site has them.
    """
    try:
        address = ip_address(host)
    except ValueError:
        return False
    address = getattr(address, "ipv4_mapped", None) or address
    return not (address.is_multicast or address.is_unspecified) and not any(
        address in net for net in _INSIDE if net.version == address.version
    )


_ADDRESS = pattern_on_use(r"(?<![\w.-])(?<![^\\]\\)(\d{1,3}(?:\.\d{1,3}){3})(?![\d.])")


_PHONE = pattern_on_use(
    r"iPhone|(?:Redmi|HUAWEI|HONOR|Xiaomi)(?![-_][0-9A-Z]{3,})|OPPO|vivo|realme|Galaxy|手机|热点|hotspot", re.IGNORECASE
)  # fmt: skip


def is_phone_network(network: str) -> bool:
    """Return whether a wireless network has a phone's name; routers of the same makers add a number (HUAWEI-1A2B)."""
    return bool(_PHONE.search(network))


def outside_address(command: str) -> str:
    """Return the first address outside the site in a command; version numbers in paths are ignored."""
    return next((each for each in _ADDRESS.findall(command) if is_outside(each)), "")


def is_this_pc(host: str) -> bool:
    """Return whether a host is this machine: any loopback address, also IPv4 written as IPv6."""
    text = host.strip().strip("[]").lower()
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return text == "localhost"
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def port_number(text: str) -> int:
    """Return a port written in digits; 0 for a name, an asterisk or an invalid port."""
    return int(text) if re.fullmatch(r"[0-9]{1,5}", text) else 0


def whole_number(text: str) -> int | None:
    """Return a number of up to 18 digits; None for other text, such as ``²``, which ``isdigit`` accepts."""
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else None


def is_installed_place(path: str) -> bool:
    """Return whether a path is in a folder to which only administrators or packages write programs."""
    return bool(_INSTALLED.match(path.lower()))


def is_shell(path: str) -> bool:
    """Return whether a program is a shell or script host."""
    return base_name(path) in _SHELLS or path.lower().startswith("%comspec%")


def is_renamed_shell(path: str, original: str) -> bool:
    """Return whether a binary is a renamed shell or another Windows tool that intruders rename."""
    own = base_name(original)
    return own in _SHELLS | _BORROWED and own != base_name(path)
