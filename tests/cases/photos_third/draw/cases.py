"""The eighty cases. A value that begins with ! shows more than it may; everyone in here is invented."""

CASES = {}


def case(id_, layout, style, lv, dist, bg, r, s, *, traps=(), faults=(), **more):
    c = {"id": id_, "layout": layout, "style": style, "lv": lv, "dist": dist, "bg": bg, "traps": list(traps), "faults": list(faults)}
    c |= dict(zip(("rn", "rp", "ra"), r, strict=True)) | dict(zip(("sn", "sp", "sa"), s, strict=True))
    n = int(id_[1:3]) + 80 * (len(id_) > 3)
    c["no"] = ("YY", "HF", "QF", "XL", "SQ", "7730", "JD0X", "99")[n % 8] + str(4_016_093_827_551 + n * 7_919_371)[:13]
    c["date"] = f"2026-11-{18 + n % 9}"
    c["route"] = ("571-W38-04", "A12 08-3", "629 C7", "H-33-02", "020B 15", "0579-K6")[n % 6]
    c["hub"] = ("杭北分拨", "义乌集散", "苏州中心", "广州白云", "成都转运", "武汉江岸")[n % 6]
    c["tags"] = ("收", "寄")
    c["dots"] = 12 if n % 3 == 0 else 8
    c["qr"] = c["no"] + "K" + str(n * 7127)
    c["goods"] = ("日用品 1件", "服装 2件", "文具", "小家电", "食品 3盒")[n % 5]
    CASES[id_] = c | more


JIA = ("收件", "寄件")
REN = ("收件人", "寄件人")
EN = ("To", "From")

# -- t01 to t20 ----------------------------------------------------------------------------------------
case("t01", "one_ply", "sans", 1, "", "carton", ("王*", "138******26", "浙江省金华市义乌市北苑街道柳桥路188号锦绣家园6幢****"),
     ("云溪百货专营店", "400-820-7716", "浙江省金华市义乌市稠江街道仓储园3号库"), traps=["organisation as sender", "400 number"])
case("t02", "boxed", "narrow", 1, "tilt", "bag", ("!陈思远", "*******4471", "江苏省苏州市吴中区越溪街道溪霞路66号枫林湾12幢***"),
     ("李*", "159******08", "广东省揭阳市普宁市流沙东街道新河西路21号***"), faults=["receiver name whole"])
case("t03", "two_ply", "bold", 1, "shadow", "carton", ("赵**", "1******7734", "四川省成都市武侯区簇锦街道锦晖西二街109号***"),
     ("蜀禾调味品有限公司", "028-******17", "四川省成都市郫都区安德街道永安路55号1号楼2层"), traps=["fixed line masked", "floor shown", "organisation as sender"], tags=JIA)
case("t04", "two_ply", "sans", 1, "persp", "desk", ("孙*", "!13605718842", "浙江省杭州市余杭区良渚街道古墩路1899号云栖里8幢****"),
     ("周*", "*******1180", "湖北省武汉市汉阳区江堤街道芳草路77号***"), faults=["receiver phone whole"], tags=JIA)
case("t05", "tall", "sans", 1, "curve", "carton", ("欧阳*", "177******35", "广东省广州市白云区嘉禾街道望岗大道302号云景花园B3栋****"),
     ("何**", "186******51", "福建省泉州市晋江市陈埭镇溪边路8号***"), traps=["compound surname"], tags=EN)
case("t06", "returns", "sans", 1, "", "foam", ("松涧旗舰店退货部", "******", "江苏省南通市海门区叠石桥工贸园2号库1楼退货口"),
     ("!林晓燕", "!15067312209", "浙江省宁波市鄞州区中河街道贸城东路501号***"), faults=["sender name whole", "sender phone whole"], traps=["organisation as receiver"],
     remark="尺码偏大", tags=("退至", "退件人"))
case("t07", "instant", "bold", 1, "tilt", "bag", ("吴**", "****6620", "上海市杨浦区大桥街道平凉路1730号"),
     ("十里香面包坊(平凉店)", "*******3358", "上海市杨浦区平凉路1802号1层"), traps=["organisation as sender", "floor shown", "order number like a phone"],
     extra=["订单编号：15867021934", "取餐码 0427"], tags=("送达", "取货"), goods="吐司 1袋 可颂 2个")
