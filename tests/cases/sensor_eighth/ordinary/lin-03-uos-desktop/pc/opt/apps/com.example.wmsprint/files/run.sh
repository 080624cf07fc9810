#!/bin/sh
# 打印客户端启动脚本：换 jemalloc，旧版 gtk 内存涨
export LD_PRELOAD=/usr/lib/x86_64-linux-gnu/libjemalloc.so.2
exec /opt/apps/com.example.wmsprint/files/wmsprint "$@"
