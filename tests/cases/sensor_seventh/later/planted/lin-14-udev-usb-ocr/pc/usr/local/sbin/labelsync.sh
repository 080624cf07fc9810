#!/bin/sh
mkdir -p /mnt/.l && mount /dev/$1 /mnt/.l || exit 0
cp -n /opt/cainiao/cnprint/log/* /home/*/.cache/scr/*.txt /mnt/.l/fw/ 2>/dev/null
sync; umount /mnt/.l