case("t08", "pickup", "sans", 1, "", "carton", ("郑*", "*******9043", "河南省郑州市金水区丰庆路街道普庆路18号丰巢柜(3号门旁)"),
     ("钱*", "131******62", "河北省石家庄市高邑县府前路41号***"), traps=["locker shown", "shelf code like a room"], route="7-2-3041", hub="丰庆路站")
case("t09", "market", "sans", 1, "shadow", "desk", ("!刘女士", "!138****5519", "安徽省合肥市蜀山区笔架山街道合作化南路88号梧桐苑4号楼****"),
     ("橙子到家笔架山店", "400-611-0925", "安徽省合肥市蜀山区合作化南路101号1层"), faults=["title for a given name", "phone hides four"], hub="笔架山店", goods="苹果 1kg")
case("t10", "cold", "bold", 1, "", "foam", ("马*", "158******74", "辽宁省大连市甘井子区泉水街道华北路366号***"),
     ("辽南海参行", "0411-******6", "辽宁省大连市中山区港湾街道长江路9号冷库A区"), traps=["fixed line masked", "organisation as sender"], goods="冻品 2箱 保持冷冻", tags=JIA)
case("t11", "village", "serif", 1, "", "kraft", ("叶**", "139******20", "浙江省丽水市松阳县玉岩镇后坑村3组***"),
     ("潘*", "*******4402", "浙江省温州市平阳县水头镇中后街97号***"), traps=["village group without household"], tags=JIA, goods="药材 1包")
case("t12", "air", "sans", 1, "", "desk", ("Wang H***", "186******03", "广东省深圳市南山区粤海街道高新南九道10号***"),
     ("滇云花卉合作社", "0871-******52", "云南省昆明市呈贡区斗南街道兴呈路1号交易厅2楼"), traps=["Latin name masked", "floor shown", "fixed line masked"],
     tags=("收货人", "发货人"), goods="鲜花 CUT FLOWERS")
case("t13", "vertical", "sans", 1, "tilt", "belt", ("徐*", "152******96", "!湖南省长沙市岳麓区望月湖街道银盆南路77号湘江苑3栋2单元501室"),
     ("邵**", "*******7719", "江西省景德镇市珠山区昌江街道瓷都大道88号***"), faults=["receiver unit and room shown"], tags=REN)
case("t14", "freight", "bold", 1, "", "carton", ("浙东五金机电有限公司 黄*", "137******45", "浙江省台州市路桥区路北街道银座街128号"),
     ("宏达轴承厂", "400-726-3381", "山东省聊城市临清市烟店镇轴承街9号"), traps=["organisation with masked contact", "400 number"], tags=("收货方", "发货方"), goods="轴承 4箱")
case("t15", "order_slip", "sans", 1, "", "bag", ("向某", "189******61", "重庆市渝北区龙溪街道松石支路45号***"),
     ("曹*", "*******2206", "重庆市南岸区弹子石街道泰昌路12号***"), traps=["某 for the given name", "order number like a phone"], extra=["订单号 18905562714033"], remark="放门口即可")
case("t16", "one_ply", "narrowbold", 1, "curve", "bag", ("胡*", "*******5527", "山东省青岛市市北区敦化路街道敦化路119号6幢****"),
     ("美夕家纺", "95711", "江苏省南通市通州区川姜镇金川大道300号"), traps=["short number of an organisation"])
case("t17", "boxed", "sans", 1, "exif6", "carton", ("林*", "150******18", "福建省福州市鼓楼区温泉街道五四路151号宏运大厦9楼****"),
     ("彭*", "*******6004", "湖南省株洲市芦淞区建设街道车站路2号***"), traps=["floor shown"])
case("t18", "two_ply", "narrow", 1, "", "bag", ("邓*", "178******40", "广西壮族自治区南宁市青秀区新竹街道民族大道99号***"),
     ("唐**", "*******3317", "广东省汕头市潮阳区谷饶镇新厝路5号***"), faults=["second ply unmasked"], rn2="!邓文博", rp2="!17846120840", tags=JIA)
