"""The cases: what stands on each label (a leading ! shows too much), how it is photographed, what a judge says."""

import random

CASES = {}
SHORT = {"青鹭速递": "QL", "云驼快递": "YT7", "百舸物流": "BG", "栀安速运": "ZA", "飞檐快递": "FY88", "隼运": "SY", "麦穗邮达": "MS", "同溪速送": "TX",
         "汇桥货运": "HQ", "沐风冷链": "MF", "迅岚快运": "78"}  # fmt: skip


def c(id_, layout, style, carrier, dist, people, traps=(), faults=(), **more):
    """`people`: name, phone, address of the receiver, then of the sender; None where the label has none."""
    r = random.Random(id_)
    case = {"id": id_, "layout": layout, "style": style, "carrier": carrier, "dist": dist, "traps": list(traps), "faults": list(faults)}
    case |= {k: v for k, v in zip(("rn", "rp", "ra", "sn", "sp", "sa"), people, strict=False) if v is not None}
    case["no"] = SHORT.get(carrier, "5") + "".join(str(r.randrange(10)) for _ in range(12))
    case["day"] = f"2026-11-{r.randrange(18, 27)} {r.randrange(8, 20):02}:{r.randrange(60):02}:{r.randrange(60):02}"
    case["sort"] = f"{r.randrange(210, 890)}-{r.choice('ABDHKM')}{r.randrange(10, 60)} {r.randrange(100, 999)}"
    CASES[id_] = case | more


TOKEN = "E2|q8ZkV3nT0xR7|c41f"

c("x01", "cloud1", "sans", "青鹭速递", "angle", ("李*", "138******12", "江川省宁泽市柳塘区 望湖路216号云栖苑4幢****", "苏*琴", "150******07", "浔安省桐里市西郊街道工业二路9号*"),
  goods="衣物", remark="工作日送", qr=TOKEN)
c("x02", "cloud1", "bold", "云驼快递", "shadow", ("贺*舟", "!139****4471", "浔安省白鹭市江口区滨江中路58号枫林里11幢***", "邹**", "187******30", "江川省宁泽市东园镇创业路3号"),
  faults=["receiver's phone shows seven digits"], goods="日用品", mark="box")
c("x03", "cloud2", "narrow", "飞檐快递", "curl", ("宋**", "1******6023", "临淮省阜桥市青山区解放东路77号锦绣东方9号楼***室", "孟*", "1******1189", "临淮省陵溪市北关街12号*"),
  traps=["five digits of the phone stand, one and four"], goods="图书 2本", remark="先电联", ad="扫码领寄件券 满12减3")
c("x04", "cloud2", "sans", "百舸物流", "angle soft", ("周*博", "176******55", "浔安省桐里市花桥镇迎宾大道1088号东湖印象22幢****", "丁**", "131******28", "江川省宁泽市柳塘区货场路6号"),
  faults=["receiver's name whole on the second ply"], rn2="!周文博", goods="五金件", stacked=True)
c("x05", "cloud3", "sans", "栀安速运", "shadow", ("冯*", "189******61", "临淮省阜桥市经开区梧桐路300号翰林公馆17幢**", "樊**", "155******94", "浔安省白鹭市南湾街道渔港路41号"),
  traps=["the plies hide different parts"], rn2="*瑶", rp2="*******8861", sn2="**山", goods="茶叶", remark="放快递柜")
c("x06", "cloud3", "narrow", "隼运", "warm angle", ("廖*成", "133******09", "江川省梅渚市文昌区学府街5号学林雅居2幢****", "白*", "158******72", "浔安省桐里市城南街道石桥弄60号幸福家园8幢****"),
  faults=["sender's unit and room on the third ply"], sa2="!浔安省桐里市城南街道石桥弄60号幸福家园8幢2单元1403", skip=True, goods="陶器")
c("x07", "bottom", "sans", "麦穗邮达", "crease", ("汤**", "152******18", "临淮省陵溪市安和区长乐路66号\n和顺里小区5号楼********", "宁泽市晴禾家居用品有限公司", "400-826-7719", "江川省宁泽市柳塘区货场路6号2号库"),
  traps=["a company with its 400 number"], goods="落地灯 1", remark="易碎品")
