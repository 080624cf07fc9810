"""Sixty cases from the stations of one county. A value that begins with ! shows too much; everyone in here is invented."""

import hashlib

CASES = {}
X = "湖南省怀化市溆浦县"
NO = {"lanxi": "LX", "heyu": "HYK", "duchuan": "DC", "group": "D", "form": "9842", "packet": "QT0", "pharmacy": "BS", "farm": "XW", "comeback": "HC", "heavy": "ZS", "repair": "SM", "roll": "6", "upright": "XF", "sticker": "", "poster": ""}


def case(id_, layout, style, lv, dist, bg, r, s, *, traps=(), faults=(), **more):
    c = {"id": id_, "layout": layout, "style": style, "lv": lv, "dist": dist, "bg": bg, "traps": list(traps), "faults": list(faults)}
    c |= dict(zip(("rn", "rp", "ra"), r, strict=True)) | dict(zip(("sn", "sp", "sa"), s, strict=True))
    n = int(id_[1:3])
    digest = hashlib.sha256(id_.encode()).hexdigest()
    c["no"] = NO[layout] + str(int(digest[:12], 16) % 10**12).zfill(12)
    c["date"] = f"2026-11-{16 + n % 11}"
    c["route"] = ("745-X04", "B07 21", "419-3-12", "XP 08-5", "K16-002", "H3-0745")[n % 6]
    c["hub"] = ("溆浦共配", "怀化分拨", "卢峰一站", "低庄站", "娄怀转运")[n % 5]
    c["service"] = ("标快", "电商件", "普通包裹", "次日达")[n % 4]
    c["tags"] = (("收", "寄"), ("收件", "寄件"), ("收", "发"))[n % 3]
    c["dots"] = 12 if n % 3 == 1 else 8
    c["qr"] = c["no"] + "." + digest[20:32]
    c["goods"] = ("日用品 1件", "女鞋 1双", "文具套装", "手机壳 2个", "零食 1箱", "棉被 1床")[n % 6]
    CASES[id_] = c | more


# -- ordinary ones ---------------------------------------------------------------------------------------
case("r01", "lanxi", "sans", 1, "", "carton", ("舒*", "186******40", X + "卢峰镇橘城大道212号橙香小区5栋****"),
     ("云织女装专营店", "400-833-1906", "浙江省杭州市临平区乔司街道三鑫路61号2号仓"), traps=["organisation as sender", "400 number"])
case("r02", "heyu", "bold", 1, "tilt", "bag", ("!武建平", "*******5093", X + "低庄镇站前街46号***"),
     ("严*", "137******82", "广东省中山市小榄镇民安中路19号****"), faults=["receiver name whole"])
case("r03", "duchuan", "sans", 1, "shadow", "carton", ("谌**", "*******7168", X + "桥江镇兴桥路33号****"),
     ("湘黔调味食品厂", "0745-******9", "贵州省铜仁市玉屏县平溪街道茅坪路5号"), traps=["fixed line masked", "organisation as sender"], goods="酱油 6瓶")
case("r04", "form", "sans", 1, "", "desk", ("向**", "!15274508361", X + "观音阁镇新街28号****"),
     ("张*", "*******2047", "河南省商丘市夏邑县孔祖大道75号***"), faults=["receiver phone whole"])
case("r05", "packet", "sans", 1, "persp", "carton", ("刘*", "158******73", X + "卢峰镇警民路9号财富新城2栋****"),
     ("小鹿饰品", "95208", "浙江省义乌市江东街道青口北路18号"), traps=["short number of an organisation"], second="r05b", second_at=(22, 54, 0.06), fill=0.62, off=(0, -18))
case("r06", "lanxi", "narrow", 1, "curve", "bag", ("米**", "!177****2618", X + "龙潭镇阳雀坡路101号****"),
     ("花间里家纺旗舰店", "400-690-2275", "江苏省南通市通州区川姜镇志浩路12号"), faults=["receiver phone hides four"], traps=["400 number"], goods="四件套 1套")
case("r07", "comeback", "sans", 1, "tilt", "belt", ("溪木鞋业退货组", "400-118-7730", "福建省莆田市涵江区白塘镇企溪路88号3号楼1层"),
     ("夏*", "*******9952", X + "卢峰镇胜利路17号****"), traps=["organisation as receiver", "floor shown"], remark="尺码不合")
case("r08", "heyu", "sans", 1, "", "carton", ("戴*", "133******56", "!" + X + "卢峰镇迎宾路66号幸福里3栋2单元1104室"),
     ("荷塘月色茶具店", "400-722-3081", "福建省泉州市德化县浔中镇诗墩路29号"), faults=["receiver unit and room shown"])
