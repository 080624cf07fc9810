ls 下载
lpstat -p
ping 192.168.40.1
