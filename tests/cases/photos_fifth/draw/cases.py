"""The cases. Persons are name|phone|address of the receiver, then of the sender; a leading ! shows too much."""
# fmt: off
# ruff: noqa: E501

import random

CASES, NEIGHBOURS = {}, {}
SKIN, ORANGE, BLUE, KNIT = (206, 160, 130), (226, 112, 44), (62, 108, 186), (214, 212, 204)
INK, NAVY, GREY = (24, 24, 26), (26, 34, 70), (70, 70, 72)


def c(id_, layout, persons, goods, remark, fx="", traps="", faults="", to=CASES, **more):
    rng = random.Random("fifth" + id_ + layout)
    case = {k: (v.replace("^", "\n") or None) for k, v in zip(("rn", "rp", "ra", "sn", "sp", "sa"), (persons + "|||||").split("|"), strict=False)}
    case |= {"id": id_, "layout": layout, "goods": goods or None, "remark": remark or None, "fx": fx}
    case |= {"traps": [t for t in traps.split(";") if t], "faults": [t for t in faults.split(";") if t]}
    case["style"] = rng.choice(("sans", "bold", "narrow", "narrowbold", "wide", "mono", "serif", "serifbold", "sans", "bold"))
    case["carrier"] = rng.choice(("驰燕速运", "山雀快递", "北辰达", "云帆递", "蚁桥快运", "豆丁同城", "万舟冷运", "赤麂快递"))
    case["route"] = rng.choice(("630-C12-07", "嘉兴 B3-118", "H21 05-16", "南站-204", "5A-31-009", "华中 712"))
    case["no"] = rng.choice(("YQ", "SC7", "DD", "77", "JX")) + str(rng.randrange(10**11, 10**12))
    case["date"] = f"2026-11-{rng.randrange(12, 27)} {rng.randrange(7, 22):02}:{rng.randrange(60):02}"
    case["dots"] = rng.choice((8, 8, 12))
    case["ground"] = rng.choice(("belt", "belt", "cage", "step", "table", "floor"))
    case["parcel"] = rng.choice(("card", "card", "white", "grey", "black", "pink", "foam"))
    case["size"] = rng.choice(((1440, 1920), (1536, 2048), (1500, 2000)))
    if layout in ("freight", "side100", "shop70", "shelf", "ward", "school") and "turn90" not in fx and "turn270" not in fx:
        case["size"] = case["size"][::-1]
    if rng.random() < 0.5:  # a sealed token in place of the bare number
        case["qr"] = "W1:" + "".join(rng.choice("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789$*+-./:") for _ in range(44))
    to[id_] = case | more


