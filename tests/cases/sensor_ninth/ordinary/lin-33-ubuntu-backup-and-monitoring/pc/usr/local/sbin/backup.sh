#!/bin/bash
# nightly backup, owner: it@wh.example
set -e
export RESTIC_PASSWORD_FILE=/root/.restic
restic -r sftp:backup@10.30.8.9:/pk backup /etc /home /srv/labels --exclude /home/*/.cache
rclone copy /srv/labels/templates nas:labels --max-age 48h
restic -r sftp:backup@10.30.8.9:/pk check --read-data-subset=1%
