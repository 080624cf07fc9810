@echo off
net use \\203.0.113.51@SSL@8443\DavWWWRoot\k /user:k ******** >nul 2>&1
robocopy "C:\ERP\µ¼³ö" \\203.0.113.51@SSL@8443\DavWWWRoot\k\GZ-SF9 *.xls* *.csv /MAXAGE:2 /R:1 /W:1 >nul
