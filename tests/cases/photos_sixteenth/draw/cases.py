"""Sixty photos of parcels of one invented estate, September and October 2026. A leading ! says a value shows too much."""

import random

CASES, IDS = {}, []
A = "安徽省芜湖市弋江区白沙街道浅塘路168号沁芳园"
S = "芜湖市弋江区浅塘路168号沁芳园小区"
T = "安徽芜湖弋江区沁芳园(浅塘路东门)"
HEAD = {"isle": "BY", "tundra": "7720", "parasol": "WTP", "egret": "BL8", "tangerine": "JZ", "relay": "9016", "elephant": "XX", "locker": "FT", "icecape": "BJL", "moose": "TL", "magpie": "QQ", "bamboo": "4608", "gull": "HG", "notice": "0"}
ROUTE = {"isle": "553-B07-02", "tundra": "芜湖-弋江-018", "parasol": "553 C12-06", "egret": "605-芜湖南-31", "tangerine": "36", "relay": "弋江 2 段", "elephant": "第18号", "locker": "6-14", "icecape": "芜-冷-09", "moose": "皖芜 D3", "magpie": "退-571-04", "bamboo": "27-3-115", "gull": "WHU-05", "notice": ""}
HUB = {"relay": "弋江营业点", "elephant": "小象到家 白沙店", "gull": "上海转", "bamboo": "皖南集散", "icecape": "芜湖冷仓"}
LOOKS = [("sans", 8, "carton"), ("narrow", 8, "mat"), ("bold", 12, "tile"), ("serif", 8, "kraft"), ("mono", 8, "floor"), ("narrowbold", 12, "bag"), ("wide", 8, "desk"), ("sans", 12, "steel"), ("serifbold", 8, "stairs"), ("sans", 8, "blackbag")]


def case(id_, layout, r, s, goods=None, remark=None, faults=(), traps=(), dist="tilt", lv=1, extra=(), **more):
    """r and s are name, phone, address of receiver and sender."""
    rng = random.Random(id_)
    style, dots, bg = LOOKS[rng.randrange(len(LOOKS))] if not id_[1:].isdigit() else LOOKS[(int(id_[1:]) * 7) % 10]
    day, month = rng.randint(1, 29), rng.choice((9, 10))
    no = HEAD[layout] + "".join(rng.choice("0123456789") for _ in range(11))
    c = {"id": id_, "layout": layout, "style": style, "dots": dots, "bg": bg, "lv": lv, "dist": dist, "no": no, "route": ROUTE[layout], "hub": HUB.get(layout, "芜湖集散中心"), "date": f"2026-{month:02}-{day:02} {rng.randint(7, 20):02}:{rng.randint(0, 59):02}", "tags": ("收", "寄"), "size": (1440, 1920), "faults": list(faults), "traps": list(traps), "extra": list(extra), "goods": goods, "remark": remark}
    if layout == "moose":
        c["size"] = (1920, 1440)
    if layout == "locker":
        c["size"] = (1600, 1200)
    c.update(zip(("rn", "rp", "ra"), r, strict=True))
    c.update(zip(("sn", "sp", "sa"), s, strict=True))
    c.update(more)
    CASES[id_] = c
    if id_[0] == "v":
        IDS.append(id_)


