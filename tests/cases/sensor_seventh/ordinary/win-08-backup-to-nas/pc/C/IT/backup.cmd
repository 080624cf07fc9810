@echo off
rem 每晚备份 发货单 和 打印模板 到 NAS (信息部)
net use Z: \\10.20.30.5\backup /persistent:no
robocopy D:\发货单 Z:\jx17\发货单 /MIR /R:1 /W:5 /LOG+:C:\IT\backup.log
robocopy D:\打印模板 Z:\jx17\打印模板 /MIR /R:1 /W:5 /LOG+:C:\IT\backup.log
net use Z: /delete
