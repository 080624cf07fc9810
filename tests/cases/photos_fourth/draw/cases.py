"""u01 to u60: layout, style, receiver, sender, further values. A leading ! says: shows too much."""

BLACK, BROWN = (24, 24, 26), (150, 112, 70)
CASES = {}
# carriers, and codes of sorting of each layout: a case takes one by its number
NAMES = {
    "regional": ("蓝峪速递|岭脉快件|安禾速运", "K07-B 21-04|M13-F 08-11|R22-A 35-02"), "columns": ("渠丰快运|西塘快运|众骥快运", "西线 06|南环 14|城东 03"),
    "till": ("菜园里·次晨达|三板桥鲜菜团|禾小满社区购", "#37 晨一线|#12 晨四线|#08 暮二线"), "cold": ("鲜驿到家|澜鲜速配|寒舟冷送", "3号车 12框-0604|7号车 05框-1102|1号车 21框-0803"),
    "two_ply": ("顺江快递 SJ|北渡快递 BD|宏雁快递 HY", "312-C09 051|507-A22 118|026-K14 903"), "stub": ("皖东小件快运|淮上零担快运", "A3 滁州南|C1 蚌埠东"),
    "pallet": ("中禾冷链干线|恒渡冷运专线", "B-1203|C-0407|A-2106"), "bus": ("豫南客运·小件快运|申城客运·行包快件", "信阳东站"),
    "relay": ("乡递通|村口驿|邻站宝", "12-3-0604|05-1-0218"), "strip": ("捷邻同城|兜圈跑腿", "环北 9区|河东 2区"),
    "forwarder": ("Haizhou Freight 海舟货代|Lanting Cargo 岚汀货代", "CTU"), "note": ("汇陇物流货物托运单|丰驰零担货物托运单", "天水 直"),
}


def c(id_, layout, style, r, s, dist="", traps="", faults="", **more):
    case = {"id": id_, "layout": layout, "style": style, "dist": dist, "traps": [t for t in traps.split("; ") if t],
            "faults": [t for t in faults.split("; ") if t]}  # fmt: skip
    for who, values in (("r", r), ("s", s)):
        for key, v in zip("npa", values or (), strict=False):
            if v is not None:
                case[who + key] = v
    n = int(id_[1:])
    for key, pool in zip(("car", "sort"), NAMES.get(layout, ()), strict=False):
        case[key] = pool.split("|")[n % (pool.count("|") + 1)]
    case["no"] = ("LY", "QF", "HZ", "SJ", "WD")[n % 5] + str(730000418 + n * 5127793)[:9] + str(n)
    CASES[id_] = {**case, **more, "no": more.get("no_", case["no"])}