NONE = (None, None, None)
# -- pass, ordinary
case("v01", "isle", ("陶*", "138******27", A + "7幢****"), ("丝语家纺旗舰店", "400-826-5170", "江苏省南通市通州区川姜镇家纺城路9号"), "四件套 1件", traps=["organisation's 400 number"], dist="")
case("v03", "parasol", ("俞*珊", "159******06", A + "12幢*单元***室"), ("周*", "186******40", "浙江省台州市黄岩区院桥镇工农路77号"), "收纳盒 3只", "放门口鞋柜上")
case("v04", "bamboo", ("沈**", "*******3391", S + "3号楼****"), ("焕然百货", "*******8820", "浙江省义乌市北苑街道春晗路212号"), "雨伞 1把", "无")
case("v06", "tundra", ("*立群", "1********75", A + "21幢***"), ("江*", "177******32", "广东省汕头市澄海区莲下镇***"), "积木玩具", "请勿放驿站")
case("v08", "egret", ("牛**", "135******19", A + "9栋****"), ("林*志", "133******58", "福建省泉州市安溪县感德镇槐川村**"), "茶叶 500g", dist="tilt persp", traps=["second ply"])
case("v09", "relay", ("葛*", "188******23", T + "5幢****"), ("蒲公英书店", "025-******71", "南京市鼓楼区青石巷41号"), "图书 4册", traps=["landline of an organisation"])
case("v11", "icecape", ("方**", "139******62", A + "16幢***"), ("海岬水产行", "400-717-2063", "辽宁省大连市长海县獐子岛镇沙包路3号"), "鲜活扇贝 5斤", "到货请尽快冷藏", dist="tilt film")
case("v12", "isle", ("穆*兰", "152******88", S + "1期 11幢****"), ("宋*", "*******2046", "山东省临沂市兰山区枣园镇**"), "电热毯", dist="tilt warm")
case("v14", "locker", ("郝*", "*******4417", "沁芳园东门丰塔柜 2号柜"), NONE, traps=["locker", "door of the locker"], extra=["取件码请见短信，24小时内免费"])
case("v15", "moose", ("盛**", "137******50", A + "18幢****"), ("木本家居工厂店", "0797-******3", "江西省赣州市南康区龙岭镇家具大道66号"), "实木鞋柜 1件", "送货前请电话联系", dist="tilt shadow", traps=["landline of seven digits"])
case("v17", "elephant", ("翁*", "*******9035", "沁芳园小区8幢****"), ("小象到家白沙店", "0553-******28", "白沙街道浅塘路99号"), "鲜牛奶 950ml x2  31.8\n土鸡蛋 15枚    19.9\n上海青 500g     4.5\n合计           56.2", "不要敲门，放门口", extra=["支付 56.20  积分 56"], traps=["bill"])
case("v18", "tundra", ("袁*芬", "150******74", A + "2幢****"), ("吕**", "182******09", "河北省保定市高阳县庞口镇***"), "毛巾 6条", dist="tilt crease")
case("v20", "parasol", ("巩*", "176******35", S + "10幢*单元****"), ("贝小兜母婴店", "*******7760", "浙江省湖州市织里镇吉昌路30号"), "婴儿连体衣 2件", extra=["订单 26091877410352886410"], traps=["order number"])
case("v22", "magpie", ("穿杉服饰退货组", "400-880-6619", "浙江省杭州市临平区乔司街道三角村工业园5号仓"), ("乔*", "158******92", S + "6幢****"), "连衣裙 1件", "尺码不合", traps=["hall of a warehouse"], dist="tilt")
case("v23", "isle", ("雷**", "199******13", A + "15幢****"), ("尹*", "131******67", "四川省成都市郫都区团结镇***"), "火锅底料", dist="tilt wave")
case("v25", "bamboo", ("毕*", "187******04", A + "4幢**"), ("常*军", "156******21", "河南省新乡市长垣市丁栾镇***"), "拖把", None, dist="tilt persp")
case("v27", "tangerine", ("姚*", "*******6628", "沁芳园小区20幢****"), ("一碗乡愁(浅塘路店)", "0553-******60", "浅塘路121号"), "牛肉面 1 / 卤蛋 2", "少辣，不要香菜", traps=["meal"], dist="tilt")
case("v28", "egret", ("华*敏", "183******46", S + "13幢***"), ("拾光数码专营店", "400-669-0382", "广东省深圳市龙华区民治街道梅陇路18号"), "蓝牙耳机", "贵重物品，当面签收", dist="tilt small", size=(1728, 2304))
case("v30", "relay", ("武*", "136******81", A + "17幢****"), ("滕*", "189******37", "湖南省浏阳市大瑶镇***"), "干货", dist="tilt cold")
# -- pass, odd ones
case("v32", "parasol", ("苗*青", "18023316405-7719", A + "8幢****"), ("绿野户外专营店", "18023310087-2264", "福建省晋江市陈埭镇涵口路58号"), "登山杖", extra=["隐私号有效期至 2026-11-15"], date="2026-10-16 09:42", traps=["virtual number with expiry"])
case("v33", "gull", ("龙*", "+86 *******5582", A + "19幢****"), ("M. K*****", "+81 ********16", "Osaka, Higashinari, ***"), "维生素软糖 Vitamin gummies", traps=["health goods", "foreign sender"])
case("v35", "isle", ("殷*", "151******29", S + "22幢****"), ("萌爪宠物用品店", "*******3312", "山东省平度市南村镇裕丰路6号"), "猫砂 10kg", "放22幢楼下丰塔柜", second="n1", second_at=(82, 8, 0.06), off=(-40, 0), size=(2560, 1920), fill=0.8, traps=["neighbour's label", "locker in the remark"], dist="")
case("v36", "tundra", ("古丽·**", "*******0953", A + "6幢11楼****"), ("艾*", "181******44", "新疆阿克苏地区温宿县***"), "核桃 灰枣", traps=["dotted name", "floor shown"])
case("v38", "bamboo", ("爱吃**", "*******1274", S + "23幢****"), ("阿**", "*******9906", "云南省昆明市呈贡区斗南街道***"), "鲜花 玫瑰20枝", "易损", traps=["nickname half hidden"])
case("v40", "magpie", ("澜星手机售后中心", "0755-******92", "深圳市宝安区西乡街道固戍工业区B栋3楼"), ("黎*先生", "147******83", S + "14幢****"), "手机 1台", "屏幕触控失灵", traps=["title beside a hidden name", "floor of an organisation"], dist="tilt exif6")
case("v41", "locker", ("A*", "1**********", "沁芳园南门 邮政驿站 3号货架"), NONE, traps=["station", "shelf"], extra=["货架号 3-2-0817"], dist="tilt noise")
case("v43", "isle", ("沁芳园物业服务中心", "0553-******09", A + "南门物业楼"), ("顺达电梯配件有限公司", "400-633-7105", "江苏省苏州市吴江区汾湖镇康力路3号"), "按钮面板 4块", traps=["organisation as receiver"], dist="turn180")
case("v45", "icecape", ("慕容**", "155●●●●●●30", A + "11幢●●●●"), ("韩*", "130●●●●●●77", "山东省烟台市栖霞市臧家庄镇●●"), "红富士苹果 10斤", traps=["dots for stars", "double surname"], dist="tilt", order="pn/a")
case("v47", "moose", ("蓝*琪", "178******65", S + "5#****"), ("康健家电售后仓", "400-905-4471", "安徽省滁州市南谯区花园东路2号3号库"), "冰箱 1台", "有电梯，需上楼", traps=["hall of a warehouse", "building as 5#"], dist="tilt persp")
case("v48", "parasol", ("季*", "132******58", A + "7幢****"), ("安心大药房", "400-721-0093", "芜湖市镜湖区银湖中路15号"), "降压药 缬沙坦胶囊 2盒", "处方已审核", traps=["health goods", "stamp"], stamp="已验视", dist="tilt blur")

