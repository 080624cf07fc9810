"""Acts of command lines: one command for each branch of each pattern in ``data/commands.yaml``."""

import re

import pytest

from waybillguard.sensor.parts import acts_of, command_acts

COMMANDS = {
    "records_screen": [
        "q -f gdigrab -i desktop", "q -f ddagrab -i 0", "q -f x11grab -i :0", "q -f kmsgrab -i -", "q -f avfoundation -i 1",
        "wf-recorder -f a.mp4", "import -window root a.png", "powershell $g.CopyFromScreen(0,0)", "psr.exe /start /gui 0",
        "psr /gui 0", "scrot -d 5", "grim -t png", "gnome-screenshot -f a.png", "spectacle -b",
    ],
    "records_keys": [
        "q --keylog", "q kbdhook", "q HookStart", "powershell GetAsyncKeyState", "q SetWindowsHookEx", "logkeys --start",
        "xinput test 9", "cat /dev/input/event3", "evtest --grab", "showkey -a",
    ],
    "reads_clipboard": [
        "powershell Get-Clipboard", "xclip -selection c -o", "xsel -b -o", "wl-paste -w q", "[Clipboard.GetText]",
        "[Windows.Forms.Clipboard]::GetText()", "user32.GetClipboardData(1)", "c = pyperclip.paste()", "clipboard.wait_for_text()",
        "AddClipboardFormatListener(h)", "clipboardData.getData('text')",
    ],
    "opens_traffic": [
        "q --mode local", "q --mode=transparent", "q --mode regular", "q --mode reverse:https://192.0.2.1",
        "q --mode upstream:http://192.0.2.1", "q --mode wireguard", "q --set confdir=c:\\q", "q --ssl-insecure",
        "q --ssl-key-log-file=c:\\q.txt", "set SSLKEYLOGFILE=c:\\q.txt", "sslsplit -D", "sslstrip -w a", "bettercap -X",
    ],
    "adds_root": [
        "certutil -addstore -f ROOT c:\\q.cer", "certutil.exe /addstore root q.cer",
        "powershell Import-Certificate q.cer Cert:\\LocalMachine\\Root", "trust  anchor --store q.cer",
        "update-ca-certificates --fresh",
    ],
    "opens_browser": [
        "q --remote-debugging-port=9222", "q --remote-debugging-pipe", "q --load-extension=c:\\q", "q --disable-web-security",
        "q --disable-extensions-except=c:\\q", "const b = await puppeteer.connect()", "curl http://127.0.0.1:9222/json",
    ],
    "copies_shadow": [
        "vssadmin create shadow /for=C:", "wmic shadowcopy call create Volume=C:\\", "diskshadow /s c:\\q.txt", "esentutl.exe /y c:\\q /vss",
        "(gwmi -list Win32_ShadowCopy).Create('C:\\')", "copy \\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy3\\q c:\\q",
    ],
    "relays_printer": [
        "socat - TCP:192.0.2.1:9100", "nc -k 192.0.2.1 9100", "ncat 192.0.2.1 515", "netcat 192.0.2.1 631", "rinetd 13528",
        "redir :13529", "simpleproxy -L 5000", "tcptunnel 18653", "usbip bind -b 1-1", "usbipd bind -b 1-1",
        "com2tcp.exe 16888", "hub4com 16889", "tee /dev/usb/lp0", "tee /dev/usblp0", "socat - printer", "cat /dev/usbmon1",
        "usbpcapcmd -d 1",
    ],
    "relays": [
        "socat TCP-LISTEN:4444 TCP:192.0.2.1:1", "socat TCP4-L:4444 EXEC:/bin/sh", "socat OPENSSL-LISTEN:4444,cert=a SYSTEM:q",
        "socat SSL-L:4444 UNIX:/q", "socat UDP-LISTEN:4444 OPENSSL:192.0.2.1:1", "socat UDP-L:4444 TCP:192.0.2.1:1",
        "nc -lvp 4444 -e /bin/sh", "nc.exe -l -p 4444 -e cmd.exe", "netcat -l -p 4444 -c /bin/sh", "ncat -lk 4444 -e /bin/sh",
        '"c:\\q\\nc.exe" -lvp 4444 -e cmd', "ncat -l 80 --exec /bin/sh", "ncat --listen 80 --sh-exec q", "ncat -lkp 80 --exec q",
    ],
    "listens_to_component": ["q ws://127.0.0.1:13528", "q wss://localhost:13529", "q ws://[::1]:12705", "s.bind(('0.0.0.0', 13528))"],
    "reads_jobs": [
        "powershell Get-PrintJob", "wmic path Win32_PrintJob", "q __InstanceCreationEvent Win32_PrintJob",
        "q __InstanceCreationEvent where a isa 'MSFT_PrintJob'", "q AddPrintProcessor", "q KeepPrintedJobs",
        "schtasks /create /ec Microsoft-Windows-PrintService/Operational",
    ],
    "tunnel": [
        "q tunnel run", "q --token abc tunnel", "code.exe tunnel", "devtunnel host", "gs-netcat -l", "cpolar http 80",
        "natapp.exe -a", "ngrok http 80", "rathole c.toml", "zrok share", "wstunnel client", "iodine -f", "q -vkey=abc",
        "q --relay=192.0.2.1:443", "ssh -J a@192.0.2.1 b -D 1",
    ],
    "watches_session": ["mstsc.exe /shadow:1", "q /noConsentPrompt"],
    "takes_passwords": [
        "rundll32 comsvcs.dll,MiniDump 1", "procdump -ma lsass.exe", "reg save HKLM\\SAM a", "reg.exe save hklm\\system a",
        "reg save HKEY_LOCAL_MACHINE\\SECURITY a", "q sekurlsa::logonpasswords", "ntdsutil ifm", "cmdkey /list",
    ],
    "switches_off_guard": [
        "Set-MpPreference -DisableRealtimeMonitoring 1", "Add-MpPreference -ExclusionPath c:\\q",
        "netsh advfirewall set allprofiles state off", "sc stop WinDefend", "sc.exe config wscsvc start= disabled",
        "sc delete mpssvc", "sc stop eventlog",
    ],
    "uploads": [
        "q.exe move C:\\q\\out box:q --log-level INFO", "q --config c:\\q\\rclone.conf", "q.exe --config c:\\a.conf copy c:\\q n:bk",
        '"c:\\q\\BaiduPCS-Go.exe" upload "a" /u', "bypy upload a", "aliyunpan upload a", "aliyundrive sync", "cloudpan189-go upload a",
        "115drive put a", "123pan upload a", "quarkpan upload a", "ossutil64.exe cp a oss://b", "coscli cp a cos://b", "coscmd upload a b",
        "obsutil cp a obs://b", "qshell sync a b", "azcopy copy a b", "gsutil -m cp a gs://b", "s3cmd put a s3://b", "aws s3 cp a s3://b",
        "mega-put.exe put a", "rclone copy a b:", "bitsadmin /create /upload q", "Start-BitsTransfer -Source a -TransferType Upload",
    ],
    "writes_to_robot": [
        "irm https://oapi.dingtalk.com/robot/send?access_token=0", "curl https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0",
        "curl https://open.feishu.cn/open-apis/bot/v2/hook/0", "curl https://api.telegram.org/bot0/sendMessage",
        "curl https://hooks.slack.com/services/0", "curl https://discord.com/api/webhooks/0", "curl https://sctapi.ftqq.com/0.send",
        "curl https://www.pushplus.plus/send", "curl https://wxpusher.zjiecloud.com/api", "curl https://api.day.app/0/a",
        "curl -d a ntfy.sh/q", "curl https://api.pushover.net/1", "curl https://qmsg.zendee.cn/send/0",
        "curl https://maker.ifttt.com/trigger/a", "curl https://webhook.site/0",
    ],
    "shares_network": [
        "netsh wlan set hostednetwork mode=allow", "hostapd /etc/q", "create_ap wlan0 eth0", "nmcli device wifi hotspot ssid q",
        "$m.StartTetheringAsync()",
    ],
    "hears_documents": ["inotifywait -m /var/spool/cups", "cd spool; python -m watchdog"],
    "takes_sign_ins": [
        "import browser_cookie3", "import pycookiecheat", "import rookiepy", "copy a\\Network\\Cookies b", "cp cookies.sqlite b",
        "cp ~/.config/google-chrome/Default/Cookies q", "sqlite3 '.config/chromium/Profile 2/Cookies' .dump", 'copy "Login Data" b', "cp logins.json b", "cp key4.db b", "CryptUnprotectData(a)",
    ],
    "copies_to_disk": ["cp /var/spool/cups/d001 /media/usb/"],
}  # fmt: skip


