lpstat -t
cancel -a Label
lpadmin -p Label -v socket://192.168.31.200:9100
exit