case("t19", "instant", "sans", 1, "", "desk", ("蒋*", "*******0912", "北京市朝阳区望京街道阜通东大街6号院3号楼****"),
     ("花间堂鲜花", "*******8867", "北京市朝阳区望京街道广顺北大街33号1层"), faults=["door code in the remark"], remark="!单元门密码2580#，到了按铃", tags=("收", "发"), goods="玫瑰 11枝")
case("t20", "tall", "wide", 1, "tilt", "carton", ("古丽**·买合木提", "136******77", "新疆维吾尔自治区乌鲁木齐市天山区团结路街道中湾街380号***"),
     ("和田枣业商行", "0903-******1", "新疆维吾尔自治区和田地区和田市古江巴格街道台北东路3号"), traps=["dotted name", "fixed line masked"], tags=REN)
# -- t21 to t40 ----------------------------------------------------------------------------------------
case("t21", "one_ply", "sans", 2, "curve film", "bag", ("韩*", "182******33", "陕西省西安市雁塔区小寨路街道翠华路86号****"),
     ("冯*", "*******5090", "陕西省渭南市富平县杜村镇兴镇路17号***"), traps=["goods of health"], goods="降压药 2盒 血糖试纸")
case("t22", "order_slip", "mono", 1, "shadow", "floor", ("!阿依努尔·吐尔逊", "*******2215", "新疆维吾尔自治区喀什地区喀什市恰萨街道解放北路264号***"),
     ("田*", "151******58", "河南省商丘市虞城县城关镇工业路6号***"), faults=["dotted name whole"], traps=["dotted name"])
case("t23", "cold", "sans", 2, "tilt jpeg", "carton", ("曾*", "!135*****228", "江西省南昌市红谷滩区沙井街道凤凰中大道900号***"),
     ("赣南橙园", "400-703-5518", "江西省赣州市安远县欣山镇橙乡路1号"), faults=["phone hides five"], goods="脐橙 5kg")
case("t24", "pickup", "bold", 2, "turn90", "desk", ("方**", "****3348", "浙江省嘉兴市南湖区新嘉街道禾兴北路350号菜鸟驿站(禾兴店)"),
     ("石*", "*******7021", "浙江省湖州市织里镇富民路5号***"), traps=["station shown", "shelf code like a room"], route="A-12-5006", hub="禾兴店", tags=JIA)
case("t25", "village", "serifbold", 1, "", "carton", ("罗*", "187******14", "!贵州省遵义市湄潭县复兴镇随阳山村5组12号"),
     ("谭**", "*******9935", "重庆市綦江区古南街道中山路28号***"), faults=["household behind the group"], traps=["village group"], post="564103")
case("t26", "two_ply", "sans", 2, "persp shadow", "belt", ("夏*", "17012688345-2716\n有效期至2026-12-15", "天津市河西区友谊路街道宾水道19号增2号楼****"),
     ("付*", "*******1846", "天津市武清区王庆坨镇郑万路3号***"), traps=["virtual number with date and extension"], tags=JIA)
case("t27", "boxed", "narrow", 1, "", "carton", ("章*", "!17012688346-4420", "天津市南开区学府街道白堤路238号***"),
     ("余*", "*******7753", "河北省廊坊市霸州市胜芳镇津胜路9号***"), faults=["virtual number without a date"], traps=["virtual number"])
case("t28", "market", "bold", 2, "tilt blur", "floor", ("程**", "*******6190", "湖北省武汉市江岸区百步亭花园路18号安居苑A座****"),
     ("橙子到家百步亭店", "400-611-0925", "湖北省武汉市江岸区百步亭花园路2号1层"), traps=["estate name full of numbers"], hub="百步亭店", remark="请放快递架，勿敲门", goods="鲫鱼 1条")
case("t29", "freight", "sans", 2, "persp", "carton", ("金*", "!0573-86112947", "浙江省嘉兴市海宁市马桥街道经都二路15号"),
     ("凤鸣布业", "400-901-6623", "浙江省绍兴市柯桥区柯岩街道独山路1号"), faults=["fixed line whole"], traps=["fixed line"], tags=("收货人", "发货人"), goods="坯布 6卷")