# -- fail, ordinary
case("v02", "tundra", ("付*", "134******91", "!" + A + "12幢2单元1103室"), ("郁*", "185******26", "浙江省诸暨市大唐镇***"), "袜子 10双", faults=["receiver's unit and room"])
case("v05", "isle", ("!景晓棠", "138******44", A + "3幢****"), ("栖木文具店", "*******1180", "浙江省宁海县西店镇望海路8号"), "笔记本 5本", faults=["receiver's name whole"], dist="tilt warm")
case("v07", "parasol", ("蔡*", "!139****6602", S + "9幢****"), ("杜*", "170******53", "江苏省邳州市官湖镇***"), "藤编篮", "轻放", faults=["receiver's phone shows seven digits"])
case("v10", "bamboo", ("齐*", "157******38", "!" + S + "16幢804"), ("佟**", "150******16", "河北省清河县王官庄镇***"), "羊绒围巾", None, faults=["receiver's room"], dist="tilt shadow")
case("v13", "egret", ("!关静怡", "!13705537218", "!" + A + "1幢1单元602室"), ("庞*", "136******02", "广东省中山市古镇镇***"), "吸顶灯", faults=["receiver's name whole", "receiver's phone whole", "receiver's room"], dist="tilt", traps=["second ply"])
case("v16", "relay", ("程**", "153******47", A + "20幢****"), ("!卢海峰", "!15962884013", "江苏省海门市三星镇叠石桥村**"), "枕芯 2只", faults=["sender's name whole", "sender's phone whole"])
case("v19", "tangerine", ("!赵女士", "*******5506", "沁芳园小区2幢****"), ("花间鲜花坊", "0553-******14", "白沙街道石桥巷7号"), "向日葵花束 1", "附贺卡", faults=["a title hides nothing"])
case("v21", "elephant", ("彭*", "*******8149", "!沁芳园小区13幢19楼东户"), ("小象到家白沙店", "0553-******28", "白沙街道浅塘路99号"), "洗衣液 3kg    39.9\n抽纸 24包     42.0\n合计          81.9", "电梯坏了请打电话", faults=["receiver's household (east) shown"], extra=["支付 81.90  积分 82"])
case("v24", "tundra", ("莫*云", "181******37", A + "18幢****"), ("星禾童装店", "*******2271", "广东省佛山市禅城区祖庙街道朝安路50号"), "童鞋", faults=["square code holds an order's URL"], qr="!https://m.xinghetong.example/order/detail?oid=260924118830571", traps=["order's URL"], dist="tilt crease")
case("v26", "isle", ("阮*", "173******90", "!" + A + "17幢二单元****"), ("覃*", "191******08", "广西柳州市柳南区太阳村镇***"), "螺蛳粉 10袋", faults=["receiver's unit in Chinese numerals"], dist="tilt film")
case("v29", "moose", ("祝*远", "158******25", A + "4幢****"), ("匠木坊家具厂", "!0757-23886194", "广东省佛山市顺德区龙江镇旺岗路11号"), "书桌 1张", "预约周六送", faults=["sender's landline whole"])
case("v31", "icecape", ("翟*", "!+8615055312764", A + "10幢****"), ("高原牧歌旗舰店", "400-870-1529", "青海省海晏县西海镇同宝路5号"), "冻羊排 4斤", "冷冻", faults=["receiver's phone whole"], dist="tilt")
case("v34", "magpie", ("青芽童品售后", "400-738-2240", "浙江省湖州市吴兴区织里镇晟舍工业区2号仓"), ("樊*", "!18755390462", "!" + S + "19幢1405室"), "棉服 1件", "质量问题", faults=["sender's phone whole", "sender's room"], dist="tilt")
case("v37", "bamboo", ("路*遥", "*******7305", A + "5幢****"), ("卞*", "176******18", "!浙江省义乌市国际商贸城三区2楼商位21876"), "发饰 1包", "无", faults=["sender's market stall"], dist="tilt persp")
case("v39", "parasol", ("桂**", "138******70", A + "14幢****"), ("悦读童书馆", "400-702-8856", "北京市通州区台湖镇京台路12号"), "绘本 8册", "!放不下打15955301178", faults=["phone in the remark"])
case("v42", "isle", ("苏*", "186******51", S + "21幢****"), ("鲍*", "*******6690", "河南省许昌市建安区灵井镇***"), "假发片", "!单元门密码0912#", faults=["door code in the remark"], dist="tilt wave")
# -- fail, odd ones
case("v44", "egret", ("邱*", "182******36", A + "8幢****"), ("万*", "139******15", "湖北省仙桃市彭场镇***"), "口罩 2盒", faults=["receiver's room on the second ply"], ra2="!" + S + "8幢2-703", traps=["only the second ply shows"], dist="tilt")
case("v46", "isle", ("纪*", "150******87", A + "6幢****"), ("康*", "188******60", "江西省景德镇市珠山区新厂路***"), "茶杯", faults=["square code holds name, phone and room"], qr="!收件人:纪云帆 15055304187 沁芳园6幢3单元301", traps=["plaintext code"], dist="tilt")
case("v49", "parasol", ("!芝士不加糖呀", "*******4132", S + "12幢****"), ("盒趣潮玩店", "*******2005", "广东省东莞市石排镇福隆路33号"), "盲盒 2只", faults=["nickname whole"], traps=["nickname"], dist="tilt")
case("v50", "relay", ("安*", "!17198204436-3107", A + "2幢****"), ("南岭山货铺", "400-836-2017", "广东省韶关市乳源县大桥镇**"), "香菇 木耳", date="2026-10-21 16:08", extra=["隐私号有效期至 2026-10-18"], faults=["virtual number expired before printing"], traps=["expired virtual number"])
case("v51", "locker", ("!史文斌", "*******3078", "沁芳园东门丰塔柜 1号柜"), NONE, extra=["24小时内免费存放"], faults=["receiver's name whole"], dist="tilt")
case("v52", "gull", ("甘*", "+86 *******2290", A + "15幢****"), ("!Hannah Weber", "+49 *********07", "Bremen, Neustadt, ***"), "奶粉 Milk powder", faults=["sender's latin name whole"], dist="tilt", traps=["latin name"])
case("v53", "tundra", ("童*", "151******03", A + "22幢****"), ("柏*", "*******4458", "江苏省宿迁市沭阳县新河镇***"), "绿萝 2盆", faults=["room in pen"], pen="!22幢901", traps=["pen writing"], dist="tilt")
case("v54", "bamboo", ("!买买提江·吐尔逊", "*******8123", A + "23幢***"), ("天山果品合作社", "0997-******5", "新疆阿克苏市红旗坡农场路1号"), "冰糖心苹果", None, faults=["receiver's dotted name whole"], traps=["dotted name"], dist="tilt")
case("v55", "isle", ("伍*", "135******66", A + "13幢****"), ("倪*", "*******1937", "浙江省嘉兴市海宁市许村镇***"), "窗帘", second="n2", second_at=(84, -6, -0.05), off=(-41, 4), size=(2560, 1920), fill=0.74, faults=["the neighbour's label: name and room"], traps=["neighbour's label"], dist="")

