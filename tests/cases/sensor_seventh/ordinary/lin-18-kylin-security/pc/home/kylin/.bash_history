cd 桌面
lpstat -p
lpstat -t
sudo systemctl restart cups
ping 10.20.30.2
ip addr
ls /dev/usb
cancel -a
lpoptions -d GP-1324D
sudo apt update
sudo apt install gprinter-driver
df -h
free -m
exit