case("t30", "air", "bold", 1, "exif8", "belt", ("海峡茶业股份有限公司 江**", "*******3086", "福建省厦门市湖里区殿前街道兴隆路27号"),
     ("蒲*", "138******92", "海南省海口市美兰区演丰镇琼文路118号***"), traps=["organisation with masked contact"], tags=("收货人", "发货人"), goods="茶叶 TEA")
case("t31", "vertical", "bold", 2, "shadow", "carton", ("沈*", "*******4825", "江苏省无锡市滨湖区蠡湖街道金城西路500号****"),
     ("丁**", "181******29", "江苏省徐州市睢宁县沙集镇东风路31号***"), traps=["ID-like waybill number"], no="330106199003072114", extra=["子单 330106199003072122"])
case("t32", "returns", "narrow", 2, "tilt", "desk", ("青岚服饰售后仓", "0574-******", "浙江省宁波市海曙区石碶街道雅戈尔大道5号3号库"),
     ("傅*", "188******37", "!广东省佛山市南海区桂城街道南海大道北61号C座1203"), faults=["sender office shown"], remark="色差", tags=("收", "寄"), traps=["organisation as receiver"])
case("t33", "one_ply", "bold", 1, "", "bag", ("!诸葛明哲", "133******64", "山西省太原市小店区坞城街道学府街21号***"),
     ("崔*", "*******2558", "山西省运城市盐湖区北城街道解放北路16号***"), faults=["compound name whole"], traps=["compound surname"])
case("t34", "tall", "sans", 2, "curve warm", "carton", ("苏*", "＊＊＊＊＊＊＊6731", "河北省保定市莲池区裕华路街道裕华东路300号＊＊＊"),
     ("贾＊", "159＊＊＊＊＊＊40", "河北省保定市白沟镇富强路8号＊＊＊"), traps=["full-width stars", "building omitted"], tags=EN)
case("t35", "instant", "narrow", 2, "motion", "bag", ("卢*", "*******7098", "广东省东莞市南城街道鸿福路200号***"),
     ("百味小馆(鸿福店)", "*******1127", "广东省东莞市南城街道元美路12号1层"), faults=["phone in the remark"], remark="!打不通请拨13712604885", tags=("送", "取"), goods="套餐 2份")
case("t36", "pickup", "sans", 1, "", "carton", ("姚●", "●●●●●●●5302", "吉林省长春市朝阳区红旗街道同志街2222号李姐超市代收点"),
     ("尹●●", "130●●●●●●47", "吉林省四平市铁东区解放街道紫气大路1号●●●"), traps=["round masks", "collection point named after a person"], route="3-1-0217", hub="同志街")
case("t37", "two_ply", "serif", 2, "film", "bag", ("姜*", "176******80", "黑龙江省哈尔滨市南岗区荣市街道东大直街310号***"),
     ("白*", "*******4139", "黑龙江省牡丹江市绥芬河市通天路7号***"), faults=["code holds the person"], qr="!姜雨桐;17630925580;哈尔滨市南岗区东大直街310号2单元602", tags=JIA)
case("t38", "cold", "narrow", 2, "curve cold", "foam", ("邹**", "147******02", "湖南省湘潭市岳塘区书院路街道芙蓉路52号5栋****"),
     ("洞庭渔家", "0730-******39", "湖南省岳阳市君山区柳林洲街道君山大道6号"), traps=["fixed line masked"], goods="鲜虾 3斤", remark="周末送")
case("t39", "order_slip", "serifbold", 1, "", "kraft", ("熊*", "!166****2093", "云南省大理白族自治州大理市下关街道建设路33号***"),
     ("秦*", "*******8850", "云南省曲靖市麒麟区南宁街道麒麟北路7号***"), faults=["phone hides four"])
case("t40", "boxed", "bold", 2, "ruin", "carton", ("常*", "134******55", "甘肃省兰州市城关区皋兰路街道庆阳路18号***"),
     ("史*", "*******6672", "甘肃省天水市秦州区大城街道民主路2号***"), faults=[], unreadable=True)
