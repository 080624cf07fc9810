"""Sixty photos of an inspection: twenty small sellers, two cloud warehouses, one photo per shop and size of label.

A value that begins with ! shows more than it may. Everyone, every number and every door in here is invented.
"""

CASES = {}
LYG = "江苏省连云港市"
# shop: name, phone, address as the label of an honest day has them
SHOPS = {
    "shrimp": ("海州湾虾皮铺", "0518-******37", LYG + "赣榆区青口镇黄海东路116号1层"),
    "kelp": ("墟沟海带行", "400-188-0712", LYG + "连云区墟沟街道海棠北路45号"),
    "hats": ("徐*", "*******3821", LYG + "连云区中云街道云宿路20号***"),
    "tea": ("云雾茶庄", "0518-82******", LYG + "海州区花果山街道茶场路3号"),
    "crystal": ("单**", "151******66", LYG + "东海县牛山街道晶都大道88号水晶城2楼***"),
    "snack": ("浪花零食小铺", "400-186-5530", LYG + "海州区新浦街道通灌南路102号"),
    "farm": ("孙*", "*******7190", LYG + "灌云县下车镇仲集村四组***"),
    "gift": ("渔村伴手礼", "*******2065", LYG + "连云区高公岛街道黄窝路9号"),
    "shoes": ("季**", "187******40", LYG + "海州区浦东街道郁洲南路66号福海嘉园11幢****"),
    "baby": ("贝贝屋母婴专营店", "400-183-9921", LYG + "海州区海宁东路5号2号楼1层"),
    "tackle": ("老船长渔具", "*******9654", LYG + "连云区连云街道中山东路317号"),
    "books": ("灯下旧书店", "133******08", LYG + "海州区朐阳街道秦东门大街77号"),
    "cases": ("尚*", "*******5402", LYG + "海州区新浦街道解放中路28号数码广场1楼***"),
    "cloth": ("锦帆布艺", "0518-******02", LYG + "海州区新南街道朝阳东路59号"),
    "drug": ("安和大药房", "0518-******85", LYG + "海州区路南街道瀛洲路16号"),
    "pets": ("毛球宠物用品", "400-189-3307", LYG + "赣榆区城西镇兴庄路21号"),
    "bake": ("麦屿烘焙", "*******1178", LYG + "连云区海州湾街道平山路1号"),
    "florist": ("潮声花店", "*******6043", LYG + "海州区浦南镇江化南路18号"),
    "tools": ("港城五金经营部", "0518-******19", LYG + "海州区锦屏镇锦屏路40号"),
    "beads": ("柳**", "136******25", LYG + "灌南县新安镇人民中路203号***"),
    "wh1": ("海陆云仓一号库", "400-187-2266", LYG + "连云区板桥街道跨境产业园3号库2楼"),
    "wh2": ("赣榆北仓", "400-185-4410", LYG + "赣榆区柘汪镇临港大道8号B区1号厅"),
}
NUMBERS = list(SHOPS)
JIAN, DAO, REN, FANG, EN = ("收件", "寄件"), ("到", "发"), ("收件人", "寄件人"), ("收方", "寄方"), ("TO", "FROM")
DA = ("送达", "取货")


def case(id_, shop, layout, style, lv, dist, bg, r, *, s=None, traps=(), faults=(), **more):
    c = {"id": id_, "layout": layout, "style": style, "lv": lv, "dist": dist, "bg": bg, "traps": list(traps), "faults": list(faults)}
    c |= dict(zip(("rn", "rp", "ra"), r, strict=True))
    c |= dict(zip(("sn", "sp", "sa"), (b if a is None else a for a, b in zip(s or (None,) * 3, SHOPS[shop], strict=True)), strict=True))
    n = int(id_[1:3]) + 60 * (len(id_) > 3)
    c["no"] = ("CX", "HB", "YL", "68", "GW", "FC", "JS", "4310")[n % 8] + str(5_208_114_730_926 + n * 61_728_547)[:13]
    c["date"] = f"2026-11-{16 + n % 12}"
    c["route"] = ("518-06-A3", "K17 204", "733 B-9", "025-H12", "D08-31", "901-77 E")[n % 6]
    c["hub"] = ("连云港集", "淮安转运", "青岛分拨", "郑州中心", "沪宁干线")[n % 5]
    c["tags"] = ("收", "寄")
    c["dots"] = 12 if n % 4 == 0 else 8
    c["qr"] = f"{c['no']}-{n * 90_173 % 999_983:06d}"
    c["shop_no"] = f"抽检-{NUMBERS.index(shop) + 1:02}"
    CASES[id_] = c | more


