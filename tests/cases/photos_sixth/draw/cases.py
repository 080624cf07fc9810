"""Sixty photos. What a case does not say is taken, masked, from the lists below by the case's own seed."""

import base64
import random
import re

CASES = {}
NAMES = "陈* 李*华 黄** *美玲 张* 何*仪 罗* 邓** 谢*婷 曾* 梁*贤 *丽琼 钟** 冯*".split()
PHONES = "138******57 159******3* 136******08 1********** *******4402 133******90 18*******77 151******16 137********".split()
ADDRESSES = """广东省佛山市南海区桂城街道海八路21号翠湖轩5栋****
广东省广州市番禺区大石街道南浦岛碧云花园12座***
四川省成都市郫都区红光街道港通路198号银杏苑3幢*单元****
四川省绵阳市涪城区跃进路46号***
广东省中山市小榄镇广福大道沙口市场对面***
四川省宜宾市翠屏区江北街道金江路8号江畔丽景2期6栋****
四川省南充市顺庆区潆华街道栖乐路77号（****）
广东省湛江市赤坎区寸金街道体育南路9号10楼***
四川省西昌市航天大道三段88号***
广东省深圳市龙岗区坂田街道雪岗路***""".split()
SENDERS = """粤来日化旗舰店|400-830-5521|广东省广州市白云区石井街道石沙路61号
川妹子干货行|028-******5|四川省成都市金牛区五块石路30号
周*|189******2*|广东省东莞市虎门镇太沙路75号***
锦绣里服饰|400-618-9034|广东省广州市海珠区瑞宝街道南约大街9号
*伟明|135******44|四川省德阳市旌阳区黄许镇新街22号***
顺邦小家电专营店|0757-******3|广东省佛山市顺德区容桂街道红旗中路18号""".split()
CARRIERS = "岭南达快运 川捷速递 飞骆驼快递 蓉江快递 南风速配 邦驿速递 一程快运 三江汇快递".split()


def C(id_, layout, style, verdict, scene=None, traps=(), faults=(), **kw):
    r = random.Random(id_)
    s = r.choice(SENDERS).split("|")
    c = {"id": id_, "layout": layout, "style": style, "verdict": {"P": "pass", "F": "fail", "U": "unreadable"}[verdict], "scene": scene or {}, "traps": list(traps), "faults": list(faults)}
    c |= {"rn": r.choice(NAMES), "rp": r.choice(PHONES), "ra": r.choice(ADDRESSES), "sn": s[0], "sp": s[1], "sa": s[2], "carrier": r.choice(CARRIERS), "date": f"2026-11-{r.randint(10, 27)} {r.randint(8, 21):02}:{r.randint(0, 59):02}"}
    c |= {"no": r.choice(("LN", "CJ", "F7", "")) + str(r.randint(40, 98)) + f"{r.randint(0, 10**11 - 1):011}", "sort": f"{r.choice(('757', '20', '28', '816', '769'))}-{r.choice('ABCKT')}{r.randint(1, 39):02} {r.randint(100, 999)}"}
    if "star" in kw:
        c |= {k: c[k].replace("*", kw["star"]) for k in ("rn", "rp", "ra", "sn", "sp", "sa")}
    c |= kw
    city = re.search(r"(?:省|州|区)?(\w{2})市(\w{2,3}?[区县镇])?", c["ra"].lstrip("!").replace("广东省", "").replace("四川省", ""))
    c.setdefault("hub", (city[1] + (city[2] or "")) if city else "川西集散")
    o = c["scene"]
    words = {"tilt": "tilt", "angle": "rotated", "wrinkle": "wrinkled", "crease": "crease", "roll": "curl", "tape": "tape", "glare": "glare", "thumb": "hand", "shadow": "shadow", "smear": "motion", "exif": "exif", "lies": "lies"}
    c["dist"] = [w for k, w in words.items() if o.get(k)] + [w for k, w in {"fade": "thermal fade", "dead": "dead dots", "washed": "soaked", "second": "neighbour", "cover": "sticker", "pen": "pen", "stamp": "stamp"}.items() if k in c]
    c["dist"] += [w for w, t in (("blur", o.get("blur", 0) > 1), ("jpeg", o.get("q", 90) < 55), ("dark", o.get("expose", 1) < 0.7), ("noise", o.get("noise", 0) > 6), ("small", o.get("fill", 1) < 0.6)) if t]
    CASES[id_] = c


