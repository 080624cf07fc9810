"""The cases: h01 to h62; x01 to x05 are labels that stand beside another one. Everyone and everything is invented."""

import base64
import random

BRANDS = ["青禾速运", "云雁快递", "安畅达", "橙象物流", "北麓速递", "顺意通", "海鸥快运", "百川速配"]
CITIES = ["杭州", "长沙", "宁波", "合肥", "成都", "金华", "郑州", "佛山", "南昌", "济南"]
STYLES = ["sans", "narrow", "bold", "sans", "mono", "serif", "narrowbold", "wide", "serifbold"]
GOODS = ["日用百货 1件", "服饰 2件", "文具", "食品", "手机配件", "家居用品 x3", "童装", "图书"]
FILL = ["付款：寄付月结", "重量 1.25kg  体积 —", "代收货款 0.00", "保价 无  声明价值 —", "派前联系  勿放门外", "内件 1/1  波次 W0419", "实名收寄 已核验"]
CASES = {}


def case(layout, receiver, sender, dist="", traps=(), faults=(), **more):
    n = len([i for i in CASES if i[0] == "h"]) + 1
    id_ = more.pop("id", f"h{n:02}")
    rng = random.Random("carry" + id_)
    c = {"id": id_, "layout": layout, "dist": dist, "traps": list(traps), "faults": list(faults), "style": rng.choice(STYLES)}
    c["brand"], city = rng.choice(BRANDS), rng.choice(CITIES)
    c["no"] = rng.choice(["QH", "YY", "73", "46", "AC", "90"]) + str(rng.randrange(10**11, 10**12))
    c["sort"] = f"{rng.randrange(210, 880)}-{rng.choice('ABCDK')}{rng.randrange(1, 40):02} {rng.randrange(100):03}"
    c["hub"], c["goods"] = city + rng.choice(["转运中心", "分拨", "集散中心"]), rng.choice(GOODS)
    c["time"] = f"2026-11-{rng.randrange(21, 28)} {rng.randrange(7, 22):02}:{rng.randrange(60):02}"
    c["dots"] = rng.choice([8, 8, 12])
    for who, text in (("r", receiver), ("s", sender)):
        for key, value in zip("npa", (text or "").split("|"), strict=False):
            if value:
                c[who + key] = value
    if rng.random() < 0.4:
        c["qr"] = "TK" + "".join(rng.choice("0123456789ABCDEFGHKMNPQRSTVWXYZ") for _ in range(22))
    c["grow"], c["fill"] = rng.choice([1, 1.12, 1.25]), rng.sample(FILL, rng.randrange(3))
    CASES[id_] = c | more


HEADS = ("姓名：", "电话：", "地址：")
SHOP = "晨露家居旗舰店|400-860-2207|浙江省金华市义乌市苏溪镇龙华路118号3号仓"
PLAIN = "林**|*******3306|广东省佛山市南海区里水镇和顺大道56号****"
HOUSE = "云仓|95***|安徽省合肥市肥西县繁华大道云仓产业园2号库"