c("v01", "cloud76", "林**|1********36|浙江省嘉兴市海盐县武原街道枣园西路288号和悦花苑6幢*单元***室|豆荚家居旗舰店|400-000-7716|嘉兴市南湖区电商园3号库", "四层收纳架 120x40cm 白", "请放驿站，勿敲门", "curl", "phone before name;size 120x40;400 number of a shop")
c("v02", "shelf", "宋*|!15600027714|榆荫路店 A区", "", "超24小时请尽快取", "shadow", "name masked, phone whole", "receiver phone whole", shelf="3-2-4417")
c("v03", "ring76", "●志远|139●●●●●●28|安徽省合肥市庐阳区杏花苑小区 15 幢 ●● 单元 ●●●|徽香茶行|0551-●●●●●●●●|合肥市瑶海区临泉东路 88 号", "明前茶 250g×2 罐 18层包装", "易潮，轻放", "tape jpeg", "round stars;surname hidden;goods with 18层")
c("v04", "ply180", "周**|1*******409|湖北省武汉市江夏区流芳园中路19号翠柏里小区8栋*单元***|云锦布行|027-********|武汉市硚口区汉正里45号", "窗帘 2.7米 半成品", "", "crease", "first ply masked, second not", "second ply receiver phone whole", rp2="!18700061409", form2="rows")
c("v05", "ward", "陈*霞|*********51|市第三人民医院 住院楼 9层 **病区 **床|瑞和便民药房|400-000-2210|", "复方甘草片 2盒；二甲双胍缓释片 1盒", "饭后服用，一日两次，每次1片", "", "hospital and floor show, bed hidden;goods of health;a ward's label")
c("v06", "receipt", "郭＊|1＊＊＊＊＊＊＊＊70|南苑路 166 弄荷风雅筑 4 号楼＊＊＊|||", "", "不要葱，餐具2套", "curl warm", "order number begins 138;prices;receipt of a shop", num="#26 骑手配送")
c("v07", "low150", "梁**|!138****6150|广东省佛山市顺德区大良街道锦岩路52号云顶居3座****|百味干货行|1*********2|佛山市南海区桂城街道", "腊肠 1000g", "周末派送", "wrinkle", "three and four digits shown", "receiver phone seven digits")
c("v08", "cols100", "*建军|1**-****-**19|河北省保定市莲池区东风中路 1203 号银杏苑 2 号楼 * 单元 ***|沃土农资店|1**-****-**04|石家庄市栾城区裕翔街 9 号", "玉米种 5kg  规格 1203", "放门卫处", "shadow cold", "house number 1203 like a room;goods number 1203")
c("v09", "cloud76", "许**|1********02|山东省烟台市芝罘区海韵街7号楼***|海味坊|400-000-1902|", "虾皮", "", "ruined", un="lost")
c("v10", "freight", "长河机电设备有限公司|400-000-8851|重庆市江津区珞璜园区兴工路 6 号 2 号厂房 1 层|苏州联拓轴承厂|0512-********|苏州市吴中区胥口镇 12 号", "轴承座 HR-1203-506", "卸货走 5 号门，叉车", "angle", "company whole;floor and gate show;part number like a room")
c("v11", "returns", "禾田服饰退货组|400-000-6630|杭州市临平区乔司街道 2号库 7号月台|黄**|1********85|!温州市鹿城区松台街道水心里 12 幢 2 单元 604 室", "针织开衫 L 码", "袖口起球", "tape", "buyer is the sender", "sender address unit and room")
c("v12", "side100", "罗**|**** *** **63|成都市武侯区桐梓林北街 31 号 6 栋 ** 单元 ****|蜀绣小筑|1********57|", "杯垫 6 只", "", "blur", "same city;stars in groups")
c("v13", "shop70", "!郑晓棠|1********44|湖南省长沙市岳麓区梅溪里 9 栋 ***|阿木|1********08|", "胡桃木梳 1 把", "", "warm", "first name whole, rest masked", "receiver name whole", sform="token")
c("v14", "both100", "Zhou **  周**|+86 1********90|上海市静安区昌平北路 718 弄 11 号 *** 室|KOBO TRADING CO., LTD.|+81 3-0000-1187|2-14-5 Minato, Yokohama", "Rice cooker 电饭煲 1203W", "Fragile", "turn180", "foreign firm and its number;Latin name masked")
c("v15", "stub170", "吴**|1********17|江西省南昌市青山湖区上海北路 60 号 5 栋 * 单元 ***|赣南果园|1********33|赣州市安远县", "脐橙 10 斤", "怕冻，轻拿轻放", "curl", "stub names whom the upper part hides", "second ply receiver name whole", rn2="!吴丽萍")
c("v16", "school", "高三(7)班 马*|1********21|青梧中学 逸夫楼 3 层|新知书社|400-000-4409|", "五年高考题集 2册 含答案1203题", "交班主任", "", "a class is no room;floor of a school", org="校园直送 · 青梧中学", rheads=("领取人", "手机", "地点"), slot="C 区 11 架")
c("v17", "shelf", "曾**|尾号 4806|蜂巢柜 12号柜 08格口", "", "凭码取件，勿外传", "angle", "shelf number like a door;locker shows;last four digits", shelf="12-1-1203")
c("v18", "receipt", "邱*|1********15|华庭路 9 号锦上居 7 号楼 *** |||", "", "!门禁 2580#，到了放鞋柜", "blur", "persons all masked", "remark door code", num="#08 立即送达", list=(("奶油草莓盒", 1, "39.90"), ("冰美式 大杯", 2, "31.80")), org="麦浪面包铺")
c("v19", "cloud76", "谭**|1********66|广西柳州市鱼峰区屏山大道 240 号 3 栋 ***|螺小妹食品|400-000-3377|", "螺蛳粉 10 包", "", "", "all text masked", "code holds name and phone", qr='!{"收":"谭雅琴","tel":"13500047166"}')
c("v20", "ply180", "Ⅹ国栋|1xxxxxxxx84|辽宁省大连市沙河口区星海里 33 号 9 号楼 x 单元 xxxx|鲜渡水产|400-000-9080|大连市甘井子区 5 号冷库", "冻带鱼段 5kg", "冷链，当日送", "dirt", "x for stars;unit hidden by x", rn="X国栋")
c("v21", "ward", "蒋**|1********72|!仁安医院 住院3号楼 11层 1107 病房 26 床|瑞和便民药房|400-000-2210|", "人血白蛋白 10g 1瓶", "需冷藏", "shadow", "name and phone masked", "receiver address ward room and bed")
c("v22", "notice", "|||||", "", "", "angle", un="other", zoom=0.7, ground="table")
c("v23", "ring76", "孟**|1********08|天津市河东区津塘里 22 号 5 门 ***|!孟繁荣|1********31|天津市蓟州区", "核桃 5 斤", "", "crease", "receiver masked, sender not", "sender name whole", ra="天津市河东区津塘里 22 号楼 *门 ***")
c("v24", "low150", "范**|17000001234转5608^(有效期至 2026-12-28)|陕西省西安市雁塔区含光路 77 号 6 号楼 ** 单元 ****|秦味坊|1********29|", "石榴 8 枚装", "", "shadow", "virtual number, date lies ahead", date="2026-11-18 09:40", form="pair", h=4.6)
c("v25", "cols100", "叶**|1********93|!福建省厦门市**区****路***号 12 幢 1803 室|鹭岛文创|400-000-5512|", "明信片套装", "", "tape", "road hidden, room shown", "receiver address room")
c("v26", "freight", "!宏泰纺织有限公司 钱永强|1*********6|绍兴市柯桥区华舍路 301 号 2 号厂房|轻纺城云仓|0575-********|绍兴市柯桥区 8 号库", "涤纶坯布 12 匹", "到货先电联", "", "company may stand, its person not", "receiver contact named whole", h=3.4)
c("v27", "returns", "木棉鞋业售后部|400-000-7125|泉州市晋江市陈埭镇 8号仓 3号窗口|*女士|1********50|厦门市集美区杏林湾 4 号楼 *** 室", "帆布鞋 39 码", "鞋底开胶", "angle motion", "name hidden before a title;gate of a store", order="1350 0021 8807 33")
c("v28", "side100", "唐**|1********01|贵州省遵义市湄潭县永兴镇中山村 5 组 ** 号|湄江茶社|1********64|", "炒青 500g", "到村口小卖部", "turn90", "group of a village shows;place named after a person", ground="step")
c("v29", "shop70", "*小曼|*******4075|厦门市思明区巡司巷 66 号 *** |李婆婆酸菜坊|400-000-1018|", "酸菜 3 坛", "", "deadcols", "shop named after a person;four last digits", heads={"s": ("寄", "号", "址")}, rheads=("姓名", "手机", "地址"), sform="pair", org="李婆婆酸菜坊")
c("v30", "both100", "薛**|!+86 138*****617|广州市黄埔区丰乐北路 20 号 4 座 ****|ORCHID BEAUTY SDN BHD|+60 3-0000-4471|Jalan Ampang 12", "Face cream 面霜 50ml", "", "blur", "five stars, six digits", "receiver phone six digits")
c("v31", "stub170", "董■■|1■■■■■■■■52|河南省洛阳市涧西区西苑路 15 号 20 幢 ■ 门 ■■■|牡丹瓷坊|1■■■■■■■■11|洛阳市老城区", "瓷盘 φ203 一件", "易碎", "crease dim", "black squares for stars;20 幢;φ203")
c("v32", "school", "何*|1********48|!南区 9 号公寓 512 室|新知书社|400-000-4409|", "线性代数习题", "", "curl", "dormitory's room", "receiver address dormitory room")
c("v33", "shelf", "*先生|1********27|榆荫路 27 号东侧店", "", "易碎 · 冷藏", "dim noise", "station's house number;name hidden before a title", shelf="冷-09-118")
c("v34", "low150", "邓**|1********39|云南省昆明市官渡区世纪里 8 号 2 幢 ***|滇味园|400-000-6671|昆明市呈贡区斗南 6 号棚", "鲜花饼 24 枚", "", "cut", un="cut", at=(0.5, 0.85), zoom=0.9)
c("v35", "receipt", "客人 **|1********80|文渊街 18 号 3 楼 ****|花信鲜花|1********06|", "", "卡片写：生日快乐，天天开心", "deadcols", "order number like a phone;card's wish names nobody;floor shows", num="#113 花束", list=(("香槟玫瑰 19枝", 1, "139.00"), ("花瓶 15900", 1, "48.00")), org="花信鲜花 文渊街店", order="13600027118")
c("v36", "cloud76", "石文静|13900043318|四川省绵阳市涪城区临园路 8 号 5 栋 * 单元 ***|天府茶叶|400-000-2290|", "花毛峰 3 罐", "", "", "sticker covers name and phone;a little of both looks out", cover=[("rn", 0.36, 1, INK), ("rp", 0.1, 0.9, INK)])
c("v37", "ply180", "贺**|1********10|内蒙古包头市昆都仑区钢苑里 14 栋 * 单元 ***|草原牧歌|1********73|呼和浩特市", "牛肉干 500g", "", "wrinkle", "room on the lower ply alone", "second ply receiver address unit and room", ra2="!内蒙古包头市昆都仑区钢苑里 14 栋 2 单元 301")
c("v38", "ward", "□□兰|1□□□□□□□□06|康宁社区卫生站 2 层 药房窗口|济民堂大药房|400-000-5160|", "血糖试纸 50 片 ×2", "本人凭医保卡领取", "tape", "window of a pharmacy is no room;squares for stars", org="济民堂大药房 慢病配送", rheads=("领药人", "联系", "自取点"))
c("v39", "ring76", "欧阳**|1********97|江苏省南通市崇川区濠南别业路 5 号濠景苑 11 号楼 **** |如皋火腿行|1********20|如皋市", "火腿 1.5kg 18个月", "15:30 后送", "noise", "double surname shows;15:30", style="serifbold")
c("v40", "low150", "*大伟|1********34|!湖南省邵阳市隆回县石桥镇石桥村 7 组 34 户|万家农机|400-000-8123|长沙市望城区", "割草机配件", "", "curl jpeg", "village's household", "receiver address household", icon="收disc")
c("v41", "cols100", "田**|1********62|黑龙江省哈尔滨市道里区安宁街 4 号 *单元 ***|雪国皮草|0451-********|哈尔滨市南岗区", "棉帽 58cm", "", "crease", "pen writing that tells no door", pen=("改派 周三上午", 5, "remark", ""))
c("v42", "freight", "青禾小学 总务处|0731-********|长沙市开福区青禾路 33 号 教学楼 1 层|卓远课桌椅厂|400-000-7788|南昌市进贤县 5 号", "课桌 60×40×75 共 24 张", "放假前送到", "shadow", "school and floor show;landline hidden;dimensions", pieces="第 3 件 / 共 24 件")
c("v43", "returns", "素白家纺售后|400-000-4012|南通市通州区川姜镇 6号仓|卢**|1********38|苏州市昆山市花桥里 3 幢 *** ", "四件套 1.8m", "色差", "curl", "text masked, code opens an order", "code holds an order's URL", qr="!https://m.subai-shop.example/order/detail?oid=2026110277301")
c("v44", "side100", "汪**|!17000004417转902 有效至2026-11-10|合肥市蜀山区望江西路 200 号 9 幢 *** |科苑数码|1********14|", "耳机套", "", "shadow", "virtual number, its date is past", "receiver virtual number expired", date="2026-11-16 13:20", h=3.4)
c("v45", "shop70", "*彤|1********53|无锡市梁溪区棉花巷 7 号 ***|阿*|!15800036241|", "香囊 2 只", "", "dim", "a nickname; sender in one token", "sender phone whole", sform="token")
c("v46", "both100", "Sun *****|+86 1********45|青岛市市南区闽江三路 17 号 2 号楼 *** |NORDLYS OUTDOOR AS|+47 00 00 41 77|Storgata 1203, Bergen", "Tent 帐篷 2人", "", "exif warm", "house number 1203 abroad;Latin name masked")
c("v47", "side100", "严**|1********71|石家庄市长安区 6 号楼 ***|北苑书店|1********22|", "字帖", "", "blur", un="lost", zoom=0.1, margin=60)
c("v48", "stub170", "任**|1********89|山西省太原市小店区学府里 3 号楼 * 单元 ***|晋阳醋坊|400-000-1368|太原市清徐县", "老陈醋 5L", "", "", "print masked, courier's pen is not", "pen writes the receiver's room", pen=("!2单元1702", 6, "address", "receiver"))
c("v49", "school", "徐*|1********05|北区 6 号宿舍楼 4 层 ***|文汇二手书|1********41|", "大学物理 上册", "请投 2 号柜 15 格", "glare", "floor of a dormitory shows;locker in the remark", glare=[(70, 60, 7, 90)], slot="A 区 512 架")
c("v50", "receipt", "韦*|1********12|民主路 40 号 2 号楼 ****|||", "", "!打不通就拨 18600093527", "shadow", "masked above, phone in the remark", "remark phone whole", num="#51 超市配送", org="福满超市 民主路店")
c("v51", "cloud76", "沈**|1********28|浙江省湖州市吴兴区碧浪里 10 幢 *** |湖笔轩|400-000-6209|", "羊毫 3 支", "", "", "a second parcel beside it, also masked", size=(2048, 1536), at=(0.29, 0.5), margin=4, beside=(0.43, -0.14, 1.0, 6))
c("v52", "ply180", "白**|1********77|宁夏银川市兴庆区凤凰北街 66 号 12 号楼 ** 单元 ***|贺兰枸杞|400-000-3121|中宁县 2 号库", "枸杞 250g×4", "", "turn180", "upside down;66 号 and 12 号楼 show", form2="rows")
c("v53", "ring76", "秦**|1********60|甘肃省兰州市七里河区西站里 2 号楼 *** |陇原百合|1********18|", "百合 2 斤", "", "", "chief label masked, the neighbour's is not", "neighbour's receiver phone whole", size=(2400, 1800), at=(0.28, 0.5), margin=4, beside=(0.43, 0.1, 1.25, -7))
c("v54", "low150", "尹＊＊|1＊＊＊＊＊＊＊＊16|山东省济南市历下区解放东路 101 号 6 号楼 3 层 ＊＊＊|泉城烘焙|1＊＊＊＊＊＊＊＊43|济南市槐荫区 7 号楼", "老式蛋糕 1203g", "3 楼客梯口电联", "fade", "wide stars;floor in remark;1203g", icon="head")
c("v55", "cols100", "余**|!13300052986|宁波市海曙区月湖里 8 幢 ***|甬江海货|400-000-5540|", "鱼鲞 2 条", "", "", "sticker covers the phone's end only", "receiver phone looks out beside the sticker", cover=[("rp", 0.75, 1.04, NAVY)], h=4.4)
c("v56", "shop70", "收花人 **|1********68|大理古城人民里 21 号 ***|云上花房|1********02|", "洋桔梗 1 束", "", "angle", "a role for a name;house number shows", rheads=("TO", "TEL", "ADD"), sform="pair")
c("v57", "side100", "崔**|1********03|长春市朝阳区红旗街 1188 号 5 栋 ***|雪域参行|1********95|", "西洋参片", "!送不到交给门卫老乡崔志国", "motion", "remark tells the whole name", "remark name whole")
c("v58", "stub170", "杜**|1********46|沈阳市铁西区 9 号楼 ***|东陵干果|1********58|", "榛子", "", "glare", un="lost", glare=[(38, 52, 42, 620), (38, 88, 34, 620), (38, 148, 42, 620)])
c("v59", "school", "!贾雨桐|1********79|东区 2 号公寓 *** |校友书店|400-000-9917|", "考研词汇", "", "jpeg noise", "name of three characters whole", "receiver name whole")
c("v60", "shelf", "覃*|*******3350|代收：桂花巷便利店", "", "到付 12.00", "wrinkle", "shop that takes it in;price;time", shelf="取 B-7-0512")

c("v51", "school", "丁*|1********35|西区 1 号公寓 ***|文汇二手书|1********41|", "英语真题", "", to=NEIGHBOURS)
c("v53", "shop70", "毛**|!13700018254|兰州市城关区雁滩里 5 号 ***|小满手作|1********90|", "毛线帽 1 顶", "", to=NEIGHBOURS)
for _id, _f in {"v01": ("r", 120, ORANGE), "v08": ("b", 60, BLUE), "v13": ("l", 25, SKIN), "v17": ("r", 20, KNIT), "v30": ("l", 60, ORANGE), "v45": ("b", 20, SKIN), "v54": ("r", 100, KNIT), "v56": ("b", 46, SKIN)}.items():
    CASES[_id]["fingers"] = [_f]