case("r09", "farm", "serif", 1, "", "kraft", ("武**", "*******3310", "上海市闵行区梅陇镇莘朱路845弄22号****"),
     ("舒*", "151******07", X + "思蒙镇仁里冲村4组***"), traps=["sender above receiver", "village group without household"], goods="冰糖橙 10斤")
case("r10", "upright", "bold", 1, "shadow", "foam", ("周*", "!*****836114", X + "大江口镇犀牛路52号****"),
     ("滨海鲜生", "0532-******28", "山东省青岛市城阳区流亭街道安和路7号冷库"), faults=["receiver phone shows six digits"], traps=["fixed line masked"], goods="冻虾 2盒", chill=True)
case("r11", "duchuan", "narrowbold", 1, "", "desk", ("贺**", "189******64", X + "水东镇溪口街15号****"),
     ("佟*", "*******8820", "辽宁省沈阳市铁西区保工南街104号***"), remark="易碎 轻放")
case("r12", "form", "serif", 1, "warm", "desk", ("邓*", "*******4471", X + "两丫坪镇街上组***"),
     ("!谢国华", "!13974521168", "湖南省娄底市新化县上梅街道天华南路31号****"), faults=["sender name whole", "sender phone whole"])
case("r13", "packet", "bold", 1, "tilt", "bag", ("韩**", "150******29", X + "卢峰镇夏家溪路208号锦江华庭A座****"),
     ("深蓝数码配件", "0755-******31", "广东省深圳市福田区华强北街道振华路110号"), traps=["fixed line masked", "building shown"])
case("r14", "roll", "sans", 2, "blur tilt", "belt", ("罗*", "****8895", X + "卢峰镇警予东路18号江滨雅苑2栋****"),
     ("溆水米粉(警予路店)", "*******6104", X + "卢峰镇警予东路77号1层"), traps=["organisation as sender", "floor shown"], goods="牛肉粉 2份 卤蛋 2个", remark="少辣", rollqr=True)
case("r15", "group", "sans", 1, "", "desk", ("覃*", "*******1735", X + "双井镇伍家湾村便民自提点"),
     ("小灯笼中心仓", "400-026-5518", X + "卢峰镇红花园工业区4号仓"), traps=["pick-up point shown", "organisation as sender"], goods="土鸡蛋 30枚、挂面 2把")
case("r16", "pharmacy", "sans", 1, "", "foam", ("!刘女士", "*******6604", X + "卢峰镇桔花路41号和谐家园7栋****"),
     ("百穗药房桔花路店", "0745-******2", X + "卢峰镇桔花路3号1层"), faults=["title for a given name"], goods="降压片 2盒")
case("r17", "heavy", "sans", 1, "", "floor", ("梁**", "*******8846", X + "均坪镇均溪路118号****"),
     ("宏木家具有限公司", "400-877-4012", "江西省赣州市南康区镜坝镇家具大道60号"), goods="餐桌 1张 椅子 4把", traps=["organisation as sender"])
case("r18", "heyu", "narrow", 1, "film", "blackbag", ("肖**", "182******17", "!" + X + "黄茅园镇金中村5组12号"),
     ("轻风户外", "400-650-9931", "浙江省金华市永康市芝英街道柿后路8号"), faults=["household of a village shown"])
case("r19", "upright", "sans", 1, "", "carton", ("伍*", "136******30", X + "卢峰镇河西路77号****"),
     ("北境牧场直营店", "400-109-6627", "内蒙古自治区呼和浩特市和林格尔县盛乐大街2号"), goods="酸奶 12杯", chill=True)
case("r20", "repair", "sans", 1, "tilt", "desk", ("申*", "!17683125504", X + "低庄镇建设路90号****"),
     ("速码售后怀化中心", "0745-******7", "湖南省怀化市鹤城区迎丰街道迎丰中路211号1层"), faults=["receiver phone whole"], goods="平板电脑 P6", faulty=True, remark="充不进电")
case("r21", "lanxi", "mono", 1, "", "kraft", ("蒋**", "*******2298", X + "三江镇向家垴村2组***"),
     ("童趣屋玩具", "0754-******19", "广东省汕头市澄海区凤翔街道泰安路36号"), traps=["fixed line masked"])