# -- what passes
case("cloud", "王**|*******5678|湖南省长沙市岳麓区银盆岭街道茶子山路199号润和苑6栋****", PLAIN, "")
case("bars", "周＊＊|137＊＊＊＊＊＊25|江西省南昌市青山湖区湖坊镇顺外路88号锦绣家园2期12幢＊＊＊", SHOP, "shadow", ["organisation as sender", "400 number", "full-width stars"])
case("foot", "*丽|138******42|河南省郑州市金水区花园路街道农科路27号银座大厦9楼****", "郭*|186******70|四川省成都市双流区西航港街道空港二路5号****", "tilt", ["floor shown"], pen="已打电话，明早送", names=("", "手机 ", ""))
case("ply2", "何**|1********66|山东省济南市历城区洪家楼街道花园路101号泉景苑3号楼****", PLAIN, "wave", ["second ply"], stamp="已安检")
case("cols", "陈●●|●●●●●●●7719|浙江省宁波市鄞州区首南街道学士路655号8幢●●●●", "叶●|●●●●●●●0248|浙江省温州市瓯海区梧田街道●●●●", "lamp", ["round stars"])
case("slim", "刘**|(*******8013)|安徽省合肥市蜀山区井岗镇玉兰大道18号华润幸福里11栋****", "小铺发货|(0551-******8)|安徽省合肥市瑶海区", "", ["name and phone in one token"], gap=0, free=["店内编号 L-20-7"])
case("side", "孙xx|159xxxxxx08|四川省成都市武侯区簇锦街道锦里中路33号xxxx", "张x|135xxxxxx90|四川省德阳市旌阳区xxxx", "angle", ["letters as stars"])
case("ret", "晨露家居售后仓|400-860-2207|浙江省金华市义乌市苏溪镇龙华路118号3号仓2楼退货组", "赵**|*******1150|湖北省武汉市洪山区关山街道雄楚大道888号****", "thumb", ["warehouse door"], free=["退货原因：尺码不合", "原单 138662771092331806"])
case("pick", "吴**|*******4402|江苏省苏州市吴中区木渎镇金枫路216号****", SHOP, "", ["goods of health", "shelf places"], goods=None, rows=[("A3-2-101", "血糖试纸 50片 家用型", "2"), ("A3-4-212", "痔疮护理坐垫 灰", "1"), ("C1-1-008", "赠品 卷尺", "1")], free=["订单 76-1381-2290-4471-30"])
case("freight", "合兴五金机电有限公司 徐**|*******6620|江苏省常州市武进区湖塘镇长虹路66号", "宏达机械厂 马**|*******9017|浙江省台州市路桥区峰江街道工业路15号", "shadow", ["company and masked contact in one field"])
case("grid", "杨□□|□□□□□□□3371|河北省石家庄市裕华区裕强街道槐安东路152号小区东门丰巢柜03号", "邓□|□□□□□□□8854|河北省保定市莲池区□□□", "", ["locker", "boxes as stars"], stamp="到付")
case("cloud", "黄**|17043218876-5521\n虚拟号 2026-12-20前有效|福建省厦门市湖里区殿前街道长浩路223号****", SHOP, "warm", ["virtual number in force"], orderr="n/p/a")
case("bars", "蔡██|███████9126|湖北省宜昌市西陵区西陵街道体育场路39号滨江壹号5栋████", PLAIN, "wave", ["dark stickers over the fields"])
case("foot", "许**|*******2714|陕西省西安市雁塔区小寨路街道翠华路500号****", SHOP, "crease", ["order number shaped like a phone"], free=["订单号 1395528861407722", "内部货号 13800421"])
case("ply2", "罗*|*******5093|重庆市渝北区龙溪街道红锦大道77号12幢****", HOUSE, "tape", ["sender's short number hidden", "code of a home page"], qr2="https://yunyan.example/")
case("cols", "唐**|*******0081|湖南省衡阳市衡南县云集镇堰头村6组***", "曾**|*******7340|湖南省株洲市芦淞区***", "tilt", ["village with its group, household hidden"], names=HEADS)
case("slim", "*志强|*******6172|浙江省绍兴市柯桥区钱清街道***", "衣橱小站||浙江省杭州市临平区乔司街道三胡线", "fade", ["sender without a phone"], free=["尾号 6172"])
case("side", "范**|*******4495|江苏省南京市江宁区秣陵街道佳湖东路2号百家湖花园4幢****", SHOP, "exif6 shadow", ["lies in the file, EXIF turns it"], remark="放门口鞋柜上，勿按铃")
case("ret", "云仓退货中心|95***|安徽省合肥市肥西县繁华大道云仓产业园2号库", "冯**|*******7203|吉林省长春市朝阳区红旗街道工农大路1035号***", "lying", ["lying picture"], title="买家退货单")
case("grid", "谢**|*******9910|天津市南开区王顶堤街道苑中路8号17号楼**门***", "彭**|*******3324|天津市西青区***", "curl", ["door word before stars"])
case("cloud", "方**|*******2086|浙江省湖州市吴兴区月河街道红旗路98号菜鸟驿站", PLAIN, "", ["pick-up code shaped like a room", "station"], second="x01", at=(4, 136, -3), zoom=0.8, shift=(0, -0.12))
case("cloud", "邹**|*******1947|广东省东莞市长安镇振安中路319号****", SHOP, "", ["neighbour's label in view"], second="x02", at=(84, 6, 3), zoom=0.8, shift=(-0.08, 0), on="belt")
case("bars", "梁**|*** **** 6038|上海市闵行区莘庄镇沪闵路1801号****", "程**|*** **** 5512|上海市松江区泗泾镇古楼公路1203号****", "cool", ["house number shaped like a room"])
case("foot", "李某某|*******7755|广西南宁市青秀区新竹街道民族大道131号***", "韦某|*******8861|广西柳州市柳北区***", "lamp", ["某 as mask"], stamp="代收点")
case("ply2", "魏**|138**78|甘肃省兰州市城关区东岗西路街道天水南路222号****", "*|***|甘肃省白银市白银区***", "shadow", ["two stars, five digits", "nothing of the sender shown"])
case("cols", "潘**|*******4036|辽宁省大连市沙河口区黑石礁街道中山路572号****", SHOP, "thumb", ["masked door code in the remark"], remark="门禁密码****，放楼下大厅")
case("slim", "袁**|+86 *******9283|广东省深圳市龙岗区坂田街道雪岗路2018号***", "好物优选|+86 400-120-6678|广东省深圳市宝安区福海街道", "jpeg", ["country code", "400 number"])
case("side", "海棠路小学|0574-******2|浙江省宁波市海曙区集士港镇海棠路9号", "学优文教图书有限公司|400-711-9053|北京市丰台区南四环西路186号", "curl", ["organisations at both ends", "landline"], goods="图书 4包")
case("pick", "开**|*******5560|云南省昆明市五华区黑林铺街道***", "花时间鲜花铺|*******1121|云南省昆明市呈贡区斗南街道", "angle", ["masked nickname"], rows=[("冷柜2", "卡布奇诺玫瑰 11枝", "1"), ("—", "贺卡（内容另附）", "1")], title="鲜花配送随货单", goods=None)
case("freight", "J***|*******4418|浙江省金华市义乌市福田街道银海路399号***", "义达国际货运代理|400-655-0071|浙江省金华市义乌市北苑街道机场路233号", "tape", ["masked Latin name"])
# -- what fails
case("cloud", "!沈佳怡|*******6604|湖北省武汉市江夏区纸坊街道文化大道166号****", SHOP, "", (), ["receiver name whole"], stamp="已安检")
case("bars", "秦**|!138****5678|浙江省杭州市余杭区良渚街道古墩路1899号****", SHOP, "wave", (), ["receiver phone shows seven digits"])
case("foot", "顾**|*******0917|!江苏省无锡市滨湖区蠡园街道建筑西路599号山水苑3幢2单元501室", SHOP, "tilt", (), ["receiver room"])
case("ply2", "邵**|*******2290|福建省泉州市丰泽区东海街道云鹿路12号****", PLAIN, "", (), ["receiver phone whole on the second ply"], rp2="!15960312290")
case("cols", "汤**|*******3841|河南省洛阳市涧西区重庆路街道西苑路6号***", "!石磊|*******2266|河南省开封市龙亭区***", "shadow", (), ["sender name whole"])
case("slim", "乔**|*******8147|山西省太原市小店区坞城街道体育路***", "阿敏手作|!13593168420|山西省晋中市榆次区***", "", ["shop name"], ["sender phone whole"])
case("side", "白**|*******1630|!陕西省咸阳市渭城区新兴街道人民东路锦苑小区6-2-1203", SHOP, "lamp", (), ["receiver compact door"])
case("ret", "晨露家居售后仓|400-860-2207|浙江省金华市义乌市苏溪镇龙华路118号3号仓", "廖**|*******5319|!广东省惠州市惠城区江北街道文明一路9号富绅大厦1704", "crease", ["organisation as receiver"], ["sender room"])
case("pick", "姜**|*******6642|山东省青岛市市北区台东街道威海路300号***", SHOP, "warm", (), ["door code in the remark"], goods=None, remark="!楼下大门按4417#进，别打电话", rows=[("B2-07", "陶瓷汤碗 8寸 白", "4"), ("B2-11", "竹筷 10双", "1"), ("D5-30", "洗碗布", "2")])
case("freight", "!金禾水暖经营部 周建平|*******7008|江西省九江市柴桑区沙河街道柴桑南路45号", "宏达机械厂 马**|*******9017|浙江省台州市路桥区峰江街道工业路15号", "angle", ["company masks nobody"], ["receiver contact whole"])
case("grid", "龙**|*******5274|!贵州省遵义市播州区三岔镇长丰村4组17号", "石**|*******3308|贵州省贵阳市观山湖区***", "tilt", (), ["receiver household"])
case("cloud", "万**|*******8835|江西省赣州市章贡区水南街道长征大道31号***", SHOP, "thumb", (), ["code holds an order's URL"], qr="!https://shop.chenlu.example/order?id=88213094471")
case("bars", "钱**|*******6401|浙江省嘉兴市南湖区新嘉街道中山东路***", SHOP, "", (), ["code holds name and phone"], qr='!{"n":"钱雨桐","t":"13757366401"}')
case("foot", "段**|*******3925|云南省大理市下关街道建设路60号***", PLAIN, "wave", (), ["name in the remark"], stamp="二次派送", remark="!不在家请交二楼陈立群代收")
case("ply2", "侯**|*******4170|河北省唐山市路北区龙东街道建设北路99号***", SHOP, "shadow", (), ["receiver room on the second ply"], ra2="!河北省唐山市路北区龙东街道建设北路99号祥和里8楼2门602")
case("cols", "!王先生|*******5087|北京市朝阳区望京街道阜通东大街6号***", SHOP, "cool", ["title hides nothing"], ["receiver surname with title"])
case("slim", "尹**|!17091330264-7718\n虚拟号 2026-10-31到期|湖南省岳阳市岳阳楼区洛王街道***", "果园直发||湖南省怀化市麻阳县", "", ["virtual number out of date"], ["receiver phone whole"], orderr="n/p/a", time="2026-11-25 09:14")
case("side", "易**|*******9346|!湖南省湘潭市雨湖区羊牯塘街道理工大学南校区7栋412寝", SHOP, "exif6", (), ["receiver dormitory"])
case("ret", "云仓退货中心|95***|安徽省合肥市肥西县繁华大道云仓产业园2号库", "常**|*******2213|江苏省徐州市泉山区金山街道解放南路***", "wave", ["encoded, not encrypted"], ["code holds a phone in base64"], qr="!" + base64.b64encode(b'{"tel":"15252002213","oid":7741920}').decode())
case("pick", "洪**|*******7126|!浙江省金华市义乌市福田街道国际商贸城三区商位28541", SHOP, "lamp", (), ["receiver stall"], goods=None, rows=[("E1-02", "圣诞挂件 混装", "200"), ("E1-05", "丝带 红 3cm", "40")])
case("grid", "翁**|*******8059|福建省福州市仓山区金山街道金洲南路***", "薛**|*******4413|!福建省莆田市荔城区镇海街道文献路28号2单元302", "curl", (), ["sender room"])
case("cloud", "俞**|*******3067|浙江省金华市婺城区城北街道八一北街***", SHOP, "", ["the label in front is right"], ["neighbour's receiver name and phone whole"], second="x03", at=(84, -4, -4), zoom=0.8, shift=(-0.2, 0))
case("bars", "贺**|!1381234**78|湖南省益阳市赫山区桃花仑街道***", SHOP, "noise", ["two stars hide two digits"], ["receiver phone shows nine digits"])
case("foot", "齐**|*******6158|!黑龙江省哈尔滨市道里区新阳路街道安隆街109号三单元五楼东户", SHOP, "fade", (), ["receiver unit and household in words"])
case("cloud", "成**|*******4629|山东省临沂市兰山区金雀山街道沂蒙路233号***", PLAIN, "", ["the label is right, the station's sticker is not"], ["receiver phone whole on the sticker"], second="x04", at=(3, 135, 3), zoom=0.8, shift=(0, -0.12), on="shelf")
case("grid", "毛**|*******7290|内蒙古呼和浩特市赛罕区人民路街道昭乌达路70号***", SHOP, "shadow", ["the printed phone is masked"], ["phone whole in pen writing"], pen="!打 15248107290")
case("ply2", "江**|*******1183|!广东省珠海市香洲区前山街道明珠南路2021号3幢2单元***", SHOP, "angle", ["room hidden, unit not"], ["receiver unit"], stamp="加急")
# -- what nobody can read
case("cloud", PLAIN, SHOP, "glareall", (), (), unreadable=True)
case("grid", PLAIN, SHOP, "shaken far", (), (), unreadable=True)
case("foot", "施**|*******7714|湖北省襄阳市樊城区汉江街道长征路15号***", SHOP, "cut", ["receiver's address out of the picture"], (), unreadable=True, zoom=1.18, shift=(0, 0.268))
case("notice", "", "", "angle", ["a notice, no label"], (), unreadable=True, kind="other")
case("side", PLAIN, SHOP, "wet", ["ink run"], (), unreadable=True)
# -- labels beside others
case("station", "方**|尾号 2086|", "", id="x01", sort="7-3-2086", brand="红旗路驿站 取件码")
case("cols", "夏**|*******5580|广东省东莞市虎门镇连升路70号***", SHOP, id="x02")
case("bars", "!纪雪岚|!13706790412|浙江省金华市金东区多湖街道***", SHOP, id="x03")
case("station", "成**|!15863914629|", "", id="x04", sort="12-2-4629", brand="沂蒙路店 货架号")

for _id, _size in (("h06", (2448, 3264)), ("h33", (2448, 3264)), ("h52", (2304, 3072))):
    CASES[_id]["size"] = _size