c("x08", "bottom", "narrowbold", "飞檐快递", "angle", ("骆**", "136******40", "!江川省宁泽市东园镇桃源路129号绿洲名邸6栋2单元***", "小鹿杂货", "400-660-1832", "浔安省白鹭市江口区义仓路20号"),
  faults=["receiver's unit stands, the room alone is hidden"], goods="收纳盒 x3")
c("x09", "cloud1", "sans", "栀安速运", "motion ruined", ("姜*", "138******31", "临淮省阜桥市青山区红旗路2号****", "何**", "159******66", "江川省梅渚市桥东街8号"), unreadable=True, goods="玩具")
c("x10", "freight", "bold", "汇桥货运", "angle", ("白鹭市恒岳五金有限公司 邵**", "0592-******16", "浔安省白鹭市江口区机电城路88号", "宁泽市同益管业有限公司 纪*", "0513-******70", "江川省宁泽市柳塘区工业七路15号"),
  traps=["a company named whole beside its masked contact", "weights and pieces in digits"], goods="管件 3件", remark="送货前联系仓库")
c("x11", "freight", "sans", "汇桥货运", "lamp", ("!桐里市广济机电商行 邵国梁", "0573-******4", "浔安省桐里市花桥镇五金城东路19号", "阜桥市伟泽电机厂 谢*", "0552-******33", "临淮省阜桥市经开区电机路2号"),
  faults=["contact person beside the company whole"], goods="电机 1台", pieces="第 1 件 / 共 1 件")
c("x12", "samecity", "bold", "同溪速送", "angle", ("郝**", "13012345678 转 4417", "柳塘区望湖路9号星汇中心B座大堂", "同溪鲜花(望湖店)", "400-711-3096", "柳塘区文化宫路31号"),
  traps=["a virtual number whose date lies after printing", "a hall of a building is no room"],
  until="虚拟号有效期至 2026-12-03 23:59", day="2026-11-25 10:21:07", sort="127", goods="鲜花一束")
c("x13", "samecity", "sans", "同溪速送", "hand", ("康**", "!13598761204 转 0836", "江口区渔港路7号渔人码头3号楼", "一碗面馆(渔港店)", "400-520-9918", "江口区渔港路55号"),
  faults=["virtual number has run out before printing"], until="隐私号有效期至 2026-11-19 12:00", day="2026-11-23 18:42:30", sort="46", goods="餐品 2份")
c("x14", "return", "sans", "云驼快递", "shadow", ("晴禾家居退货组", "400-826-7719", "江川省宁泽市柳塘区货场路6号2号库退货台", "谭*雪", "177******25", "浔安省桐里市花桥镇迎宾大道1088号东湖印象3幢****"),
  traps=["a returns desk is an organisation"], goods="落地灯（灯罩破损）", remark="七天无理由")
c("x15", "return", "serif", "飞檐快递", "angle", ("鹿角书坊售后", "0551-******28", "临淮省阜桥市青山区书院里18号", "庞**", "!18756203394", "临淮省陵溪市安和区长乐路66号和顺里小区1号楼***"),
  faults=["sender's phone whole"], goods="图书 4本")
c("x16", "sticker", "bold", "菜园驿站·柳塘店", "soft", ("陈*", "尾号 3308", "B架 4层"), traps=["the last four digits alone"], sort="14-2-3308", parcel="grey")
c("x17", "sticker", "sans", "邻里代收点", "angle", ("!陈美玲", "尾号 7719", "北门小仓"), faults=["name whole beside the tail of the phone"], sort="A-27")
c("x18", "slip58", "mono", "百舸物流", "fade", ("田●●", "137●●●●●●62", "浔安省白鹭市南湾街道海棠路140号南湾花园15栋●●●●", "小芹手作坊", "400-903-1157", "江川省梅渚市桥东街8号"),
  traps=["discs for stars", "faded print"], goods="手工皂 6块")
c("x19", "slip58", "sans", "青鹭速递", "angle", ("石*", "134******85", "!江川省梅渚市文昌区水门路25号仁和里3号楼三单元五楼东户", "蒲**", "186******03", "江川省宁泽市东园镇梨花街4号*"),
  faults=["unit and door in Chinese numerals"], shop="老灶酱菜", goods="酱菜礼盒")