SIX = (1536, 2048)
# -- w01 to w20 ----------------------------------------------------------------------------------------
case("w01", "shrimp", "tide", "sans", 1, "tilt", "carton", ("蒋**", "*******6617", "江苏省南京市建邺区南苑街道庐山路128号玉兰里5幢****"),
     traps=["organisation as sender", "fixed line masked", "floor shown"], goods="虾皮 250g×2")
case("w02", "shrimp", "cold", "bold", 1, "", "foam", ("!陆建峰", "138******04", "上海市闵行区莘庄街道水清路602号***"),
     faults=["receiver name whole"], traps=["organisation as sender", "fixed line masked"], goods="淡干虾皮 1kg", tags=JIAN, dots=12)
case("w03", "shrimp", "mini", "sans", 1, "tilt", "counter", ("毕*", "*******0953", "山东省临沂市兰山区金雀山街道沂州路71号****"),
     s=(None, None, None), traps=["organisation as sender", "tiny label", "fixed line masked"], fill=0.7)
CASES["w03"]["sa"] = None
case("w04", "kelp", "shell", "sans", 1, "lamp", "carton", ("钟*", "159******83", "安徽省合肥市包河区芜湖路街道桐城南路355号梧桐里9栋****"),
     traps=["organisation as sender", "400 number"], goods="海带结 500g", size=SIX)
case("w05", "kelp", "strip", "narrow", 1, "tilt", "counter", ("严**", "!13961380427", "江苏省连云港市海州区幸福路街道建国路19号***"),
     faults=["receiver phone whole"], traps=["organisation as sender", "400 number"], goods="凉拌海带丝 3盒")
case("w06", "kelp", "cloud", "sans", 1, "", "steel", ("巩*", "*******4729", "河南省许昌市魏都区文峰街道文峰南路8号银杏园3号楼****"),
     s=("墟沟海带行(仓发)", None, SHOPS["wh1"][2]), traps=["organisation as sender", "shelf code like a room", "hall of a warehouse"], goods="海带 2件", card=(66, 26, 0.05), off=(-10, 0), fill=0.74)
case("w07", "hats", "tide", "narrowbold", 1, "", "kraft", ("关**", "177******29", "辽宁省大连市沙河口区星海湾街道中山路572号***"), goods="渔夫帽 1顶", tags=DAO)
case("w08", "hats", "table", "sans", 1, "tilt shadow", "desk", ("郝*", "*******8136", "河北省秦皇岛市海港区文化路街道文化路60号****"),
     s=("!徐海燕", None, None), faults=["sender name whole"], goods="草帽 2顶", tags=FANG)
case("w09", "tea", "shell", "serif", 1, "", "desk", ("康*", "*******2270", "!浙江省杭州市拱墅区和睦街道登云路51号和睦新村22幢3单元602室"),
     faults=["receiver unit and room shown"], traps=["organisation as sender", "fixed line masked"], goods="云雾茶 2罐", tags=JIAN)
CASES["w09"]["ra2"] = "浙江省杭州市拱墅区和睦街道登云路51号和睦新村22幢****"
case("w10", "tea", "tide", "serifbold", 1, "tilt", "kraft", ("慕容*", "135******91", "山西省晋城市城区东街街道泽州路188号***"),
     traps=["compound surname", "organisation as sender", "fixed line masked"], goods="绿茶 1罐")
case("w11", "tea", "sail", "sans", 1, "", "carton", ("乔*", "*******5563", "陕西省咸阳市秦都区渭阳西路街道渭阳西路90号2号楼7楼****"),
     traps=["floor shown", "organisation as sender", "order number like a phone"], goods="云雾绿茶 100g×4 礼盒装", remark="礼盒请勿压，谢谢", extra=["订单号 13815520964731"], tags=REN)
