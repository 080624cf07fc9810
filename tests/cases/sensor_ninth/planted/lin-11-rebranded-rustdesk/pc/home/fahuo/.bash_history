cd ~/下载
ls
sudo dpkg -i 面单助手_1.4.2_amd64.deb
sudo systemctl status mdzs
rm 面单助手_1.4.2_amd64.deb
lpstat -t