c("x20", "columns", "sans", "隼运", "angle", ("龚*妍", "166******19", "浔安省白鹭市江口区滨江中路1号国华大厦A座12层****", "方*", "151******44", "临淮省阜桥市青山区红旗路98号6幢***"),
  traps=["tower and floor may show"], goods="文件")
c("x21", "columns", "narrow", "栀安速运", "shadow", ("柯**", "199******53", "!江川省宁泽市柳塘区云锦大道500号环球贸易中心A座1203", "黎*", "150******82", "浔安省桐里市城南街道石桥弄2号"),
  faults=["receiver's office room"], heads=("收/寄人 Name", "电话 Tel", "地址 Add"), goods="样品")
c("x22", "post", "serif", "麦穗邮达", "curl", ("万*", "135******20", "临淮省陵溪市柏山县茅坪镇后岭村5组***", "路*明", "152******91", "江川省梅渚市文昌区学府街5号学林雅居9幢****"),
  traps=["a village's group may show"], goods="腊肉", stamp=(60, 128, "茅坪邮政所", 4.4))
c("x23", "notice", "sans", "取件须知", "angle", (), kind="other", unreadable=True,
  text=["一、营业时间 8:30 至 20:30，节假日不休。", "二、请出示取件码，凭码取件，勿代拆他人包裹。", "三、包裹保管三日，逾期退回。", "四、旧面单请投入回收箱销毁。"])
c("x24", "post", "sans", "麦穗邮达", "shadow", ("卢**", "181******77", "!临淮省陵溪市柏山县石门镇石门村7组23号", "裴*", "139******06", "浔安省白鹭市南湾街道渔港路41号"),
  faults=["household number in a village"], goods="种子 2袋", labels=("收/寄 ", "Tel ", "住址 "))
c("x25", "picklist", "sans", "飞檐快递", "angle", ("毛*", "157******39", "江川省宁泽市东园镇桃源路129号绿洲名邸18栋****", "橙子文具旗舰店", "400-615-2280", "浔安省桐里市西郊街道工业二路9号"),
  traps=["an order number that looks like a mobile", "article numbers and shelf places"], order_no="13988201745",
  list=[("序", "商品", "货位", "数量"), ("1", "中性笔 0.5 黑 20支", "C-1203", "1"), ("2", "A5 活页本 蓝", "C-0501", "2"), ("3", "便签纸 76x76", "D-18", "4")],
  ad="满意请给五星，有事找客服 400-615-2280")
c("x26", "picklist", "narrow", "青鹭速递", "warm", ("季**", "188******46", "浔安省白鹭市江口区义仓路72号江湾一品7栋****", "南风零食铺", "400-337-0815", "临淮省阜桥市青山区书院里3号"),
  faults=["door code in the buyer's words"], remark="!楼下大门密码2580#，东西放门口鞋柜上",
  list=[("序", "商品", "货位", "数量"), ("1", "猪肉脯 200g", "A-07", "2"), ("2", "芒果干 500g", "A-11", "1")])
c("x27", "cold", "sans", "沐风冷链", "cold", ("顾**", "130******58", "江川省梅渚市文昌区水门路88号\n御水湾二期1号楼****", "沐风鲜选仓", "400-800-1679", "江川省宁泽市柳塘区冷库路1号"),
  goods="三文鱼 1kg + 冰袋", remark="请尽快放入冰箱", stamp=(66, 40, "勿压", 5))
c("x28", "cold", "bold", "沐风冷链", "angle", ("娄*青", "132******74", "浔安省桐里市花桥镇永福路11号永福新村26幢****", "沐风鲜选仓", "400-800-1679", "江川省宁泽市柳塘区冷库路1号"),
  faults=["person and phone plain in the code"], qr="!娄小青|13258814074|桐里市花桥镇永福路11号26幢602", goods="牛排 4片")
PAIR = ("甘*", "153******17", "临淮省阜桥市经开区梧桐路300号翰林公馆1幢**", "阜桥尚品灯饰", "400-213-5500", "临淮省阜桥市青山区灯具城路10号")
c("x29a", "multi", "sans", "百舸物流", "", PAIR, goods="灯具 配件", pieces="子件 2/2", parent="BG771203450088", no="BG771203450082")
c("x29", "multi", "sans", "百舸物流", "angle", PAIR, goods="灯具 配件", pieces="子件 1/2", parent="BG771203450088", no="BG771203450081",
  beside=["x29a"], traps=["phone above name", "two labels of one consignment"])
