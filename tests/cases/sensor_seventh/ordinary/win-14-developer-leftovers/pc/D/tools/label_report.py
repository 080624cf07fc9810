# 每天统计各快递单量, 写到共享表
import csv, collections, datetime
c = collections.Counter()
for r in csv.reader(open(r"D:\发货单\today.csv", encoding="gbk")):
    c[r[3]] += 1
with open(r"\\10.20.30.5\share\count.csv", "a", newline="") as f:
    for k, v in c.items(): csv.writer(f).writerow([datetime.date.today(), k, v])
