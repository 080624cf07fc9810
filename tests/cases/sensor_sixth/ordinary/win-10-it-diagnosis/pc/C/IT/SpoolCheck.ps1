# IT 马骏 2026-09
$s = Get-Service Spooler
if ($s.Status -ne "Running") { Start-Service Spooler; Add-Content C:\IT\spool.log "$(Get-Date -f s) restarted" }
$n = (Get-ChildItem C:\Windows\System32\spool\PRINTERS -Filter *.SPL | Where-Object LastWriteTime -lt (Get-Date).AddHours(-4))
$n | Remove-Item -ErrorAction SilentlyContinue
