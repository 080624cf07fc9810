ls
cd 下载
sudo sh dwagent.sh
rm dwagent.sh
lpstat -p