S = dict
ARM = [(-0.1, 0.55), (0.5, 0.3), (1.1, 0.75), (1.1, 1.1), (-0.1, 1.1)]
HEAD = [(0.0, 0.0), (0.6, 0.0), (0.45, 0.4), (0.1, 0.45)]
THUMB = [((0.9, 0.93), (1.15, 1.0), 0.13)]
T2, T3, SPLIT = "phone and name in one token", "order number like a phone", "code like a household"

C("w01", "cloud", "sans", "P", S(on="greybag", angle=-7, tilt=0.25, wrinkle=0.8), [T2], gap=0, rn="黄*强", rp="136******18", order="np/a", goods="日用百货 1件")
C("w02", "slip58", "mono", "F", S(on="weave", angle=4, q=60), [], ["sender phone hides four"], sn="邓*", sp="!138****5672", sa="四川省乐山市市中区嘉州大道***")
C("w03", "market", "sans", "P", S(on="tiles", angle=5, tilt=0.2, shadow=ARM, dark=0.35), [T3, "prices"], carrier="万家邻超市", orderno="13826045519", sn="万家邻超市（小榄店）", sp="400-886-2013", remark="不要打电话，放门口鞋柜上")
C("w04", "cloud", "narrow", "F", S(on="carton", angle=3, tilt=0.3, tiltway=20), ["first ply masked"], ["receiver room on second ply"], ra="四川省成都市双流区东升街道棠湖路66号蓝湾5栋*单元****", ra2="!四川省成都市双流区东升街道棠湖路66号蓝湾5栋2单元1704")
C("w05", "foot", "sans", "P", S(on="kraft", parcel="whitebag", angle=-3, ramp=0.5), ["virtual number with a later date"], rp="13012907741转3806（隐私号，有效至2026-12-08）", date="2026-11-24 09:12", sort="757 K06", goods="收纳盒")
C("w06", "columns", "sans", "F", S(on="steel", angle=6, tilt=0.2), ["phone before name"], ["receiver name whole"], colorder="pna", heads=("电话 Tel", "姓名 Name", "地址 Address"), rn="!曾丽琼", rp="136******08", sn="锦绣里服饰")
C("w07", "group", "bold", "P", S(on="green", angle=-9, wrinkle=0.5), [SPLIT, "phone by its tail"], carrier="好邻居团购·翠湖站", rn="阿*", rp="尾号 4402", ra="幸福里便民驿站自提", sn="团长 李*", sp="159******3*", sa="自提点 桂城翠湖路21号", goods="砂糖橘 5斤装", order="np/a")
C("w08", "drug", "sans", "F", S(on="whitebag", wrinkle=1.0, angle=8), ["goods of health"], ["receiver name with a title"], carrier="康泽大药房", rn="!梁先生", rp="137********", goods="阿莫西林胶囊 0.25g×24粒 1盒", sn="康泽大药房（南浦店）", sp="020-******5", sa="广州市番禺区南浦西一路12号")
C("w09", "drug", "serif", "P", S(on="pink", angle=-6, tilt=0.3, shadow=HEAD, dark=0.3), ["goods of health", "shop named after a person"], carrier="谢宝林大药房", rn="张*", rp="133******90", goods="二甲双胍缓释片 2盒；血糖试纸 50条", sn="谢宝林大药房", sp="400-770-1906", sa="四川省南充市顺庆区文化路33号", remark="到店请报取药码 7705")
C("w10", "flower", "serif", "P", S(on="wood", angle=5, tilt=0.25), ["message without a name"], carrier="半夏花房", rn="何*仪", rp="151******16", sn="匿名", sp="186********", sa="", remark="祝妈妈生日快乐，天天开心！永远爱你的女儿", goods="康乃馨 19支", dots=12)
C("w11", "flower", "serifbold", "F", S(on="black", angle=-4, ramp=0.5), ["message"], ["name in the remark"], carrier="青石巷鲜花", rn="罗*", rp="138******57", sn="李**", sp="18*******77", sa="", remark="!愿你的每一天都像今天一样灿烂。落款：李思远", goods="向日葵 11支")
C("w12", "freight", "sans", "P", S(on="carton", angle=2, tilt=0.3), ["company with a masked person", "landline"], carrier="珠川零担物流", rn="绵阳涪江源机电有限公司（罗*）", rp="0816-******5", ra="四川省绵阳市涪城区金家林路15号", goods="配电箱配件", remark="卸货请走西门，带叉车", sn="顺邦五金制品厂", sp="0757-******3", sa="广东省佛山市顺德区乐从镇新马路40号")
C("w13", "freight", "narrow", "F", S(on="concrete", angle=-5, tilt=0.2, q=55), ["company beside a person"], ["receiver contact person whole"], carrier="珠川零担物流", rn="!宜宾三江酒业有限公司 罗建川", rp="135******44", ra="四川省宜宾市叙州区金沙江大道29号", goods="包装盒", remark="", sn="顺邦五金制品厂", sp="0757-******3", sa="广东省佛山市顺德区乐从镇新马路40号")
C("w14", "back", "sans", "P", S(on="greybag", angle=11, wrinkle=1.2, q=70), ["stars as squares"], star="□", rn="锦绣里服饰售后部", rp="400-618-9034", ra="广东省广州市海珠区南约大街9号2楼退货仓", sn="冯□", sp="159□□□□□□3□", sa="四川省泸州市江阳区酒城大道一段8号□□□□", remark="换L码")
C("w15", "back", "sans", "F", S(on="wood", angle=-8, tilt=0.35), ["receiver is a shop"], ["sender room"], rn="顺邦小家电售后", rp="400-830-5521", ra="广东省佛山市顺德区容桂街道红旗中路18号", sn="钟**", sp="151******16", sa="!四川省自贡市大安区和平路60号盐都苑6栋1102", remark="插头松动")
C("w16", "pick", "sans", "P", S(on="carton", tilt=0.2, angle=2), ["rack like a household", "wave like a room"], goods="厨房置物架 白色", remark="请尽快发货", rack="6-3-1102", wave="5栋-0603")
C("w17", "pick", "narrow", "F", S(on="whitebag", angle=-4, wrinkle=0.7), ["label above masked"], ["receiver name whole on the pick list"], rn="谢*婷", rn2="!谢晓婷", rp="136******08", goods="儿童雨衣 110码", remark="无")
C("w18", "pins", "sans", "P", S(on="steel", parcel="kraft", angle=9, tilt=0.2), ["stars as discs", "address first"], star="●", goods="文具")
C("w19", "pins", "bold", "F", S(on="kraft", angle=-12, ramp=0.4), ["six stars"], ["receiver phone shows six digits"], rp="!159******368", rn="邓**", icon="box", goods="袜子 3双")
C("w20", "cloud", "sans", "U", S(on="steel", angle=5, smear=(91, 12), noise=6), unreadable="motion")
C("w21", "fresh", "sans", "P", S(on="foam", angle=3, lies=1, tilt=0.2), ["stars as crosses", "floor shown"], star="×", rn="何×仪", rp="151××××××16", ra="广东省湛江市赤坎区体育南路9号10楼×××", goods="荔枝干 2.5kg")
C("w22", "fresh", "sans", "F", S(on="foam", angle=-6, glare=[(0.8, 0.2, 0.12, 0.5)]), [], ["door code in the remark"], remark="!放进门后冰箱，门锁密码258036#", goods="牛肉 2kg", rn="黄**", rp="138******57")
C("w23", "bag", "serif", "P", S(on="weave", angle=4, wrinkle=0.8), ["village group shown", "pen"], carrier="大山里乡村速递", rn="吉克·**", rp="136******08", ra="四川省凉山州昭觉县木尔乡瓦子坡村三组***", sn="川妹子干货行", sp="400-618-9034", sa="四川省成都市金牛区五块石路30号", remark="进村件 每周二、五", pen="到了放村口小卖部", penink=(20, 20, 20))
C("w24", "bag", "sans", "F", S(on="concrete", angle=-7, tilt=0.25), [], ["receiver household of a village"], carrier="大山里乡村速递", rn="邓**", rp="18*******77", ra="!广东省潮州市湘桥区意溪镇橡埔村五组12号", sn="陈*", sp="135******44", sa="广东省汕头市澄海区莲下镇***", remark="")
C("w25", "sample", "sans", "P", S(on="wood", angle=5), ["token in the code", "company and landline"], carrier="东莞精嵘塑胶制品厂", rn="成都锦华电器有限公司", rp="028-******5", ra="四川省成都市龙泉驿区车城东路98号", sn="业务部 周*", sp="0769-******3", sa="广东省东莞市虎门镇太沙路75号", goods="ABS 面板 3-201A 两片", remark="开模第二次试样", qr="a91f03c477de5b20")
C("w26", "sample", "mono", "F", S(on="green", angle=-3, tilt=0.3), ["mobile masked"], ["receiver short number whole"], carrier="中山恒辉灯饰厂", rn="李*华", rp="!135******20 短号668214", ra="广东省中山市古镇镇同兴路***", sn="恒辉灯饰厂", sp="0760-******3", sa="广东省中山市横栏镇富庆路2号", goods="LED 灯珠样板")
C("w27", "cloud", "bold", "P", S(on="whitebag", angle=6, wrinkle=0.6), ["sticker over name and phone"], rn="*■■", rp="138", rn2="冯*", rp2="138******57", ra="广东省深圳市龙岗区坂田街道雪岗路***", cover=[("rn", 0, 0, 0, 1, 1), ("rp", 0, 0.9, 0, 5.5, 1)], goods="数据线")
C("w28", "cloud", "sans", "F", S(on="carton", angle=-5, tilt=0.2), ["sticker over the first ply's name"], ["receiver name whole on second ply"], rn="冯嘉怡", rn2="!冯嘉怡", rp="137********", order="pn/a", cover=[("rn", 0, 0, 0, 1.02, 1)], stickercolour=(44, 44, 48), goods="数据线")
C("w29", "slip58", "sans", "P", S(on="tiles", roll=0.75, angle=3), ["place names with 户 and numbers"], ra="四川省成都市青羊区十二桥路七户巷口68号****", sn="九户村土特产", sp="400-770-1906", sa="四川省雅安市名山区九户村集散点", rn="罗*", rp="151******16", goods="蒙顶茶")
C("w30", "pins", "narrow", "F", S(on="kraft", angle=7, tilt=0.2), ["text masked"], ["person in the code"], rn="林**", rp="138******97", qr="!收:林国栋;13826451197;佛山桂城翠湖轩5栋1203", goods="保温杯")
C("w31", "foot", "wide", "P", S(on="carton", angle=-6, shadow=ARM, dark=0.4), ["goods like a room", "400 number"], sn="粤来日化旗舰店", sp="400-830-5521", sa="广东省广州市白云区石井街道石沙路61号", goods="501 厨房清洁剂 2瓶", remark="声明价值 13800 元", sort="020 T11")
C("w32", "foot", "sans", "F", S(on="greybag", parcel="whitebag", angle=5, q=65), ["virtual number"], ["virtual number expired before printing"], rp="!17038825164-2715（虚拟号有效期至2026-10-31）", date="2026-11-24 16:40", sort="816 B20", rn="曾*")
C("w33", "columns", "serif", "P", S(on="black", angle=8, tilt=0.3), ["Hong Kong number", "dotted name"], rn="阿依·***", rp="+852 ******67", sn="扎西*珠", sp="139******4*", sa="四川省甘孜州康定市炉城镇***", goods="虫草花 1盒", remark="易碎轻放")
C("w34", "columns", "narrowbold", "P", S(on="tiles", angle=-10, tilt=0.25, tiltway=160), ["phone by its tail", "stars as x"], rn="钟xx", rp="尾号4402", ra="广东省惠州市惠城区麦地路11号xxxx", sn="顺邦小家电专营店", sp="400-618-9034", sa="广东省佛山市顺德区红旗中路18号", goods="电热水壶", qr="T7Q0931C5E2B")
C("w35", "cloud", "bold", "U", S(on="concrete", angle=-8), unreadable="soaked", washed=True)
C("w36", "market", "bold", "P", S(on="kraft", wrinkle=0.9, angle=-5), ["room masked before its word"], carrier="鲜到家生鲜", ra="广州市番禺区南浦岛碧云花园12座**房", rn="梁*贤", rp="18*******77", sn="鲜到家（南浦店）", sp="400-886-2013", remark="打包盒分开装，少放冰袋", basket="103", order="np/a")
C("w37", "market", "mono", "F", S(on="wood", angle=6, tilt=0.2, roll=0.9), ["name and phone masked"], ["receiver room"], carrier="万家邻超市", ra="!中山市小榄镇广福大道88号御景湾3座902房", rn="*丽琼", rp="159******3*", sn="万家邻超市（小榄店）", sp="400-886-2013", remark="无需餐具")
C("w38", "group", "sans", "P", S(on="greybag", angle=4, fill=0.62, dx=-0.14, dy=-0.12), [SPLIT, "neighbour masked too"], second=("w07", 40, 52, 14), size=(1920, 1440), carrier="田园到家", pick="货架 12-1-802", rn="*姨", rp="*******4402", ra="小榄沙口市场自提柜", sn="邓**", sp="133******90", sa="沙口市场A口", goods="走地鸡 1只")
C("w39", "group", "sans", "F", S(on="green", angle=-5, fill=0.62, dx=-0.14, dy=-0.12), ["first label masked"], ["neighbour's receiver name whole"], second=("n39", 38, 54, -11), size=(1920, 1440), carrier="好邻居团购", rn="罗*", rp="136******08", ra="桂城翠湖便民驿站", sn="李*", sp="159******3*", sa="翠湖路21号", goods="鸡蛋 30枚")
C("n39", "group", "sans", "F", carrier="好邻居团购", rn="!黎艳芬", rp="151******16", ra="桂城翠湖便民驿站", sn="李*", sp="159******3*", sa="翠湖路21号", goods="东北大米 10kg", basket="A-12", pick="取货码 5-1-014")
C("w40", "carton", "bold", "U", S(on="concrete", angle=4, tilt=0.3), ["no label"], goods="香菇肉酱罐头", carrier="制造商：雅安岷山食品有限公司", unreadable="other")
C("w41", "cloud", "serif", "P", S(on="kraft", angle=4, blur=0.9), ["faded print"], rn="*美玲", rp="133******90", goods="毛巾", fade=0.6, dead=(11.3, 30.6, 52.2))
C("w42", "cloud", "narrow", "F", S(on="greybag", angle=-10, tilt=0.3, tape=[(4, 36, 7)]), ["compound surname"], ["receiver name whole"], rn="!欧阳雪莹", rp="138******57", goods="围巾", ad="扫码领券 新客立减8元")
C("w43", "freight", "serif", "P", S(on="wood", angle=-3), ["fee like a phone's head", "floor to carry to"], carrier="锦江专线物流", rn="曾*", rp="138******57", ra="四川省眉山市东坡区湖滨路中段5号***", goods="实木餐桌", remark="需送货上3楼，无电梯", cod="13800 元", sn="乐从家具城冠华家私", sp="0757-******3", sa="广东省佛山市顺德区乐从大道东8号", size=(3264, 2448))
C("w44", "freight", "sans", "F", S(on="steel", angle=4, tilt=0.25, noise=7, expose=0.66), ["receiver is a company"], ["sender landline whole"], carrier="锦江专线物流", rn="四川遂宁川渝纺织有限公司", rp="0825-******3", ra="四川省遂宁市船山区明月路20号", goods="坯布", remark="", sn="卢*权", sp="!0757-22386641", sa="广东省佛山市禅城区张槎街道***")
C("w45", "back", "narrow", "P", S(on="carton", angle=-3, tilt=0.15), ["department as name", "old number like a phone"], rn="退货组", rp="0769-******3", ra="广东省东莞市虎门镇太沙路75号B仓3楼", sn="*丽琼", sp="1**********", sa="四川省广安市广安区思源大道***", remark="原运单 15902837746 请随货放回", size=(3264, 2448), dots=12)
C("w46", "back", "sans", "F", S(on="pink", angle=5, wrinkle=0.6), ["text masked"], ["order's address in the code"], rn="锦绣里服饰售后部", rp="400-618-9034", ra="广东省广州市海珠区南约大街9号", sn="张*", sp="151******16", sa="广东省肇庆市端州区天宁北路***", remark="尺码偏小", qr="!https://jinxiuli.example/order/detail?id=202611180094427")
C("w47", "pins", "sans", "P", S(on="kraft", angle=-4, tilt=0.2, thumb=THUMB), ["pen and stamp"], pen="易碎 勿压", penink=(190, 30, 30), stamp="已安检", goods="陶瓷碗 6只")
C("w48", "pins", "sans", "F", S(on="carton", parcel="whitebag", angle=6), ["print masked"], ["phone and name in pen"], rn="陈*", rp="138******57", goods="茶叶", pen="!叫阿芳 13719284456", penh=5.6)
C("w49", "drug", "narrowbold", "P", S(on="greybag", wrinkle=1.1, angle=-9, exif=1), ["building shown", "unit masked"], carrier="康泽大药房", ra="四川省成都市郫都区港通路198号银杏苑3号楼*单元****", rn="邓**", rp="133******90", goods="布洛芬混悬液 1瓶", sn="康泽大药房（郫都店）", sp="400-770-1906", sa="成都市郫都区望丛中路9号", remark="孩子在睡觉，请轻敲门")
C("w50", "cloud", "sans", "U", S(on="concrete", fill=0.16, angle=20, dx=0.2, dy=-0.15, q=40, blur=1.2), unreadable="far", size=(1440, 1080))
C("w51", "sample", "sans", "F", S(on="tiles", angle=-6), ["full-width digits"], ["receiver phone whole"], carrier="佛山鸿达陶瓷厂", rn="陈*", rp="!１３９２２４５６１７８", ra="四川省内江市东兴区汉安大道***", sn="鸿达陶瓷厂", sp="0757-******3", sa="广东省佛山市禅城区南庄镇华夏路6号", goods="仿古砖样板 600×600")
C("w52", "pick", "mono", "P", S(on="wood", angle=4, tilt=0.2, tape=[(-38, 30, -4)]), ["title with the surname hidden"], rn="*女士", rp="137********", goods="发夹套装", remark="送人，勿放发票")
C("w53", "pick", "sans", "F", S(on="steel", angle=-6, glare=[(0.2, 0.85, 0.12, 0.6)]), ["room masked"], ["receiver unit"], ra="!四川省成都市郫都区红光街道港通路198号银杏苑3幢2单元****", rn="罗*", goods="床笠 1.8米", remark="无")
C("w54", "fresh", "narrow", "P", S(on="foam", angle=-4, tilt=0.2), ["locker with numbers"], ra="四川省攀枝花市东区炳草岗大街5号蜂格柜3号柜12格", rn="冯*", rp="136******08", goods="芒果 5斤")
C("w55", "fresh", "bold", "F", S(on="black", angle=3, shadow=HEAD), ["sender is a stall"], ["sender stall"], sn="阿珠海味", sp="400-886-2013", sa="!广东省广州市荔湾区一德路海味城2楼028档", rn="陈*", rp="138******57", goods="元贝 500g")
C("w56", "foot", "narrow", "U", S(on="carton", angle=0, fill=1.0, dy=0.37), ["receiver's address cut off"], unreadable="cut", sort="028 C03", size=(1600, 1600))
C("w57", "cloud", "sans", "F", S(on="whitebag", angle=3), ["text masked"], ["reversible code"], rn="林**", rp="138******97", goods="手机壳", qr="!" + base64.b64encode('{"n":"林国栋","p":"13826451197"}'.encode()).decode())
C("w58", "cloud", "narrowbold", "P", S(on="greybag", angle=-6, tilt=0.2, crease=0.7), ["goods with 单元", "advertisement"], goods="小学数学 第2单元试卷 3-2", ad="下载南风速配 寄件首单5元", carrier="南风速配")
C("w59", "bag", "sans", "P", S(on="weave", angle=5, lies=2), ["bridge with a number", "stars of full width"], star="＊", carrier="大山里乡村速递", rn="阿苦·＊＊", rp="135＊＊＊＊＊＊0＊", ra="四川省凉山州越西县新民镇三号桥头＊＊＊", sn="九户村土特产", sp="400-770-1906", sa="四川省雅安市名山区九户村集散点", remark="下午五点前取件")
C("w60", "columns", "mono", "P", S(on="wood", parcel="kraft", angle=4, tilt=0.3, crease=0.35), ["two numbers, both masked"], rn="张*", rp="138******21 / 0755-******3", ra="广东省深圳市宝安区西乡街道前进二路A座***", sn="周*", sp="189******2*", sa="广东省东莞市虎门镇太沙路75号***", goods="键盘")