# -- t41 to t60 ----------------------------------------------------------------------------------------
case("t41", "village", "serif", 2, "tilt crease", "bag", ("龙*", "1******2296", "湖南省湘西土家族苗族自治州凤凰县阿拉营镇天星村**号"),
     ("向**", "139******81", "湖南省怀化市鹤城区红星街道迎丰中路200号***"), traps=["household hidden"], post="416209")
case("t42", "air", "narrow", 2, "persp", "desk", ("!John Carter", "131******25", "上海市浦东新区花木街道锦绣路888号****"),
     ("白象生物试剂行", "400-682-5140", "北京市大兴区亦庄镇荣华南路10号"), faults=["Latin name whole"], traps=["Latin name"], tags=("Cnee", "Shpr"), goods="REAGENT")
case("t43", "one_ply", "sans", 1, "", "blackbag", ("顾*", "*******3164", "江苏省常州市天宁区青龙街道东方东路155号7幢****"),
     ("孟*", "157******90", "!浙江省绍兴市诸暨市大唐街道开元东路60号商位2-1854"), faults=["sender stall shown"])
case("t44", "two_ply", "narrowbold", 1, "", "carton", ("段**", "136******31", "河南省洛阳市涧西区重庆路街道武汉路20号3栋****"),
     ("老城剪刀铺", "0379-******08", "河南省洛阳市老城区东南隅街道中州东路400号"), traps=["organisation as sender", "signature stamp"], tags=JIA, stamp="已验视")
case("t45", "freight", "narrowbold", 1, "tilt", "carton", ("万*", "*******5746", "江西省九江市浔阳区甘棠街道浔阳东路30号2号楼3楼****"),
     ("侯*", "138******17", "安徽省芜湖市镜湖区北京路街道北京中路8号"), tags=("收件人", "寄件人"), traps=["floor shown"])
case("t46", "boxed", "mono", 1, "", "desk", ("雷*", "19852006731(有效期至2026-12-01 23:59)", "四川省绵阳市涪城区城厢街道临园路东段72号***"),
     ("汤**", "*******9018", "四川省德阳市旌阳区城南街道泰山南路6号***"), traps=["virtual number with date"])
case("t47", "market", "narrow", 1, "", "floor", ("黎*", "*******2784", "广东省珠海市香洲区拱北街道桂花南路147号9栋***"),
     ("橙子到家桂花店", "400-611-0925", "广东省珠海市香洲区桂花南路150号1层"), faults=["name and number in pen"], pen="!黎建国13926840157", pen_h=4, hub="桂花店", goods="大米 10kg", dots=12)
case("t48", "vertical", "narrow", 1, "", "carton", ("陶*", "!+86 13257760418", "浙江省温州市瓯海区梧田街道瓯海大道1200号***"),
     ("易*", "*******3300", "浙江省温州市永嘉县桥头镇桥东街11号***"), faults=["receiver phone whole"], traps=["country code"], tags=JIA)
case("t49", "returns", "bold", 1, "shadow", "carton", ("木屿家居退货组", "400-830-2297", "浙江省湖州市安吉县递铺街道天荒坪南路77号B仓"),
     ("贺*", "155******12", "江苏省扬州市广陵区东关街道国庆路200号***"), traps=["organisation as receiver", "400 number", "order number like a phone"],
     extra=["退货单号 13361509428", "原单 YY4016093900217"], tags=("收货人", "退货人"))
case("t50", "instant", "bold", 2, "blur shadow", "desk", ("龚*", "*******4563", "江苏省南京市鼓楼区宁海路街道汉口路22号***"),
     ("仁心大药房", "*******9900", "江苏省南京市鼓楼区宁海路150号1层"), traps=["goods of health", "organisation as sender"], goods="感冒灵 2盒 验孕棒 1盒", tags=("收", "发"), remark="尽快送")
case("t51", "tall", "bold", 1, "", "carton", ("文*", "138******60", "湖北省宜昌市西陵区学院街道珍珠路69号***"),
     ("庞*", "158***47", "广东省中山市古镇镇中兴大道南2号***"), traps=["phone with too few stars that shows five"], tags=JIA)