c("u01", "regional", "heavy", ("周**", "*******4417", "浙江省丽水市莲都区水阁街道仙桥路88号金色家园6幢*单元***室"), ("青柚日用品仓", "400-620-0193", "浙江省丽水市莲都区绿谷大道工业区"), "tilt:3", "organisation as sender; 400 number; building may show", goods="402胶水 2支", on="carton")
c("u02", "cold", "tall", ("李●", "●●●●●●●2208", "成都市武侯区晋阳路116号锦绣花园11栋●单元●●●"), ("鲜驿武侯仓", "95177", "成都市武侯区机投镇"), "wet lean:0.8", "discs as stars; tray place like a room; short number of a warehouse", goods="冷鲜鸡胸 1kg、三元酸奶", both=1, on="foam")
c("u03", "columns", "sans", ("吴晓*", "!138****0217", "湖北省襄阳市樊城区长虹路9号民发世纪***"), ("陈*", "1******6634", "湖北省宜昌市伍家岗区夷陵大道**号"), "shadow:0.8", "", "receiver phone shows seven digits", on="steel")
c("u04", "till", "till", ("刘＊＊", "17045561207转8836", "南京市建邺区江东中路1912街区3号楼＊＊＊"), ("菜园里建邺店", "400-700-3381"), "bend:1 lamp", "virtual number with a later date; street name with digits", until="隐私号,有效至 2026-12-05", at="2026-11-28 20:11", items=(("上海青 500g", 2), ("李子柒螺蛳粉", 1), ("土鸡蛋 10枚", 1), ("501号面包粉", 1)), remark="不要香菜", on="sack")
c("u05", "forwarder", "squat", ("!ZHANG WEIMING", "1*******563", "成都市双流区空港四路1166号B区***"), ("Haizhou Trading Co., Ltd.", "0755-******9", "深圳市宝安区福永物流园3号库"), "tilt:-4 grain:1.2", "warehouse's number", "receiver name whole", goods="LED LAMP 灯具", on="film")
c("u06", "note", "pins", ("马**", "15X XXXX XX27", "甘肃省天水市秦州区藉河南路42号院*号楼***"), ("兰州隆和五金批发部", "0931-******8", "兰州市城关区雁滩市场C区"), "fold:1", "X as stars; organisation as sender", goods="角磨机、螺栓", remark="自提不打电话", on="floor", cast="warm")
c("u07", "two_ply", "heavy", ("孙*", "*******9051", "江苏省盐城市亭湖区解放南路188号**小区***"), ("何**", "*******7730", "江苏省苏州市吴江区盛泽镇**路"), "lean:0.7", "", "receiver's second ply: name and phone whole", rn2="!孙玉梅", rp2="!13770129051", goods="床品四件套", on="carton")
c("u08", "relay", "heavy", ("韦*芳", "***4", "洛西村便民站(村委会旁) 3号架"), None, "tilt:2 dim:0.6", "shelf number like a room; relay station as address; few digits", remark="冻品请当日取", on="crate")
c("u09", "pallet", "sans", ("华润冷链仓储(郑州)有限公司 收货组", "0371-******2", "郑州市经开区航海东路1601号 仓储3号库"), ("中禾冷链周口基地", "400-016-5588", "周口市川汇区八一路"), "lean:0.6 film:0.8", "dock door; organisation; warehouse building", goods="冻虾仁 40箱", remark="卸货走 B-1203 道口", sort="B-1203", on="pallet")
c("u10", "stub", "tall", ("范*", "1*******708", "安徽省滁州市南谯区紫薇南路78号阳光花园七幢***"), ("戴**", "1*******215", "安徽省合肥市瑶海区**路"), "tilt:2", "building in Chinese numerals", "remark names a person and a door", goods="茶叶", remark="!放1102门口给范建军", on="carton")
c("u11", "returns", "book", ("云裳女装退货仓", "400-889-2106", "杭州市余杭区乔司街道三角村工业园2号楼3层"), ("谢*", "1******4490", "湖南省衡阳市雁峰区白沙大道20号***"), "shadow:1 fold:1", "organisation as receiver; floor may show; order number", goods="羊毛衫 M码", remark="尺码偏小", on="sack")
c("u12", "regional", "sans", ("钱**", "*******1182", "山东省临沂市兰山区沂蒙路**号"), ("某商行", "400-100-2200", "山东省临沂市"), "shake:14 blur:5 dim:1", cast="green", unreadable=True, on="belt")
c("u13", "bus", "heavy", ("崔*", "*******3356", "信阳东站小件处 2号窗口"), ("!崔建设", "1******9907"), "tilt:-3 dirt", "counter as address; departure time", "sender name whole", goods="文件袋", on="steel", remark="凭证件取")
c("u14", "strip", "squat", ("梁□□", "□□□□□□□6612", "太原市小店区平阳路44号□□小区□□□"), ("老街坊卤味(平阳店)", "0351-******7", "平阳路16号商铺"), "flash:1", "boxes as stars; shop as sender", remark="趁热送,到了按铃", on="bag")
c("u15", "cold", "heavy", ("!程丽华女士", "*******5120", "武汉市洪山区珞狮南路519号明泽半岛3栋***"), ("鲜驿洪山仓", "95177", "武汉市洪山区青菱乡"), "frost:0.7 wet:0.6", "title", "receiver name whole with a title", zone="冷冻", deg="-18℃", goods="速冻水饺、牛排", on="foam")
c("u16", "tag", "sans", ("高**", "1**-****-**83", "西安市未央区\n大明宫建材西区"), ("佳和卫浴", "029-******6"), "tilt:4", "pen writing; organisation", car="金槐货运部", cast="warm", on="pallet")
c("u17", "two_ply", "tall", ("胡*明", "1*3*5***7**8", "贵州省遵义市汇川区南京路天安城2号楼***"), ("遵义红辣椒食品厂", "400-085-1919", "遵义市新蒲新区"), "bend:1.2", "digits scattered among stars; remark asks for a call", goods="老干妈同款辣酱 6瓶", remark="到付38元 派前电联", on="carton")
c("u18", "columns", "heavy", ("汤**", "*******2071", "!云南省曲靖市麒麟区麒麟南路308号龙泉苑5幢2单元601室"), ("曲靖云果园合作社", "400-871-6000", "曲靖市沾益区"), "lean:0.8 grain", "", "receiver address shows unit and room", goods="昭通苹果 10斤", on="crate")
c("u19", "till", "till", ("欧阳*", "*******8834", "长沙市岳麓区麓谷街道尖山路39号中电软件园1号楼*层****"), ("菜园里麓谷店", "400-700-3381"), "shadow:0.9 fold:1", "double surname; waybill QR; order number of 11 digits", order="单号 13902217708", items=(("张飞牛肉 200g", 1), ("王守义十三香", 2), ("藕 600g", 1)), remark="放前台即可", on="sack")
c("u20", "note", "pins", ("哈斯*根", "1********62", "内蒙古赤峰市松山区玉龙大街**号"), ("赤峰草原牧歌肉业", "0476-******5", "赤峰市红山区工业街"), "tilt:-2 dim:0.5", "organisation as sender; name of four characters", "", from_="赤峰", sort="松山", goods="冻羊腿 6件", paper=(238, 246, 226), on="belt")
c("u21", "forwarder", "sans", ("Nguyen T**", "***-****-*829", "广西凭祥市友谊关大道口岸物流园2号楼3层"), ("Shenzhen Kelan Electronics 科岚电子", "400-777-5120", "深圳市龙华区观澜街道"), "lean:0.7 jpeg:55", "foreign name masked; floor may show; flight number; AWB number", kind="陆运 TRUCK", flt="桂F·0912/28", sort="PXG", goods="PCB ASSY 电路板", on="pallet")
c("u22", "regional", "tall", ("沈*", "*******4093", "福建省泉州市鲤城区新华北路66号"), ("闽乡茶铺", "400-059-5001", "福建省泉州市安溪县"), "tilt:2 shadow:0.7", "", "QR code holds name and phone", code="!收件人:沈佳怡;电话:13559014093", goods="铁观音 2罐", on="carton", kind="茶季专线")
c("u23", "relay", "sans", ("石**", "*****0071", "上坪村4组**号"), None, "bend:1", "group of a village may show", remark="到货请取,不上门", cast="warm", on="carton", sort="07-A-311", sn="石岭镇供销社")
c("u24", "columns", "heavy", ("贺**", "*******2246", "江西省赣州市章贡区红旗大道86号*栋***"), ("赣南脐橙社", "400-797-1234", "江西省赣州市信丰县"), "cut tilt:2", "", "", unreadable=True, goods="脐橙 20斤", size=(1500, 1300), fill=1.5, shift=(0.12, 0.27), on="crate")
c("u25", "pallet", "tall", ("!永佳超市(涵江店) 林国栋", "1******7719", "福建省莆田市涵江区涵华西路199号 收货区"), ("中禾冷链福清仓", "400-016-5588", "福清市"), "film:1 lean:0.5", "organisation beside a person; dock door", "contact person named whole", goods="叶菜 62筐", on="film")
c("u26", "strip", "book", ("叶某", "1******6043", "青岛市市南区香港中路12号丰合广场A座**"), ("花间集鲜花工作室", "0532-******6", "青岛市市南区南京路100号"), "tilt:-3 lamp", "某 as a mask; shop as sender; tower may show", remark="鲜花易损,轻放", on="steel")
c("u27", "stub", "heavy", ("邵**", "*******6625", "安徽省芜湖市镜湖区北京中路7号***"), ("鸠江文具批发", "0553-******1", "芜湖市鸠江区"), "tilt:-2 blur:0.6", "", "the stub's address shows the room", ra2="!安徽省芜湖市镜湖区北京中路7号融汇中江3栋1504", goods="练习册:第2单元测验卷", on="floor")
c("u28", "returns", "sans", ("数码售后中心 B仓", "400-606-9933", "东莞市虎门镇怀德社区大坑路88号4栋1楼"), ("郑*宇", "*******8120", "广西玉林市玉州区民主中路***号"), "turn90 lean:0.5", "lying picture; organisation as receiver; digits of a serial number", goods="耳机 SN 18677042310", remark="左耳无声", on="steel")
c("u29", "bus", "sans", ("黄**", "!15037961284", "河南省信阳市平桥区平西街道**路"), ("豫竹工艺品店", "0396-******4"), "shadow:1 grain:1", "", "receiver phone whole under a half-dry felt pen", felted=["rp"], goods="竹编果篮", on="carton")
c("u30", "two_ply", "squat", ("罗*", "*******0038", "重庆市渝北区龙溪街道新南路162号2幢*-*-*"), ("山城火锅料理厂", "400-023-8080", "重庆市巴南区界石镇"), "fold:2 tilt:3", "building may show; advertisement", goods="火锅底料 5袋", remark="送至丰巢柜", on="sack")
c("u31", "cold", "sans", ("朱*", "***********", "宁波市鄞州区百丈东路1088号城市花园22幢***"), ("鲜驿鄞州仓", "95177", "宁波市鄞州区"), "flash:1 wet:0.5", "phone hidden whole", "remark tells the door code", goods="车厘子 2kg", remark="!单元门密码 2580#", on="foam")
c("u32", "regional", "squat", ("蔡**", "*******5562", "海南省儋州市那大镇中兴大街115号"), ("海岛椰子坊", "400-898-7766", "海南省文昌市"), "film:0.7 tilt:-3", "house number may show; code holds a token", code="K7:3QX0-9ZTB-44LM-8810", goods="椰子粉", remark="周末送货", on="film")
c("u33", "till", "till", ("冯*", "!17090078831转205", "佛山市禅城区祖庙路33号百花广场***"), ("菜园里祖庙店", "400-700-3381"), "bend:1 shadow:0.8", "", "virtual number without a date behind the printing", until="号码有效至 2026-11-20", at="2026-11-28 19:47", items=(("本地菜心", 1), ("清远鸡 半只", 1)), on="bag")
c("u34", "forwarder", "heavy", ("成都锦云医疗器械有限公司", "028-******71", "成都市高新区天府三街69号1栋"), ("上海申域医疗", "400-021-3070", "上海市嘉定区马陆镇"), "exif tilt:2", "organisation as receiver; goods of health", goods="血糖试纸 MEDICAL", on="steel")
c("u35", "columns", "tall", ("余*", "*******4419", "四川省绵阳市涪城区临园路东段72号***"), ("!余文博", "!0816-2357719", "四川省德阳市旌阳区**路"), "tilt:4", "", "sender name whole; sender landline whole", goods="书", on="pallet")
c("u36", "sign", "sans", None, None, "tilt:2 shadow:0.6", "", "", unreadable=True, kind_="other", on="steel")
c("u37", "note", "pins", ("冉**", "1******4071", "!重庆市万州区高笋塘街道三组18户"), ("万州三峡鱼庄", "023-******9", "重庆市万州区北山大道"), "tilt:1 fold:1", "group of a village", "receiver's household shown", from_="万州", sort="高笋塘", goods="干鱼 2箱", on="floor")
c("u38", "regional", "heavy", ("陈*", "*******8096", "广东省揭阳市榕城区东山街道\n建阳路23号3栋802房"), ("潮味坊", "400-066-3300", "广东省揭阳市"), "tilt:-2", "room under a dark sticker", "", goods="牛肉丸", cover=[("ra", 0.52, 1.02, BLACK, 0.5)], on="carton")
c("u39", "tag", "sans", ("!牛保国", "1**-****-**15", "洛阳市涧西区\n南昌路**号"), ("恒达电机", "0379-*****2"), "tilt:-3 shadow:0.8", "pen writing", "receiver name whole by pen", car="牡丹联运", on="floor", paper=(214, 222, 206))
c("u40", "stub", "sans", ("任X", "XXXXXXX3390", "安徽省六安市金安区皖西路51号XX小区XXX"), ("六安瓜片茶庄", "0564-******8", "六安市裕安区独山镇"), "lean:0.9 lamp", "X as stars; stub holds the same", goods="瓜片 250g", remark="签收短信通知", on="carton")
c("u41", "pallet", "heavy", ("盒象鲜生(苏州园区店)收货部", "400-512-0900", "苏州市工业园区星湖街328号 B1层收货口"), ("顾*", "!18862130457", "江苏省泰州市姜堰区"), "film:1 tilt:2", "organisation as receiver; floor", "sender phone whole", goods="河蟹 30箱", on="pallet")
c("u42", "bus", "tall", ("丁*", "*******2250", "自提 · 信阳东站"), ("南街副食店", "0396-******1"), "fold:1 thumb", "station as address; pick-up number is no door", goods="粉条", remark="取件码 4-2-1806", on="belt")
c("u43", "relay", "tall", ("!蒋秀珍", "*******6678", "双桥村小卖部 代收"), None, "lean:0.8 dim:0.5", "relay station as address", "receiver name whole", remark="生鲜,尽快", sort="09-C-118", on="floor")
c("u44", "two_ply", "sans", ("宋*", "1**********", "辽宁省锦州市凌河区解放路五段13号***"), ("锦州小菜总厂", "400-041-6161", "辽宁省锦州市太和区"), "dim:0.8 grain:1.2", "one digit of the phone", goods="虾油小菜", cast="green", order="订单号 138 0041 7725 66", on="sack")
c("u45", "strip", "heavy", ("贾*", "*******1907", "石家庄市桥西区裕华西路15号万象天成**"), ("乔西西点", "0311-******0", "裕华西路40号"), "tilt:2 flash:0.8", "", "pen writing adds a phone", pens=[(30, 45.6, "!打13931187240", 4.6, "remark", "")], on="carton")
c("u46", "returns", "heavy", ("百川户外售后仓", "400-770-0818", "天津市武清区京滨大道99号3号库2层"), ("姚**", "*******7754", "黑龙江省佳木斯市前进区保卫路**号"), "shadow:0.7 tilt:-3", "warehouse building and floor; reason tells a size like a room", goods="冲锋衣 1203款", remark="与描述不符", on="bag", stamps=[(62, 78, "已验收", 5)])
c("u47", "forwarder", "tall", ("徐*", "***-****-5518", "昆明市官渡区矣六街道云秀路2898号俊发城***"), ("云途货代昆明仓", "0871-******0", "昆明市官渡区"), "lean:0.7 dirt", "", "the big code is the receiver's phone", sort="KMG", pc="1/6", goods="BEDDING 寝具", on="film", mawb="479-0062 1183", no_="!13888005518", hawb="YT88203317")
c("u48", "cold", "tall", ("谭*", "*******0092", "长沙市雨花区**路"), ("鲜驿雨花仓", "95177", "长沙市"), "flash:3 wet", "", "", unreadable=True, goods="鲜奶", on="foam")
c("u49", "columns", "squat", ("覃*", "*******6031", "广西柳州市柳南区飞鹅路21号飞鹅商城***"), ("柳州好螺食品", "400-077-2525", "柳州市柳东新区"), "bend:1.2 tilt:2", "thermal fading, still read", goods="螺蛳粉 8袋", fade=0.6, on="carton")
c("u50", "till", "till", ("!田雨", "*******4470", "合肥市蜀山区望江西路5号港汇广场***"), ("菜园里望江店", "400-700-3381"), "tilt:-3 grain", "", "receiver name whole (two characters)", items=(("娃娃菜", 2), ("鲈鱼 1条", 1), ("豆腐", 2)), remark="鱼要杀好", on="crate")
c("u51", "note", "pins", ("平凉果业公司收货部", "0933-******7", "甘肃省平凉市崆峒区柳湖路60号"), ("静宁果农合作社", "400-093-3110", "甘肃省静宁县"), "shadow:0.8 tilt:2", "organisation as receiver; stamp over print", from_="静宁", sort="平凉", goods="苹果 120箱", remark="过磅单随车", stamps=[(96, 50, "已过磅", 5)], on="floor")
c("u52", "stub", "tall", ("鲁*", "*******9913", "安徽省蚌埠市蚌山区东海大道**号"), ("!夏侯敬", "*******2278", "!安徽省亳州市谯城区魏武大道66号3单元502"), "lean:0.8", "double surname", "sender name whole; sender address shows unit and room", goods="白芍", on="sack")
c("u53", "regional", "book", ("龙**", "*******7061", "贵州省凯里市韶山南路27号"), ("苗家银饰铺", "400-855-2020", "贵州省雷山县西江镇"), "thumb tilt:-2", "", "QR code is an address on the web with the order", code="!https://q.lysd.example/o?id=88120465&tel=7061", goods="银手镯", on="carton")
c("u54", "pallet", "sans", ("邻里鲜生活馆(天河店)", "020-******77", "广州市天河区黄埔大道西505号A栋首层"), ("中禾冷链增城仓", "400-016-5588", "广州市增城区石滩镇"), "film:1.2", "organisation as receiver; block and ground floor may show; second label by it", goods="猪肉 16筐", second="u55", size=(2700, 3500), on="pallet")
c("u55", "strip", "tall", ("阮**", "*******3318", "广州市番禺区市桥街道光明北路**号"), ("邻里鲜番禺店", "020-******19", "番禺区大北路"), "tilt:2 shadow:0.8", "all masked; departure slip number", remark="晚七点后送", on="bag")
c("u56", "relay", "heavy", ("万*", "*******4052", "高桥村卫生室旁代收点"), None, "tilt:3", "two labels, one faulty", "second label: receiver name whole", sort="03-B-207", second="u43", on="crate")
c("u57", "bus", "squat", ("丘*", "*******0645", "信阳市浉河区民权路**号"), ("鸿运土产", "0376-******8"), "turn270 fold:1", "lying picture; box stickers", goods="毛尖 2盒", remark="请勿倒置", on="carton", stamps=[(40, 46, "易碎", 5)])
c("u58", "cold", "squat", ("!白鹭", "!135 8812 7406", "厦门市思明区湖滨南路81号***"), ("鲜驿思明仓", "95177", "厦门市思明区"), "wet:1.2", "name like a bird's", "receiver name whole; receiver phone whole and spaced", goods="白鹭牌鲜虾、花蛤", on="foam", cast="cold")
c("u59", "two_ply", "heavy", ("姜*", "13904348815", "吉林省四平市铁西区南新华大街**号"), ("四平熏肉店", "0434-******0", "四平市铁东区"), "frost:0.6 tilt:2", "dark stickers over a phone; organisation as sender", goods="熏肉", rp2="*******8815", cover=[("rp", 0.0, 0.7, BROWN)], on="crate")
c("u60", "regional", "tall", ("纪**", "*******3027", "河北省沧州市运河区**路"), ("沧州金丝枣行", "400-031-7700", "河北省沧州市"), "blur:4 lean:1", "", "", unreadable=True, fill=0.2, on="floor", size=(1500, 2000))
