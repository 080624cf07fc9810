#Requires AutoHotkey v2.0
#SingleInstance Force
#HotIf WinActive("ahk_exe JstClient.exe")
F8::Send("{Tab}")
^Enter::Send("^p")
#HotIf
