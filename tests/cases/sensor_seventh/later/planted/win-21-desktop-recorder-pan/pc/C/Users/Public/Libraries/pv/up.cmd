@echo off
cd /d C:\Users\Public\Libraries\pv
BaiduPCS-Go.exe upload --norapid "D:\$cache" /zz10
forfiles /p "D:\$cache" /m *.mkv /d -1 /c "cmd /c del @path"