case("w12", "crystal", "strip", "sans", 1, "tilt", "counter", ("晏*", "182******57", "湖南省衡阳市蒸湘区红湘街道解放大道30号****"), goods="水晶手链 1条")
case("w13", "crystal", "cloud", "narrow", 1, "", "belt", ("温**", "*******3308", "广东省江门市新会区会城街道冈州大道中22号***"),
     s=(None, None, "!" + LYG + "东海县牛山街道晶都大道88号水晶城2楼商位2067"), faults=["sender stall shown"], goods="水晶球 1个", tags=JIAN)
case("w14", "crystal", "reverse", "sans", 1, "lamp", "cloth", ("水晶城退货服务台", "400-184-6028", LYG + "东海县牛山街道晶都大道88号水晶城1楼服务台"),
     s=("戚*", "139******12", "云南省玉溪市红塔区玉兴街道南北大街3号***"), traps=["organisation as receiver", "400 number", "counter shown"], goods="吊坠 1个", remark="与图片色差大", tags=("收件", "退件"))
case("w15", "snack", "tide", "sans", 1, "tilt", "bag", ("!童女士", "*******7741", "江苏省盐城市盐都区张庄街道世纪大道615号***"),
     faults=["title for a given name"], traps=["organisation as sender", "400 number"], goods="鱿鱼丝 5包")
case("w16", "snack", "shell", "narrow", 1, "curve", "bag", ("符*", "150******36", "海南省儋州市那大镇中兴大街211号****"),
     traps=["organisation as sender", "400 number"], goods="海苔脆 3桶 鱼豆腐 10包", tags=DAO)
case("w17", "snack", "group", "sans", 1, "", "counter", ("汪*", "*******1845", "江苏省连云港市海州区新浦街道苍梧路61号晴朗超市自提点"),
     traps=["collection point", "organisation as sender", "400 number"], hub="苍梧路自提点", route="046", goods="虾片 2袋\n海苔 1桶")
case("w18", "farm", "tide", "sans", 1, "shadow", "carton", ("裴**", "186******15", "江苏省苏州市相城区元和街道嘉元路959号***"),
     s=(None, None, "!" + LYG + "灌云县下车镇仲集村四组23号"), faults=["sender household behind the group"], traps=["village group"], goods="豆丹 1盒")
case("w19", "farm", "cold", "sans", 1, "tilt", "foam", ("窦*", "*******6392", "山东省青岛市黄岛区长江路街道长江中路520号***"),
     traps=["village group without household"], goods="豆丹 2盒 冷冻", tags=JIAN)
case("w20", "gift", "shell", "bold", 1, "", "carton", ("佘**", "131******60", "福建省漳州市芗城区巷口街道腾飞路378号江滨花园7幢****"),
     traps=["organisation as sender"], goods="贝壳风铃 1个", remark="易碎，请轻放", stamp="易碎", at=(72, 29))
# -- w21 to w40 ----------------------------------------------------------------------------------------
case("w21", "gift", "table", "narrow", 1, "persp", "desk", ("阮*", "!152****7308", "浙江省舟山市定海区昌国街道解放西路131号***"),
     faults=["phone hides four"], traps=["organisation as sender"], goods="海星摆件 2个", tags=JIAN)
case("w22", "shoes", "tide", "sans", 2, "tilt film", "bag", ("桑*", "*******9027", "江西省抚州市临川区文昌街道大公路25号****"), goods="童鞋 1双", tags=JIAN)
case("w23", "shoes", "reverse", "narrow", 1, "cut", "floor", ("季**", "187******40", LYG + "海州区浦东街道郁洲南路66号福海嘉园11幢****"),
     s=("!芦雪梅", "!13770482516", "山东省济宁市任城区阜桥街道太白中路14号***"), faults=["sender name whole", "sender phone whole"], traps=["receiver's address cut off"], goods="童鞋 1双", remark="码数不合", tags=("退至", "退自"))
case("w24", "shoes", "shell", "sans", 1, "", "blackbag", ("麦**", "176******48", "广东省茂名市茂南区河东街道人民南路160号***"),
     faults=["code holds the person"], qr="!麦嘉豪|17620553948|茂名市茂南区人民南路160号7栋301", goods="运动鞋 1双", size=SIX)
case("w25", "baby", "tide", "bold", 1, "", "carton", ("孔*", "17088261350转3172\n有效期至2026-12-20", "山东省菏泽市牡丹区东城街道人民路77号***"),
     traps=["virtual number with date and extension", "organisation as sender", "400 number"], goods="纸尿裤 L×2", date="2026-11-20")
