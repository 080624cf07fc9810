wmic shadowcopy call create Volume=C:\
mklink /d C:\v \\?\GLOBALROOT\Device\HarddiskVolumeShadowCopy5\
xcopy /y /e C:\v\Users\pack4\AppData\Roaming\ZtoPrint\db D:\Nutstore\1\我的坚果云\s\db\
rmdir C:\v