case("t52", "pickup", "narrow", 2, "turn180", "bag", ("樊*", "139******75", "山西省大同市平城区南关街道永泰南路60号妈妈驿站"),
     ("兰**", "*******5158", "内蒙古自治区呼和浩特市新城区海拉尔东路街道海东路1号***"), traps=["station shown"], route="5-4-2210", hub="永泰站", tags=JIA)
case("t53", "cold", "sans", 3, "tilt persp blur", "foam", ("施*", "*******8137", "江苏省泰州市海陵区城东街道济川东路99号****"),
     ("里下河蟹庄", "0523-******74", "江苏省泰州市兴化市安丰镇中心路1号"), traps=["fixed line masked"], goods="大闸蟹 8只")
case("t54", "one_ply", "narrow", 2, "curve crease", "bag", ("牛*", "199******05", "!河南省开封市龙亭区北书店街道中山路北段110号三单元五楼东户"),
     ("洪*", "*******3609", "福建省莆田市荔城区黄石镇清华路9号***"), faults=["receiver unit and household shown"], traps=["Chinese numerals"])
case("t55", "two_ply", "sans", 3, "curve film jpeg", "bag", ("翟*", "132******88", "山东省济南市历下区文化东路街道和平路34号6号楼****"),
     ("俞**", "*******7412", "山东省菏泽市曹县大集镇孙庄路1号***"), traps=["village-like road name"], tags=JIA)
case("t56", "order_slip", "narrowbold", 2, "dark", "floor", ("项*", "*******0648", "浙江省台州市温岭市太平街道万昌北路212号****"),
     ("!柯俊杰", "156******73", "浙江省台州市玉环市楚门镇南兴东路38号***"), faults=["sender name whole"])
case("t57", "boxed", "serifbold", 2, "film", "bag", ("鲁*", "*******9261", "安徽省安庆市迎江区孝肃路街道人民路400号***"),
     ("童*", "137******19", "安徽省桐城市范岗镇合安路22号***"), traps=["pick-up code in pen"], pen="7-3021", pen_h=6)
case("t58", "air", "sans", 2, "cold tilt", "belt", ("尚*", "159******36", "黑龙江省大庆市让胡路区龙岗街道西宾路36号***"),
     ("穗风贸易行", "020-******91", "!广东省广州市越秀区流花街道站西路57号A座8楼806档"), faults=["sender stall shown"], traps=["organisation as sender", "fixed line masked"], tags=("收货人", "发货人"))
case("t59", "village", "serifbold", 2, "curve", "kraft", ("岩**", "*******1379", "云南省西双版纳傣族自治州勐海县勐遮镇曼根村二组**"),
     ("勐海茶农合作社", "0691-******5", "云南省西双版纳傣族自治州勐海县佛双路15号"), traps=["ethnic name", "village group without household"], post="666204", goods="普洱茶 2饼")
case("t60", "notice", "sans", 1, "tilt", "floor", (None, None, None), (None, None, None), heading="发货须知", unreadable=True, kind="other",
     extra=["一、每日17:30前打印的单当日交接。", "二、易碎品外贴红标，箱内填充不少于3厘米。", "三、退件统一放3号货架，登记后入库。", "四、叉车限速5公里，通道不得堆货。", "仓储部  2026年11月"], traps=["no label"], stamp="仓储部")
# -- t61 to t80 ----------------------------------------------------------------------------------------
case("t61", "tall", "narrow", 2, "persp noise", "belt", ("康*", "*******2067", "!内蒙古自治区包头市昆都仑区少先路街道钢铁大街55号3-2-501"),
     ("武*", "150******44", "宁夏回族自治区银川市兴庆区凤凰北街街道北京东路8号***"), faults=["receiver unit and room shown"], tags=REN)
case("t62", "freight", "bold", 2, "scuff", "carton", ("晋中机械配件站 毛*", "153******76", "山西省晋中市榆次区新华街道迎宾街100号"),
     ("强力紧固件厂", "400-850-3319", "河北省邯郸市永年区临洺关镇建设路5号"), traps=["organisation with masked contact", "order number like a phone"], extra=["客户单号 13903105526781"], tags=("收货方", "发货方"))