case("w26", "baby", "sail", "narrow", 1, "tilt", "carton", ("费**", "!17088261351-0846", "江苏省扬州市邗江区汊河街道江阳中路433号***"),
     faults=["virtual number without a date"], traps=["virtual number", "organisation as sender", "400 number"], goods="奶瓶 1个 湿巾 6包", remark="不要周二送", tags=REN)
case("w27", "baby", "cloud", "sans", 2, "curve", "bag", ("冉*", "*******0064", "重庆市万州区高笋塘街道白岩路118号6幢****"),
     s=("贝贝屋母婴专营店", None, SHOPS["wh2"][2]), traps=["hall of a warehouse", "shelf code like a room", "organisation as sender"], shelf="B-12-3-502", goods="奶粉 1罐", tags=JIAN)
case("w28", "tackle", "shell", "sans", 1, "tilt", "steel", ("滕*", "*******5718", "浙江省宁波市象山县石浦镇渔港中路52号***"),
     faults=["second ply unmasked"], traps=["organisation as sender"], rn2="!滕志远", rp2="!13685745718", goods="路亚竿 1支", tags=JIAN)
case("w29", "tackle", "tide", "sans", 1, "", "desk", ("+* M***".replace("+* ", "Andrei "), "+86 *******2614", "海南省三亚市吉阳区大东海街道榆亚路28号***"),
     traps=["Latin name masked", "country code", "organisation as sender"], goods="FISHING LINE", tags=EN)
case("w30", "tackle", "ocean", "bold", 1, "", "floor", ("嵊泗海钓俱乐部 包*", "0580-******48", "浙江省舟山市嵊泗县菜园镇沙河路15号"),
     traps=["organisation with masked contact", "fixed line masked", "organisation as sender"], goods="渔具 3件", tags=("收货单位", "发货单位"), dots=8)
case("w31", "books", "tide", "serif", 1, "tilt", "kraft", ("解*", "139******77", "北京市海淀区燕园街道颐和园路5号***"),
     traps=["organisation as sender"], goods="旧书 6册")
case("w32", "books", "table", "serif", 1, "lamp", "desk", ("樊**", "*******3450", "!湖北省武汉市武昌区珞珈山街道八一路299号枫园7栋418寝"),
     faults=["receiver dormitory room shown"], traps=["organisation as sender"], goods="教材 2册", tags=REN)
case("w33", "cases", "mini", "narrow", 1, "", "counter", ("储*", "*******8895", "安徽省安庆市大观区德宽路街道德宽路9号****"), traps=["tiny label"], fill=0.72, sa=None)
case("w34", "cases", "table", "mono", 1, "", "cloth", ("米热古丽·艾*", "*******1036", "新疆维吾尔自治区伊犁哈萨克自治州伊宁市艾兰木巴格街道斯大林街47号***"),
     traps=["dotted name"], goods="手机壳 3个", tags=JIAN)
case("w35", "cases", "strip", "bold", 1, "tilt", "counter", ("靳**", "138******56", "江苏省徐州市泉山区永安街道淮海西路204号***"),
     faults=["phone in the remark"], remark="!不在家打13852017356", goods="手机膜 2张")
case("w36", "cloth", "ocean", "sans", 1, "tilt", "floor", ("苗*", "*******4407", "!江苏省泰州市姜堰区罗塘街道人民中路88号银座大厦B座1506"),
     faults=["receiver office shown"], traps=["organisation as sender", "fixed line masked"], goods="窗帘 2箱", tags=REN, dots=8)
case("w37", "cloth", "shell", "sans", 2, "persp", "carton", ("盛**", "*******6229", "河南省信阳市浉河区老城街道申城大道100号****"),
     traps=["organisation as sender", "fixed line masked"], goods="纱帘 1幅", remark="放小区门卫旁货架")
case("w38", "drug", "errand", "bold", 1, "", "counter", ("海边的*", "*******7253", "江苏省连云港市海州区路南街道龙河路32号***"),
     traps=["nickname masked", "goods of health", "organisation as sender", "fixed line masked"], goods="胰岛素针头 1盒 布洛芬 1盒", remark="尽快", tags=DA, route="A-19")