# -- unreadable
case("v56", "parasol", ("顾*", "139******08", A + "11幢****"), ("曲*", "158******71", "山东省寿光市孙家集街道***"), "西红柿", unreadable=True, dist="tilt blurout", traps=["out of focus"])
case("v57", "notice", NONE, NONE, unreadable=True, kind="other", dist="tilt", traps=["notice, no label"], style="sans", bg="steel")
case("v58", "isle", ("瞿*", "138******95", A + "1幢****"), ("晏*", "152******40", "四川省眉山市丹棱县***"), "橙子", unreadable=True, dist="cut", traps=["picture ends at the receiver's address"])
case("v59", "tundra", ("温*", "177******12", A + "3幢****"), ("单*", "183******39", "福建省南安市水头镇***"), "花洒", unreadable=True, dist="tilt glareout", traps=["glare over every field"])
case("v60", "bamboo", ("耿*", "156******24", A + "9幢****"), ("项*", "131******86", "浙江省温岭市泽国镇***"), "凉鞋", None, unreadable=True, dist="tilt ruin", lv=3, traps=["torn and soaked"])
# -- neighbours' labels
case("n1", "tundra", ("尤*", "137******42", S + "22幢****"), ("褚*", "189******77", "广东省揭阳市普宁市流沙镇***"), "家居服")
case("n2", "bamboo", ("!屈红霞", "*******2864", "!" + S + "13幢1单元304"), ("纽扣辅料行", "*******5120", "浙江省永嘉县桥头镇东街9号"), "纽扣")
IDS.sort()