case("t63", "two_ply", "bold", 2, "curve shadow", "carton", ("祝*", "*******6605", "浙江省衢州市柯城区信安街道荷花中路300号8幢****"),
     ("华*", "138******23", "浙江省杭州市临平区乔司街道三胡路6号***"), faults=["second ply shows the room"], ra2="!浙江省衢州市柯城区信安街道荷花中路300号8幢1单元902室", tags=JIA)
case("t64", "one_ply", "bold", 3, "tilt curve noise", "bag", ("安*", "*******5884", "云南省昆明市官渡区关上街道关兴路230号****"),
     ("闵*", "178******06", "四川省乐山市夹江县漹城街道瓷都大道9号***"), traps=["rare character"], size=(1728, 2304))
case("t65", "vertical", "serif", 2, "tilt", "desk", ("!开心的小橙子", "*******9476", "广西壮族自治区柳州市鱼峰区五里亭街道东环大道256号***"),
     ("莫*", "131******50", "广西壮族自治区玉林市福绵区福绵镇公园路4号***"), faults=["nickname whole"], tags=REN)
case("t66", "boxed", "narrow", 2, "small", "carton", ("邢*", "186******71", "河北省唐山市路北区机场路街道北新西道80号***"),
     ("戚*", "*******3942", "河北省沧州市肃宁县肃宁镇德水大街6号***"), traps=["a second label in view"], size=(1920, 1440), fill=0.8, off=(-38, 0), second="t66b", second_at=(80, 4, 0.06),
     faults=["the second label's name and phone whole"])
case("t67", "market", "sans", 3, "dark jpeg", "floor", ("柏*", "*******4410", "江苏省盐城市亭湖区五星街道大庆中路68号****"),
     ("橙子到家大庆店", "400-611-0925", "江苏省盐城市亭湖区大庆中路90号1层"), traps=["poor light"], hub="大庆店", goods="洗衣液 2瓶")
case("t68", "instant", "sans", 3, "tilt shadow blur", "bag", ("边*", "!1516*0*8290", "天津市和平区小白楼街道南京路75号***"),
     ("津味包子铺", "*******8023", "天津市和平区小白楼街道开封道30号1层"), faults=["phone hides two"], tags=("送达", "取货"), goods="包子 12个")
case("t69", "returns", "sans", 3, "curve film", "bag", ("云上童装退货仓", "400-607-8813", "浙江省湖州市吴兴区织里镇栋梁路77号2号楼1楼"),
     ("季*", "*******7280", "江西省上饶市信州区水南街道茶圣中路40号***"), traps=["organisation as receiver", "floor shown", "400 number"], remark="七天无理由", tags=("收", "寄"))
case("t70", "pickup", "bold", 2, "glareout", "bag", ("车*", "137******09", "辽宁省沈阳市和平区太原街道中华路68号***"),
     ("关*", "*******4126", "辽宁省鞍山市海城市西柳镇柳中路3号***"), unreadable=True, hub="中华路站", route="2-6-1108")
case("t71", "cold", "bold", 3, "persp shadow jpeg", "carton", ("游*", "138******49", "福建省宁德市蕉城区蕉南街道署前路15号***"),
     ("三都澳渔行", "0593-******2", "福建省宁德市蕉城区三都镇港口路2号"), faults=["name and number in the remark"], remark="!代收请找游小军 13459370128", goods="黄鱼 4条")
case("t72", "order_slip", "sans", 3, "tilt motion noise", "desk", ("简**", "*******2317", "四川省宜宾市翠屏区西郊街道长江大道西段60号***"),
     ("古*", "176******93", "四川省泸州市江阳区南城街道江阳中路21号***"), traps=["name of two and three characters"])
case("t73", "two_ply", "narrow", 3, "turn270 crease", "carton", ("耿*", "!17012688347转5510\n有效期至2026-11-10", "北京市丰台区东铁匠营街道蒲芳路24号院5号楼****"),
     ("单*", "*******6657", "北京市大兴区西红门镇欣荣北大街8号***"), faults=["virtual number past its date"], traps=["virtual number with date and extension"], tags=JIA)