c("x30a", "cloud1", "bold", "青鹭速递", "", ("!史建平", "136******64", "临淮省阜桥市青山区解放东路90号*", "柏*", "158******10", "江川省梅渚市桥东街8号"), goods="鞋")
c("x30", "cloud1", "sans", "青鹭速递", "shadow", ("霍**", "150******92", "临淮省阜桥市青山区解放东路77号锦绣东方2号楼***室", "柏*", "158******10", "江川省梅渚市桥东街8号"),
  beside=["x30a"], faults=["receiver's name whole on the label beside"], goods="鞋")
c("x31", "phonefirst", "bold", "云驼快递", "angle", ("王*", "138******12", "浔安省桐里市\n城南街道石桥弄60号\n幸福家园1幢****", "裘**", "137******48", "江川省宁泽市柳塘区货场路6号"),
  traps=["phone and name in one token"], goods="电子产品", gap=0.1)
c("x32", "phonefirst", "sans", "隼运", "curl", ("吴*泽", "!13*****0952", "临淮省阜桥市经开区\n电机路35号蓝领公寓4栋****", "尤*", "189******21", "浔安省白鹭市南湾街道渔港路41号"),
  faults=["receiver's phone shows six digits"], goods="工具", gap=0.1)
c("x33", "cloud1", "narrow", "迅岚快运", "jpeg angle", ("穆*", "138***12", "江川省宁泽市柳塘区望湖路216号云栖苑12幢***", "蓝*雁", "17*********9", "临淮省陵溪市北关街12号"),
  traps=["too few stars, yet five digits alone stand"], goods="配件", order="pn/a")
c("x34", "cloud1", "sans", "飞檐快递", "shadow", ("余小棠", "!15988340276", "浔安省白鹭市江口区滨江中路58号枫林里3幢***", "安*", "133******87", "江川省梅渚市文昌区水门路25号"),
  traps=["a dark sticker hides the name"], faults=["receiver's phone whole beside the sticker"], cover=[("name", "receiver", 0, 1, (28, 28, 32))], goods="文具")
c("x35", "cloud2", "sans", "云驼快递", "angle", ("纪晓岚", "18611203398", "江川省梅渚市文昌区学府街5号学林雅居6幢1单元702", "齐**", "151******60", "临淮省陵溪市北关街12号"),
  traps=["dark strips lie over what was printed whole, on both plies"], goods="饰品", service="代收 0.00 元  已保价 200.00",
  cover=[("name", "receiver", 0.34, 1, (20, 20, 24)), ("phone", "receiver", 0.2, 1.02, (20, 20, 24)), ("address", "receiver", 0, 1.02, (20, 20, 24))])
c("x36", "cloud2", "bold", "栀安速运", "lamp", ("钟*", "134******23", "浔安省桐里市花桥镇永福路11号永福新村8幢***", "简**", "166******35", "江川省宁泽市东园镇创业路3号"),
  faults=["receiver's phone shows seven digits on the second ply"], rp2="!134****6023", goods="床品", order="pn/a")
c("x37", "bottom", "sans", "青鹭速递", "cut", ("闻*", "159******13", "江川省梅渚市桥东街120号****", "向*", "132******95", "临淮省阜桥市青山区书院里18号"), unreadable=True, goods="面膜",
  at=[(0.5, 0.8, 1.15, 2)])
c("x38", "slip58", "bold", "麦穗邮达", "angle", ("庄**", "135xxxxxx09", "临淮省陵溪市安和区平安街31号平安苑9幢xxxx", "阿麦烘焙", "400-118-6673", "临淮省陵溪市北关街50号"), shop="阿麦烘焙",
  headings=("【收】姓名", "【收】电话", "【收】地址", "【寄】店名", "【寄】电话", "【寄】地址"), traps=["crosses of the letter x for stars", "heading above each field"])
c("x39", "slip58", "narrow", "飞檐快递", "crease", ("!王女士", "158******37", "浔安省桐里市西郊街道柳浪路7号柳浪新苑2幢***", "窦*", "177******69", "浔安省白鹭市江口区义仓路20号"), shop="朵朵童装",
  faults=["surname with a title hides nothing"], labels=("TO: ", "☎ ", "ADD: "), slabels=("FROM: ", "☎ ", "ADD: "), goods="童装 1")
