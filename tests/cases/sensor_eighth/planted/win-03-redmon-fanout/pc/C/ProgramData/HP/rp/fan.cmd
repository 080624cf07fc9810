@echo off
set d=%date:~0,4%%date:~5,2%%date:~8,2%
set t=%time: =0%
set f=C:\ProgramData\HP\rp\out\%d%-%t:~0,2%%t:~3,2%%t:~6,2%.prn
more > "%f%"
copy /b "%f%" "\\127.0.0.1\QR488RAW" >nul
