"""The systemd unit for a Linux box beside a printer: least privileges, writes only its own folder, no core dumps."""

from typing import Final

HOME: Final = "/var/lib/waybillguard-agent"
"""Default folder of the unit's agent."""
_UNIT: Final = """\
# Waybill Guard print agent. Save as /etc/systemd/system/waybillguard-agent.service, then:
#   useradd --system --home-dir {home} --shell /usr/sbin/nologin {user}
#   install -d -m 0700 -o {user} {home}                      and put agent.toml there
#   runuser -u {user}{group} -- {program} agent enrol --home {home}{options} --server URL CODE
#   systemctl daemon-reload && systemctl enable --now waybillguard-agent
[Unit]
Description=Waybill Guard print agent
Wants=network-online.target
After=network-online.target

[Service]
Type=exec
ExecStart={program} agent run --home {home}{options}
Restart=always
RestartSec=3
RestartPreventExitStatus=1 2
User={user}
{folder}
UMask=0077
LimitCORE=0
NoNewPrivileges=yes
PrivateTmp=yes
{devices}
ProtectSystem=strict
ProtectHome=yes
ProtectProc=invisible
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
MemorySwapMax=0
CapabilityBoundingSet=
AmbientCapabilities=
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged

[Install]
WantedBy=multi-user.target
"""


_STATE: Final = """\
StateDirectory=waybillguard-agent
StateDirectoryMode=0700"""
_NO_DEVICES: Final = "PrivateDevices=yes"
_TPM: Final = """\
PrivateDevices=no
DevicePolicy=closed
DeviceAllow={device} rw
SupplementaryGroups={group}"""
_TPM_GROUP: Final = "tss"
"""The group that owns /dev/tpmrm0 on Debian (tpm-udev)."""


def unit_text(
    program: str,
    home: str = HOME,
    user: str = "waybillguard-agent",
    tpm: str = "",
    options: str = "",
) -> str:
    """Return the unit of an agent that runs as ``user`` with its folder at ``home``.

    ``tpm`` is the device file of the TPM that holds its key; '' for none, and then it can access no device.
    ``options`` are added to the command lines of enrolment and service.
    """
    return _UNIT.format(
        program=program,
        home=home,
        folder=_STATE if home == HOME else f"ReadWritePaths={home}",
        options=f" {options}" if options else "",
        user=user,
        group=f" -g {user} -G {_TPM_GROUP}" if tpm else "",
        devices=_TPM.format(device=tpm, group=_TPM_GROUP) if tpm else _NO_DEVICES,
    )
