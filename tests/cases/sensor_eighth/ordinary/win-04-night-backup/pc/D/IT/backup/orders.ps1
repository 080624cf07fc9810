# 每晚备份 ERP 订单库和打印模板到仓库 NAS，信息科
$d = Get-Date -Format yyyyMMdd
sqlcmd -S . -E -Q "BACKUP DATABASE wms TO DISK='D:\bak\wms_$d.bak' WITH COMPRESSION"
robocopy D:\bak \\192.168.9.5\backup\erp *.bak /Z /R:2 /LOG+:D:\IT\backup\robo.log
robocopy "D:\打印模板" \\192.168.9.5\backup\tpl /MIR /LOG+:D:\IT\backup\robo.log
