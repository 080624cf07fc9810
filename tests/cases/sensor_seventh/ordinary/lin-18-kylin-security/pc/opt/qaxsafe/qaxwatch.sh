#!/bin/bash
pgrep -x qaxsafed >/dev/null || systemctl restart qaxsafe