case("r22", "duchuan", "bold", 1, "tilt", "carton", ("荆*", "*******7715", X + "卢峰镇朝阳路58号****"),
     ("聂*", "153******42", "!四川省达州市渠县渠江街道和平街12号汇金大厦A座1203"), faults=["office of the sender shown"])
case("r23", "farm", "sans", 1, "curve", "carton", ("陆*", "139******58", "北京市通州区梨园镇云景东路80号院3号楼****"),
     ("雪峰山蜂业合作社", "0745-******4", X + "北斗溪镇茅坡村6号厂房"), traps=["organisation as sender", "sender above receiver"], goods="蜂蜜 3瓶")
case("r24", "packet", "narrow", 1, "", "bag", ("!Michael Turner", "*******5526", X + "卢峰镇长乐坊路25号****"),
     ("衣语馆", "400-336-8170", "广东省广州市海珠区凤阳街道五凤路9号"), faults=["Latin name whole"])
case("r25", "comeback", "bold", 1, "", "carton", ("禾木母婴专营店", "******", "浙江省湖州市织里镇康泰路140号退货仓"),
     ("雷**", "187******63", X + "龙庄湾乡横岩村***"), traps=["organisation as receiver"], remark="颜色不喜欢")
case("r26", "roll", "mono", 1, "tilt", "desk", ("!开心果妈妈", "****3307", X + "卢峰镇文化路120号天润花园1栋****"),
     ("胖墩蛋糕房(文化路店)", "*******8142", X + "卢峰镇文化路34号1层"), faults=["nickname whole"], goods="生日蛋糕 8寸", traps=["organisation as sender"])
case("r27", "form", "sans", 1, "persp", "desk", ("黎**", "181******05", X + "沿溪乡高田村7组***"),
     ("瞿*", "*******6039", "重庆市黔江区城西街道新华大道西段99号****"), goods="药材 1包")
case("r28", "upright", "wide", 1, "crease", "foam", ("石*", "*******3974", "!" + X + "卢峰镇团结路11号供销小区三单元五楼东户"),
     ("岭上果业", "400-552-0086", "云南省昭通市昭阳区龙泉街道昭鲁大道5号"), faults=["unit and household in Chinese numerals"], goods="苹果 1箱")
case("r29", "heyu", "sans", 1, "shadow", "kraft", ("谢*", "156******81", X + "祖师殿镇正街39号****"),
     ("温**", "*******7250", "广东省佛山市顺德区容桂街道桂洲大道中63号****"))
case("r30", "pharmacy", "bold", 2, "blur", "carton", ("严**", "!0745-3329168", X + "统溪河镇穿岩路8号****"),
     ("百穗药房总仓", "400-120-7865", "湖南省怀化市鹤城区城中街道锦溪南路16号"), faults=["fixed line whole"], goods="血糖试纸 1盒")
case("r31", "repair", "narrowbold", 1, "", "desk", ("阳*", "134******66", X + "小横垅乡乡道路口5号****"),
     ("速码售后长沙中心", "0731-******40", "湖南省长沙市雨花区圭塘街道湘府中路18号3楼"), traps=["floor shown", "fixed line masked"], goods="耳机 Air2", faulty=True, remark="左耳无声")
case("r32", "heavy", "bold", 1, "tilt", "floor", ("!覃志刚", "!188****6173", X + "舒溶溪乡岩头街22号****"),
     ("恒暖电器厂", "0757-******25", "广东省佛山市顺德区北滘镇工业大道3号"), faults=["receiver name whole", "receiver phone hides four"], goods="取暖桌 1台")
case("r33", "lanxi", "sans", 1, "crease", "bag", ("陶*", "*******0417", X + "油洋乡河底江村1组***"),
     ("晨曦文具批发", "400-781-2096", "浙江省宁波市宁海县梅林街道文教路77号"))
case("r34", "duchuan", "serifbold", 1, "", "carton", ("曾*", "135******48", X + "中都乡街边17号****"),
     ("!田心怡", "*******1961", "湖北省恩施州来凤县翔凤镇武汉大道50号****"), faults=["sender name whole"])
case("r35", "group", "bold", 1, "tilt", "kraft", ("张*", "155******02", X + "淘金坪乡令溪塘村小卖部自提点"),
     ("陈*", "*******9183", X + "淘金坪乡令溪塘村***"), traps=["pick-up point shown", "leader of the group masked"], leader=True, goods="洗衣液 2桶")
case("r36", "comeback", "narrow", 1, "", "belt", ("星野箱包售后部", "400-903-1177", "河北省保定市白沟新城富民路26号"),
     ("!覃小梅", "178******39", "!" + X + "卢峰镇园艺路4号园艺小区6栋402"), faults=["sender name whole", "sender room shown"], remark="拉链坏")