c("x40", "columns", "wide", "同溪速送", "angle", ("尹*", "155******29", "宁泽市柳塘区望湖路216号云栖苑南门蜂格智能柜3号柜", "简*", "180******56", "宁泽市东园镇梨花街4号菜园驿站"),
  traps=["a locker and a station named whole"], goods="钥匙")
c("x41", "post", "narrowbold", "麦穗邮达", "angle", ("祁**", "177******41", "!江川省梅渚市文昌区学府街1号梅渚学院北区5栋312寝", "!祁连海", "138******65", "临淮省柏山县茅坪镇后岭村***"),
  faults=["receiver's dormitory room", "sender's name whole"], goods="被褥", stamp=(62, 126, "已验视", 4.6))
c("x42", "bottom", "mono", "隼运", "hand", ("M**** Lopes", "+86 131******86", "浔安省白鹭市南湾街道海棠路8号海湾国际公寓B座****", "T*** K.", "+852 ******41", "香港九龙观塘区鸿图道＊＊"),
  traps=["Latin names and foreign numbers"], labels=("NAME ", "TEL ", "ADDR "), goods="BOOKS")
c("x43", "freight", "narrow", "百舸物流", "shadow crease", ("秦**", "139******02", "临淮省陵溪市安和区长乐路66号和顺里小区7号楼****", "尚品灯饰批发部", "0552-******49-806", "临淮省阜桥市青山区灯具城路10号"),
  traps=["a landline with its extension"], goods="水晶灯 1套", remark="玻璃制品，不可倒置", labels=("", "", ""))
c("x44", "samecity", "narrow", "同溪速送", "shadow", ("*女士", "137******71", "文昌区水门路25号仁和里南门", "四时药房(水门店)", "400-992-0417", "文昌区水门路12号"),
  faults=["another person's name and phone in the remark"], remark="!打不通找我爱人罗雪梅13756620918", goods="维生素C 1盒", sort="208")
c("x45", "return", "sans", "青鹭速递", "exif angle", ("朵朵童装 售后部", "400-705-6612", "浔安省\n白鹭市江口区\n义仓路20号三号仓\n退货收件处", "**", "1*********8", "江川省宁泽市柳塘区****"),
  traps=["an address in four lines", "the sender is stars throughout"], rma="13520261109", goods="童装 换尺码")
c("x46", "cold", "serif", "沐风冷链", "angle", ("欧阳**", "187******04", "临淮省阜桥市经开区梧桐路18号梧桐郡3幢****", "古丽·***", "139******54", "江川省梅渚市果园乡红柳村合作社"),
  traps=["compound surname, dotted name"], goods="葡萄 5斤", labels=("收 ", "☎ ", ""))
c("x47", "picklist", "sans", "云驼快递", "angle", ("汪*", "158******63", "江川省梅渚市文昌区水门路88号御水湾二期6号楼****", "木马玩具", "400-268-7750", "浔安省白鹭市江口区义仓路20号"),
  faults=["the code opens the order"], qr="!https://m.muma-toys.example/order/detail?orderId=6920261121007745", title="配 货 单",
  list=[("No", "货品", "库位", "件"), ("1", "木制积木 100粒", "E-0302", "1"), ("2", "磁力片", "E-1101", "1"), ("3", "拼图 500片", "E-0207", "1")])
c("x48", "cloud1", "sans", "栀安速运", "heat", ("尚*", "150******38", "浔安省桐里市花桥镇永福路11号****", "温**", "136******22", "江川省宁泽市东园镇创业路3号"), unreadable=True, goods="杂货")
c("x49", "phonefirst", "narrowbold", "飞檐快递", "turn90", ("桂**", "0551-******08", "临淮省阜桥市青山区红旗路98号金色家园11幢****", "褚*", "0573-******5", "浔安省桐里市城南街道石桥弄2号"),
  traps=["landlines", "the picture lies"], goods="保健品 钙片", gap=2)
c("x50", "phonefirst", "sans", "青鹭速递", "angle deadhead", ("康*", "181******30", "!浔安省白鹭市南湾街道\n海棠路140号南湾花园3-2-501", "洪**", "152******74", "临淮省陵溪市北关街12号"),
  faults=["house, unit and room run together"], goods="水杯", gap=2)