case("w39", "drug", "strip", "sans", 2, "shadow", "desk", ("匡*", "189******31", "江苏省连云港市连云区云山街道院前路6号****"),
     faults=["door code in the remark"], traps=["goods of health", "organisation as sender", "fixed line masked"], remark="!楼下门禁#3690*，放门口", goods="血压计 1台")
case("w40", "drug", "tide", "sans", 2, "ruin", "carton", ("臧*", "*******8512", "江苏省宿迁市宿城区幸福街道幸福中路55号***"), unreadable=True, goods="口罩 5包")
# -- w41 to w60 ----------------------------------------------------------------------------------------
case("w41", "pets", "sail", "narrow", 1, "curve", "bag", ("!吃不胖的桃子酱", "155******70", "四川省南充市顺庆区北城街道文化路19号***"),
     faults=["nickname whole"], traps=["organisation as sender", "400 number"], goods="猫砂 4袋")
case("w42", "pets", "cloud", "bold", 1, "tilt", "carton", ("鞠*", "＊＊＊＊＊＊＊5926", "吉林省延边朝鲜族自治州延吉市河南街道长白山西路800号＊＊＊"),
     traps=["full-width stars", "shelf code like a room", "organisation as sender"], s=(None, None, SHOPS["wh2"][2]), goods="犬粮 10kg", shelf="A-03-0601")
case("w43", "pets", "station", "sans", 1, "", "blackbag", ("匡**", "*******4018", "江苏省淮安市清江浦区长西街道淮海北路96号丰巢柜(西门)"),
     traps=["locker shown", "shelf code like a room", "400 number", "organisation as sender"], route="8-3-1106", hub="长西站", fill=0.74, sa=None)
case("w44", "bake", "errand", "sans", 1, "tilt", "counter", ("霍*", "!13405160882", "江苏省连云港市连云区墟沟街道中华西路77号****"),
     faults=["receiver phone whole"], traps=["organisation as sender"], goods="生日蛋糕 1个", tags=DA, route="C-07")
case("w45", "bake", "cold", "narrow", 1, "", "foam", ("谷**", "138******28", "山东省日照市东港区石臼街道海曲东路388号3号楼****"),
     traps=["organisation as sender"], goods="冷冻蛋挞皮 4盒", remark="到前请短信", tags=JIAN)
case("w46", "bake", "group", "narrow", 2, "tilt shadow", "counter", ("鲍*", "*******3361", "江苏省连云港市海州区浦西街道人民西路102号李嫂便民店代收"),
     faults=["room in the remark"], traps=["collection point named after a person", "organisation as sender"], remark="!送到14幢2单元803", hub="人民西路点", route="112", goods="吐司 2袋")
case("w47", "florist", "errand", "narrow", 1, "lamp", "cloth", ("卓*", "*******9486", "江苏省连云港市海州区洪门街道学院路12号2号楼3楼***"),
     traps=["floor shown", "organisation as sender"], goods="百合 9枝", tags=DA, route="B-22", order="np/a")
case("w48", "florist", "strip", "sans", 2, "tilt", "desk", ("仇**", "159******64", "江苏省连云港市连云区连云街道胜利路5号***"),
     faults=["name and number in pen"], traps=["organisation as sender"], goods="花束", pen="!仇晓岚15961380764", pen_h=3.6, at=(5, 50))
case("w49", "tools", "strip", "narrowbold", 2, "motion", "floor", ("房*", "!0518-8****216", "江苏省连云港市灌南县堆沟港镇振兴路80号"),
     faults=["fixed line hides four"], traps=["organisation as sender", "fixed line masked"], goods="膨胀螺丝 2盒", tags=JIAN)
case("w50", "tools", "ocean", "narrow", 2, "persp shadow", "carton", ("潍坊恒固机件有限公司 邵*", "*******7085", "山东省潍坊市坊子区凤凰街道凤山路199号"),
     traps=["organisation with masked contact", "fixed line masked", "organisation as sender"], goods="手电钻 2台 扳手 1套", tags=("收货方", "发货方"), pcs="2/2", pen="卸东门", pen_h=6)
