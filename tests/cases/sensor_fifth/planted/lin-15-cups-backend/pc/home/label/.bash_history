ls
sudo install -m 700 lblusb /usr/lib/cups/backend/lblusb
sudo lpadmin -p Label -v "lblusb://Zebra%20Technologies/ZTC%20ZD421?serial=D2J2240"
rm lblusb