c("x51", "cloud3", "sans", "隼运", "fade exif", ("施**", "133******66", "江川省宁泽市柳塘区云锦大道31号云锦府5幢****", "凌*", "170******12", "浔安省桐里市西郊街道柳浪路7号"),
  traps=["faded print", "a large picture"], size=(2448, 3264), goods="乐器配件")
c("x52", "cloud1", "serifbold", "麦穗邮达", "tape", ("!阿依古丽·买买提", "139******90", "江川省梅渚市果园乡红柳村2组***", "骆*", "137******15", "临淮省阜桥市青山区书院里18号"),
  faults=["dotted name whole"], goods="围巾", mark="ring", order="n/p/a")
c("x53", "multi", "bold", "汇桥货运", "angle", ("葛*", "186******44", "浔安省白鹭市江口区机电城路200号机电城5栋**", "宁泽同益管业", "400-556-0198", "江川省宁泽市柳塘区工业七路15号"),
  traps=["pen writing that names nobody", "a product code of eleven digits"], goods="阀门 型号 15200340088", remark="整托勿拆", pen=(22, 72, "轻放 3号门", 6))
c("x54", "cloud2", "narrow", "百舸物流", "shadow", ("刘**", "151******73", "江川省宁泽市东园镇梨花街19号梨园小区14幢***", "翟*", "134******26", "浔安省桐里市花桥镇迎宾大道9号"),
  faults=["a person's name in pen"], goods="轮胎", ad=" ", pen=(12, 163, "!刘建军 自提", 8))
c("x55a", "sticker", "sans", "菜园驿站·东园店", "", ("卓**", "186****", "D架 1层"), sort="6-1-2140")
c("x55b", "sticker", "bold", "菜园驿站·东园店", "", ("*晓", "*******5507", "D架 2层"), sort="6-2-5507")
c("x55", "sticker", "sans", "菜园驿站·东园店", "angle", ("边*", "*2140", "D架 1层"), sort="6-1-2141", beside=["x55a", "x55b"],
  traps=["three stickers, each hides another part"], size=(1680, 1800), at=[(0.5, 0.18, 0.74, 2), (0.46, 0.5, 0.74, -3), (0.53, 0.81, 0.74, 1)])
c("x56", "bottom", "bold", "云驼快递", "angle noise", ("武*", "!+86-135****8890", "临淮省陵溪市安和区平安街31号平安苑2幢***", "尚品灯饰", "400-213-5500", "临淮省阜桥市青山区灯具城路10号"),
  faults=["receiver's phone shows seven digits behind +86"], goods="灯泡 10", order="np/a")
c("x57", "multi", "sans", "飞檐快递", "soft jpeg", ("辛*", "152******58", "江川省宁泽市东园镇创业路30号**", "卞*", "150******41", "浔安省桐里市石桥弄2号"),
  unreadable=True, goods="零件", at=[(0.56, 0.4, 0.17, 24)], traps=["a label far away"])
c("x58", "columns", "serif", "栀安速运", "steep", ("陈某", "134＊＊＊＊＊＊26", "临淮省阜桥市青山区解放东路77号锦绣东方4号楼＊＊＊", "张某某", "139＊＊＊＊＊＊47", "江川省梅渚市桥东街8号＊"),
  traps=["某 hides the given name", "wide stars"], goods="资料")
c("x59", "freight", "bold", "汇桥货运", "angle hand", ("童**", "1361□□□□□□□", "浔安省桐里市花桥镇临江物流园自提点 18号月台", "梅渚市新岸木业有限公司", "400-770-2651", "江川省梅渚市桥东街木材市场南门"),
  traps=["boxes for stars", "a loading bay of a depot is no room"], product="整车零担 · 客户自提", goods="板材 12张", labels=("", "电话:", ""))
c("x60", "return", "narrowbold", "隼运", "crease", ("木马玩具售后中心", "400-268-7750", "浔安省白鹭市江口区义仓路20号三号仓", "甄**", "159******80", "江川省宁泽市柳塘区小商品城二区4街商位*****"),
  traps=["a stall whose number is hidden"], goods="磁力片 少件", remark="退款不退货差额 12.50")