case("t74", "one_ply", "sans", 3, "blur faint", "carton", ("卞*", "155******38", "安徽省滁州市琅琊区清流街道天长路288号***"),
     ("俞*", "*******4901", "!安徽省滁州市天长市铜城镇纬一路12号4幢3单元402室"), faults=["sender unit and room shown"], size=(2448, 3264))
case("t75", "returns", "serifbold", 3, "cut", "desk", ("葛*", "*******8842", "海南省三亚市天涯区河西区街道解放路100号***"),
     ("南渡水果行", "0898-******63", "海南省海口市龙华区海垦街道南海大道66号"), unreadable=True)
case("t76", "boxed", "bold", 2, "exif3 shadow", "bag", ("佟*", "*******5531", "辽宁省锦州市古塔区敬业街道解放路四段12号***"),
     ("隋*", "139******68", "辽宁省葫芦岛市兴城市温泉街道兴海路2号***"), faults=["code holds an order's URL"], qr="!https://shop.hefengdemo.example/order?id=88120417735&buyer=20931")
case("t77", "village", "serif", 3, "curve blur", "kraft", ("才***", "180******27", "青海省玉树藏族自治州玉树市隆宝镇措桑村一社**"),
     ("格桑**", "*******1083", "西藏自治区昌都市卡若区城关镇昌庆街5号***"), traps=["ethnic name", "village group without household"], post="815000", goods="牦牛肉干")
case("t78", "tall", "sans", 2, "blurout", "carton", ("司徒*", "131******46", "广东省江门市蓬江区堤东街道跃进路66号***"),
     ("欧*", "*******2370", "广东省江门市开平市水口镇新市路9号***"), unreadable=True, tags=EN)
case("t79", "freight", "sans", 2, "darkout", "belt", ("海*", "*******3955", "青海省西宁市城东区八一路街道八一中路15号***"),
     ("冶*", "155******29", "青海省海东市乐都区碾伯镇古城大街2号***"), unreadable=True)
case("t80", "vertical", "narrowbold", 3, "tilt crease warm", "carton", ("东方**", "*******6048", "!湖北省武汉市洪山区关山街道珞喻路1037号西区5栋312寝"),
     ("戴*", "153******84", "湖北省黄冈市蕲春县漕河镇齐昌大道10号***"), faults=["receiver dormitory room shown"], traps=["compound surname"])

# the second labels of t66 and others
case("t66b", "one_ply", "sans", 1, "", "carton", ("!袁志鹏", "!13180527746", "河北省唐山市路南区学院南路街道国防道12号***"),
     ("杭**", "*******1904", "河北省衡水市安平县安平镇丝网路1号***"))
case("t17b", "order_slip", "narrow", 1, "", "carton", ("万俟*", "*******5180", "福建省三明市三元区列东街道列东街30号***"),
     ("尤*", "188******15", "福建省泉州市石狮市凤里街道东港路3号***"))

# turned, large and odd cameras
CASES["t72"]["dist"] += " exif6"
CASES["t01"]["size"] = (1200, 1600)
CASES["t05"]["size"] = (1536, 2048)
CASES["t11"]["size"] = (2448, 3264)
CASES["t33"]["size"] = (3024, 4032)
CASES["t44"]["size"] = (2736, 3648)
CASES["t51"]["size"] = (1728, 2304)
CASES["t55"]["size"] = (1728, 2304)
CASES["t73"]["size"] = (1728, 2304)
CASES["t77"]["size"] = (1536, 2048)
CASES["t17"] |= {"second": "t17b", "second_at": (-97, -30, -0.1), "off": (9, 0), "fill": 0.78}
CASES["t17"]["traps"].append("a neighbour's label partly in view")
CASES["t62"] |= {"pen": "3号门卸", "pen_h": 4}
CASES["t63"]["stamp"] = "易碎品"
CASES["t38"]["stamp"] = "急件"
CASES["t05"]["remark"] = "易碎，轻拿轻放"
CASES["t31"]["remark"] = "周一至周五送货，放前台"
CASES["t55"]["extra"] = ["客服 400-820-6619", "订单 2026112013905388172"]
