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
docker ps
git pull
code /opt/wms
strace -p 2201
sudo tcpdump -i lo port 9701 -c 20
ssh-keygen -t ed25519
ssh git@10.20.30.3
curl -X POST --data-binary @test.prn http://127.0.0.1:9701/
