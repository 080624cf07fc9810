@echo off
rem ERP 夜间备份到 NAS，2025-06 王工写，改动请登记
net use Z: \\10.30.8.9\erp /persistent:no
sqlcmd -S .\ERP -Q "BACKUP DATABASE wms TO DISK='D:\ERP\bak\wms.bak' WITH INIT"
robocopy D:\ERP\bak Z:\%COMPUTERNAME% *.bak /mir /r:1 /w:5 /log:D:\ERP\bak\rc.log
robocopy D:\ERP\labels Z:\%COMPUTERNAME%\labels /e /maxage:2 /np
net use Z: /delete