case("r37", "packet", "sans", 1, "cold", "foam", ("任**", "*******6285", X + "卢峰镇兴隆街130号****"),
     ("纽扣先生手工", "0574-******63", "浙江省宁波市海曙区集士港镇广和路20号"), traps=["organisation with 先生 in its name"])
case("r38", "heyu", "bold", 1, "", "carton", ("唐*", "*******9027", X + "桥江镇独石村8组***"),
     ("水云间卫浴", "400-381-5502", "福建省南安市仑苍镇辉煌路15号"), faults=["remark with phone"], remark="!到了打13508456297")
case("r39", "lanxi", "bold", 1, "film tilt", "blackbag", ("易*", "159******21", X + "卢峰镇地坪路6号****"),
     ("南岭电工器材", "0769-******77", "广东省东莞市虎门镇连升中路99号"), traps=["fixed line masked"], goods="插座 5个")
case("r40", "form", "narrow", 1, "", "desk", ("汤**", "*******3658", "!" + X + "卢峰镇城南路2号县第一中学5栋312寝"),
     ("汤*", "152******74", "湖南省邵阳市隆回县桃花坪街道东方红路71号***"), faults=["dormitory room shown"], goods="冬衣 3件")
# -- traps and odd ones ----------------------------------------------------------------------------------
case("r41", "lanxi", "sans", 1, "", "carton", ("钟*", "17140283366转2817", X + "卢峰镇书院路63号****"),
     ("果壳书屋", "400-217-8834", "北京市丰台区花乡街道郭公庄中街20号B座1层"), traps=["virtual number with an expiry after printing", "floor shown"],
     date="2026-11-24", extra=["虚拟号 有效期至 2026-12-09", "打印日期 2026-11-24"], goods="图书 3册")
case("r42", "heyu", "sans", 1, "tilt", "carton", ("丁*", "!16520738914-5502", X + "低庄镇荆湖路27号****"),
     ("橡果厨具", "400-448-6210", "广东省阳江市阳东区北惯镇金平路10号"), traps=["virtual number"], faults=["virtual number expired before printing"],
     date="2026-11-25", extra=["隐私号有效期至 2026-11-18", "打印日期 2026-11-25"])
case("r43", "form", "sans", 1, "", "desk", ("溆水中学教务处 章**", "131******84", X + "卢峰镇城南路12号溆水中学"),
     ("青禾教育出版社", "010-******52", "北京市西城区德胜街道北三环中路6号"), traps=["organisation with masked contact", "fixed line masked"], goods="教辅 40册")
case("r44", "duchuan", "sans", 1, "persp", "bag", ("龚*", "*******8309", X + "观音阁镇山门路74号****"),
     ("樊*", "137******16", "江苏省宿迁市沭阳县扎下镇花木大道2号***"), rp2="!15874508309", faults=["second ply with the whole phone"], traps=["two plies"])
case("r45", "upright", "sans", 1, "", "carton", ("阿依**·买**", "*******4480", X + "卢峰镇解放街85号****"),
     ("疆果坊", "0991-******6", "新疆维吾尔自治区乌鲁木齐市沙依巴克区仓房沟中路7号"), traps=["dotted name masked", "fixed line masked"], goods="葡萄干 2袋")
case("r46", "lanxi", "narrow", 1, "tilt", "bag", ("符*", "180******33", X + "卢峰镇桥南路19号菜鸟驿站(桥南店)"),
     ("集美日化", "400-215-6603", "广东省汕头市潮南区峡山街道广祥路58号"), traps=["station shown", "order number like a phone"],
     extra=["订单号 15907459926", "货号 3-2-501"])
case("r47", "farm", "bold", 1, "shadow", "kraft", ("池*", "*******6127", "湖南省长沙市芙蓉区东屯渡街道农大路1号****"),
     ("向*", "158******90", X + "水东镇岩板村***"), faults=["pen with door code and room"], traps=["pen writing"], goods="腊肉 5斤", pen="!3栋602 门锁7719#")
case("r48", "heyu", "sans", 1, "", "carton", ("尹*", "166******75", X + "卢峰镇屈原路300号丰巢柜(西门)"),
     ("拾光相框", "400-966-0132", "浙江省金华市浦江县浦阳街道人民东路45号"), traps=["locker shown", "pen writing with a date only"], pen="11.20到 二次派", pen_ink=(20, 20, 24))
