lpstat -t
sudo systemctl restart cups
cancel -a Label