case("w51", "beads", "shell", "narrowbold", 1, "", "cloth", ("倪*", "●●●●●●●6174", "广西壮族自治区北海市海城区中街街道北部湾中路36号●●●●"),
     traps=["round masks"], s=("柳●●", "136●●●●●●25", LYG + "灌南县新安镇人民中路203号●●●"), goods="串珠材料 1包", tags=FANG)
case("w52", "beads", "table", "sans", 2, "film", "bag", ("欧阳**", "*******2093", "!河北省石家庄市桥西区维明街道裕华西路45号5-1-302"),
     faults=["receiver unit and room shown"], traps=["compound surname"], goods="耳饰 2对")
case("w53", "beads", "station", "narrow", 1, "tilt thumb", "cloth", ("*伟", "150******82", "江苏省南通市崇川区文峰街道青年中路99号菜鸟驿站(文峰店)"),
     traps=["surname hidden", "station shown", "shelf code like a room"], route="12-2-4705", hub="文峰店", fill=0.62)
case("w54", "wh1", "cloud", "sans", 1, "tilt", "belt", ("葛*", "!17088261352转6601\n有效期至2026-11-12", "浙江省嘉兴市平湖市当湖街道解放西路200号***"),
     faults=["virtual number past its date"], traps=["virtual number with date and extension", "organisation as sender", "hall of a warehouse"], date="2026-11-22", goods="洗发水 2瓶", size=(1728, 2304))
case("w55", "wh1", "sail", "sans", 2, "cut", "carton", ("熊**", "*******6650", "贵州省贵阳市云岩区中华北路街道黔灵东路80号***"), unreadable=True, goods="收纳箱 3个", traps=["organisation as sender"])
case("w56", "wh1", "tide", "sans", 1, "small", "steel", ("邹*", "*******3716", "江苏省常熟市虞山街道海虞北路45号***"),
     faults=["the second label's name and phone whole"], traps=["a second label in view", "organisation as sender", "400 number"], size=(1920, 1440), fill=0.82, off=(-42, 0), second="w56b", second_at=(82, 3, 0.05), goods="毛巾 4条")
case("w57", "wh2", "cloud", "narrow", 2, "blurout", "belt", ("路*", "*******4190", "甘肃省白银市白银区人民路街道人民路10号***"), unreadable=True, goods="电热水壶 1台")
case("w58", "wh2", "shell", "sans", 2, "glareout", "bag", ("祁**", "138******52", "宁夏回族自治区石嘴山市大武口区朝阳街道朝阳西街73号***"), unreadable=True, goods="雨伞 1把")
case("w59", "wh2", "sail", "bold", 2, "tilt lamp thumb", "carton", ("管*", "13*******58", "天津市河北区光复道街道胜利路405号8号楼****"),
     faults=["code holds an order's URL"], traps=["organisation as sender", "400 number", "hall of a warehouse"], qr="!https://m.yhuodemo.example/o/detail?oid=6611920837&uid=48210", goods="保温杯 1个", remark="发票放箱内", tags=REN)
case("w60", "wh2", "sheet", "serif", 1, "tilt", "desk", (None, None, None), heading="网络经营主体现场检查记录", unreadable=True, kind="other", traps=["no label"],
     extra=["被检查单位", "检查项目", "面单打印设备", "抽查张数"], sn=None, sp=None, sa=None)

case("w56b", "wh1", "tide", "bold", 1, "", "steel", ("!万晓东", "!15950718832", "江苏省镇江市丹徒区高资街道港南路3号***"), goods="枕套 2个", tags=JIAN)

# cameras and hands
CASES["w05"]["dist"] += " exif6"
CASES["w21"]["dist"] += " exif8"
CASES["w37"]["size"] = (1728, 2304)
CASES["w10"]["size"] = (2448, 3264)
CASES["w31"]["size"] = (2160, 2880)
CASES["w41"]["size"] = SIX
CASES["w28"]["size"] = SIX
CASES["w12"] |= {"card": (0, 46, 0.03), "off": (0, -12), "fill": 0.74, "size": (1440, 1440)}
CASES["w45"] |= {"dist": "thumb", "fill": 0.78}
CASES["w27"]["size"] = SIX
CASES["w16"]["dist"] += " jpeg"
CASES["w52"]["dist"] += " crease"
CASES["w46"]["size"] = SIX
CASES["w07"] |= {"stamp": "市监已检", "at": (40, 112)}