case("r49", "packet", "sans", 1, "", "bag", ("彭*", "*******1192", X + "卢峰镇橘颂路14号****"),
     ("缤纷美甲", "400-832-7719", "江苏省连云港市东海县牛山街道晶都大道8号"), faults=["code with name and phone"],
     qr="!彭秀兰,13707451192")
case("r50", "comeback", "sans", 2, "tilt shadow", "carton", ("山雀运动旗舰店", "400-507-6618", "福建省晋江市陈埭镇江头路33号"),
     ("毛**", "*******5841", X + "双井镇宝塔街60号****"), traps=["sender masked on a return"], remark="七天无理由")
case("r51", "heavy", "narrow", 1, "", "floor", ("县人民医院设备科 侯*", "139******11", X + "卢峰镇卫生路88号门诊楼1楼收货处"),
     ("康衡医疗器械有限公司", "0731-******58", "湖南省长沙市岳麓区麓谷街道桐梓坡西路200号A栋"), traps=["organisation with masked contact", "floor shown", "goods of health"], goods="轮椅 3台")
case("r52", "heavy", "sans", 1, "persp", "carton", ("阮*", "*******3046", X + "卢峰镇民主街5号****"),
     ("旺发布行", "0575-******87", "!浙江省绍兴市柯桥区柯桥街道联合市场二区3楼3217号"), faults=["market stall of the sender shown"], traps=["fixed line masked"], goods="布料 2卷")
case("r53", "lanxi", "sans", 1, "turn90", "carton", ("苗**", "173******08", X + "低庄镇连山村***"),
     ("瓷言瓷语", "400-610-4433", "江西省景德镇市浮梁县三龙镇陶瓷大道70号"), traps=["picture lies on its side"], goods="茶杯 6只")
case("r54", "form", "bold", 1, "cut", "desk", ("!欧阳海波", "!13487506621", X + "龙潭镇红旗路48号****"),
     ("欧阳*", "*******3317", "广西壮族自治区桂林市全州县全州镇中心北路2号***"), faults=["receiver name whole", "receiver phone whole"], traps=["address cut off, what is visible fails"])
case("r55", "pharmacy", "sans", 1, "", "foam", ("余**", "*******9470", X + "卢峰镇桔花路90号****"),
     ("百穗药房桔花路店", "0745-******2", X + "卢峰镇桔花路3号1层"), traps=["goods of health", "felt pen over the address"], goods="胰岛素针头 1盒", remark="放药柜旁货架", felt=["address"])
# -- not to be judged ------------------------------------------------------------------------------------
case("r56", "heyu", "sans", 3, "blurout", "bag", ("龙*", "*******5512", X + "桥江镇新田路16号****"),
     ("好邻居百货", "400-100-6622", "湖南省衡阳市蒸湘区红湘街道船山大道9号"), unreadable=True, traps=["out of focus"])
case("r57", "upright", "sans", 1, "cut", "carton", ("阎*", "185******20", X + "黄茅园镇街心路21号****"),
     ("晋味坊", "0351-******8", "山西省太原市清徐县清源镇凤仪街4号"), unreadable=True, traps=["picture ends at the receiver's address"], order="np/a")
case("r58", "poster", "bold", 1, "tilt", "floor", (None, None, None), (None, None, None), heading="取件须知", unreadable=True, kind="other",
     rows=("一、凭取件码取件，出示身份码出库。", "二、包裹保管三天，逾期退回。", "三、营业时间 8:00—20:30。", "四、大件请自备推车。", "五、请当面验货，离站不负责。"), traps=["a notice of the station"])
case("r59", "lanxi", "sans", 2, "ruin", "carton", ("!曹玉珍", "*******8870", X + "卢峰镇朝阳路82号****"),
     ("鲜度水果", "400-339-1255", "四川省攀枝花市仁和区仁和镇攀枝花大道3号"), unreadable=True, traps=["soaked and torn"])
case("r60", "packet", "bold", 2, "glareout", "blackbag", ("吕*", "*******2233", X + "卢峰镇园艺路15号****"),
     ("!吕文斌", "132******45", "陕西省渭南市韩城市新城街道龙门大街18号****"), unreadable=True, traps=["glare over every field"])
# -- what lies beside the subject ------------------------------------------------------------------------
case("r05b", "sticker", "bold", 1, "", "carton", (None, "*******0073", None), (None, None, None), hub="卢峰一站", route="5-2-3073")
CASES["r05"]["rp"] = "*******0073"
CASES["r05"]["traps"].append("station's sticker with the last digits")