def branches(pattern: str) -> list[str]:
    """Split a pattern at each ``|`` outside brackets."""
    parts, depth, escaped = [""], 0, False
    for letter in pattern:
        depth += (letter in "([") - (letter in ")]") if not escaped else 0
        if letter == "|" and depth == 0 and not escaped:
            parts.append("")
        else:
            parts[-1] += letter
        escaped = letter == "\\" and not escaped
    return parts


@pytest.mark.parametrize(
    ("code", "command"), [(code, command) for code, commands in COMMANDS.items() for command in commands]
)
def test_a_command_is_told_by_what_it_does(code: str, command: str) -> None:
    assert code in [act.code for act in acts_of(command)]


@pytest.mark.parametrize(
    ("code", "branch"), [(act.code, branch) for act in command_acts() for branch in branches(act.command)]
)
def test_each_branch_of_each_pattern_has_a_command_here(code: str, branch: str) -> None:
    assert any(re.search(branch, command, re.IGNORECASE | re.MULTILINE) for command in COMMANDS[code])


@pytest.mark.parametrize(
    "command",
    [
        "rclone copy nas:a d:\\b",
        "aws s3 cp --quiet s3://a/b .",
        "rsync -al -e ssh a b:c",
        "nc -zv 192.0.2.1 80",
        "c:\\nc\\q.exe -l a -c b",
        "sync -l x -e y",
        "curl https://shop.example.com/cookies?next=tcp",
        "echo Login data saved",
        "journalctl -u watchdog | grep print",
        "from watchdog.observers import Observer; print('started')",
    ],
)
def test_a_command_that_does_none_of_this_is_not_told(command: str) -> None:
    assert not list(acts_of(command))


@pytest.mark.parametrize("code", COMMANDS)
def test_a_long_line_of_what_begins_an_act_costs_no_minutes(code: str) -> None:
    # With work quadratic or cubic in the length, this test would not end.
    for command in COMMANDS[code]:
        words = command.split(" ")
        for count in range(1, len(words)):
            begun = " ".join(words[:count]) + " "
            assert list(acts_of(begun * (20_000 // len(begun)))) == list(acts_of(begun * 3))
