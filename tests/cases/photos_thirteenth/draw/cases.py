"""The sixty photos. `name|phone|address` of receiver, then sender; a leading ! shows too much."""

import random

CASES = {}
NAMES = {"n": "name", "p": "phone", "a": "address"}
STYLES = ["sans", "narrow", "sans", "bold", "narrowbold", "mono", "sans", "serif"]


def q(id_, layout, receiver="", sender="", dist="", traps=(), **more):
    rng = random.Random("no" + id_)
    case = {"id": id_, "layout": layout, "dist": dist, "traps": list(traps)}
    case["style"] = more.pop("style", None) or rng.choice(STYLES)
    case["dots"] = rng.choice([8, 8, 12])
    prefix = rng.choice(["YC", "JL", "BC7", "78", "NY0", "4", "90"])
    case["no"] = prefix + "".join(rng.choice("0123456789") for _ in range(14 - len(prefix)))
    for who, text in (("r", receiver), ("s", sender)):
        for key, value in zip("npa", text.split("|"), strict=False):
            if value:
                case[who + key] = value
    case.update(more)
    case["faults"] = more.get("faults") or [
        f"{ {'r': 'receiver', 's': 'sender'}[k[0]]} {NAMES[k[1]]}{' second ply' if k.endswith('2') else ''}" if k[:2] in ("rn", "rp", "ra", "sn", "sp", "sa") and len(k) < 4 else {"qr": "code"}.get(k, k)
        for k, v in case.items()
        if isinstance(v, str) and v.startswith("!")
    ]
    if "pen" in case and case["pen"][2].startswith("!"):
        case["faults"].append("remark")
    CASES[id_] = case


S1 = "陈*|139******06|浙江省义乌市江东街道青口工业区北区22栋****"
S2 = "锦禾家居旗舰店|400-820-7731|江苏省南通市通州区川姜镇家纺城三期"
S3 = "林**|1**********|福建省晋江市陈埭镇四境工业园5号楼***"
S4 = "小满零食仓|*******4410|湖南省长沙市雨花区环保科技园云仓2号库"
S5 = "周*敏|177******33|广东省广州市白云区石井街道庆丰服装城A区****"

q("q01", "cloud130", "张**|138******21|河北省保定市莲池区东风东路88号假日雅典城3号楼****", S1, "tilt", goods="日用品", remark="易碎勿压")
q("q02", "two150", "李*梅|18465530912-2207|四川省成都市武侯区簇锦街道铁佛路41号锦城花园6栋*单元***", S2, "light", ["virtual number with a later date"], virtual="隐私号有效期至 2026-12-26", goods="四件套 1")
q("q03", "cloud130", "吴**|*******8826|安徽省合肥市蜀山区潜山路190号华邦世贸城12幢****", "赵*|!136****7719|浙江省杭州市余杭区良渚街道通运路55号****", "", goods="服饰", style="sans")
q("q04", "three180", "郑**|150******94|湖北省武汉市洪山区雄楚大道489号金地雄楚壹号7栋****", S5, "curl", ["name whole on the second ply only"], rn2="!郑海波", goods="女鞋")
q("q05", "shop", "何●●|133●●●●●●57|江西省赣州市章贡区红旗大道19号阳明家园2栋●●●●", "布丁小店|*******6052|江西省南昌市青山湖区洪城大市场针纺区", "slant", ["round stars"], goods="童袜 5双", style="sans")
q("q06", "freight", "!唐国庆|188******60|新疆库尔勒市交通东路汽配城**排**号", "永康恒锐五金厂|0579-******42|浙江省永康市经济开发区九州西路", "light", to="库尔勒", pieces="2/6 件", goods="铁架 6件 218kg")
q("q07", "freight", "西宁宏达装饰材料有限公司|400-119-3066|青海省西宁市城东区建材路26号", "佛山市科陶建材有限公司|400-661-8090|广东省佛山市禅城区南庄镇华夏陶瓷城", "tilt", ["company and its 400 number"], to="西宁", pieces="1/12 件", goods="瓷砖 12托 自提")
q("q08", "pick", "谢*|*******1175|山东省临沂市兰山区金雀山路65号开元上城9号楼****", S2, "", ["order number of eleven digits that begins with 1"], orderno="15820647713", goods="家居")
q("q09", "pick", "马**|153******48|陕西省西安市雁塔区小寨东路126号百隆广场B座****", S4, "shadow", remark="!单元门密码2580#，放门口鞋柜上", goods="食品")
q("q10", "returns", "锦禾家居退货组|400-820-7731|江苏省南通市通州区金沙街道世纪大道3号云仓退件区", "罗*|159******02|广西柳州市城中区文昌路31号东郡小区4栋****", "slant", goods="床笠", remark="七天无理由")
q("q11", "returns", "小满零食售后|*******4410|湖南省长沙市雨花区环保科技园云仓2号库", "许**|!13978204465|云南省昆明市盘龙区北京路延长线金色交响家园2栋****", "tilt", goods="坚果礼盒")
q("q12", "columns", "郭**|186******15|河南省洛阳市涧西区南昌路10号丹尼斯天悦16号楼****", S1, "crease", goods="收纳盒 2件", style="narrow")
q("q13", "columns", "孙*|*******3309|吉林省长春市朝阳区卫星路7989号中海国际社区21栋****", "钱**|135******77|!浙江省绍兴市柯桥区柯岩街道镜水路1066号3幢2单元602室", "light", goods="布料", style="sans")
q("q14", "grid", "蔡xx|137xxxxxx08|海南省海口市龙华区金垦路5号南方花园D栋xxxx", "杨x|180xxxxxx36|福建省石狮市灵秀镇服装城3期xxxx", "", ["small x for stars"], goods="T恤", style="sans")
q("q15", "grid", "韦**|182******41|!广西南宁市武鸣区双桥镇平福村5组12号", "梁*|131******90|广西南宁市江南区沙井街道壮锦大道****", "tilt", goods="化肥样品", style="serif")
q("q16", "samecity", "曾*|*******2664|广东省深圳市南山区科苑路15号 丰巢柜3号柜", "果然里水果店|*******7102|深圳市南山区科技园中区科苑路6号", "light", ["locker with a number"], goods="果切 2份")
q("q17", "samecity", "!王女士|139******55|上海市闵行区虹梅南路1660弄28号***", "花间集花艺|*******9018|上海市闵行区莲花南路1108号底商", "", goods="花束 1", style="sans", traps=["a title beside a surname hides nothing"])
q("q18", "cloud130", "丁**|155******83|辽宁省沈阳市铁西区建设中路9号万科城14号楼****", S3, "", ["masked in print, plain in the code"], qr="!NAME:丁晓雯;TEL:15526410783", goods="运动鞋", style="narrow")
q("q19", "slim", "冯**|18812047736|江苏省无锡市滨湖区蠡湖大道99号太湖国际社区5栋****", S3, "tilt", ["whole phone under an opaque tape"], cover="rp", goods="鞋")
q("q20", "two150", "!邓小娟|*******6127|重庆市渝北区龙溪街道金山路18号中央美地8栋****", S4, "light", ["felt pen through which a person reads"], felt="rn", goods="肉脯", style="bold")
q("q21", "three180", "董*|189******72|黑龙江省哈尔滨市南岗区学府路191号学府名居3栋****", S2, "slant", goods="被芯 1床", stamp=(66, 80, "已验视"))
q("q22", "shop", "石**|158******29|!山西省大同市平城区御河西路兰亭小区7号楼三单元五楼东户", "塞上杂粮铺|*******0871|山西省大同市云州区西坪镇", "", goods="小米 5斤", style="sans")
q("q23", "slim", "龙*|173******50|贵州省遵义市红花岗区海尔大道17号 邻里驿站(天安店)代收", S1, "curl", ["station"], goods="数据线")
q("q24", "pick", "江**|*******9431|江苏省徐州市云龙区和平路118号绿地商务城B3****", S2, "tilt", remark="!送到前请打给我妈 周玉珍 13805227164", goods="窗帘")
q("q25", "two150", "田**|132******68|天津市河西区解放南路473号创智东园2号楼9楼****", S5, "shadow", ["floor may show"], goods="连衣裙", style="sans")
q("q26", "cloud130", "潘**|!17059618824-4471|浙江省温州市瓯海区梧田街道月落垟街88号****", S1, "tilt", ["virtual number, its date before the printing"], virtual="虚拟号有效期至 2026-11-12", date="2026-11-27", goods="小家电")
q("q27", "two150", "徐*|*******1203|湖南省株洲市天元区黄河北路****", S4, "ruin", unreadable=True)
q("q28", "returns", "鹿鸣童装退换部|0573-******79|浙江省嘉兴市平湖市新仓镇童装产业园6号库", "叶*欣|*******5587|江苏省常州市武进区湖塘镇长虹路****", "exif", goods="童装 2件", remark="尺码偏小", traps=["turned by EXIF"])
q("q29", "grid", "金**|0453-******2|黑龙江省牡丹江市西安区西长安街****", "任*|021-******06|上海市嘉定区马陆镇丰功路****", "light", ["landlines that hide six"], goods="书籍", style="narrow")
q("q30", "freight", "侯*|!0371-6833****|河南省郑州市管城区南三环百荣世贸商城F区****", "常熟市织里服饰厂|0512-******18|江苏省常熟市招商城北路", "slant", to="郑州", goods="服装 3包", style="sans")
q("q31", "notice", "", "", "tilt", unreadable=True, kind="other")
q("q32", "slim", "汪*|[尾号 4096]|安徽省芜湖市镜湖区北京中路7号伟星时代金融中心****", S3, "", ["last four digits alone"], goods="拖鞋", style="sans")
q("q33", "two150", "魏**|176******14|内蒙古包头市昆都仑区钢铁大街73号阳光美第3号楼****", S2, "tape", ["phone whole on the second ply only"], rp2="!17648052614", goods="抱枕", style="sans")
q("q34", "samecity", "姚**|*******7740|北京市朝阳区望京街10号望京SOHO塔2****", "檐下手冲咖啡店|*******2235|北京市朝阳区阜通东大街6号底商", "hand", goods="拿铁 3杯", remark="放前台，谢谢")
q("q35", "columns", "卢*|134******82|云南省大理市下关街道泰安路19号洱海客栈前台代收", S4, "tilt", ["front desk"], goods="零食箱", style="narrow")
q("q36", "shop", "小****|*******6613|河北省石家庄市长安区中山东路508号东胜广场****", "囤***|*******8804|河北省辛集市皮革城南区****", "blur", ["nicknames with stars"], goods="皮带", style="sans")
q("q37", "three180", "范**|152******39|山东省青岛市市北区延吉路122号都市果岭11号楼****", "贺*|187******01|山东省即墨区服装市场二期****", "light", ["room on the second and third ply only"], sa2="!山东省即墨区服装市场二期4排2817室", goods="外套", style="sans")
q("q38", "cloud130", "欧阳*|130******47|湖南省衡阳市蒸湘区解放大道30号崇业商业广场****", S5, "noise", ["compound surname"], goods="毛衣", style="bold")
q("q39", "pick", "彭**|*******3358|福建省泉州市丰泽区津淮街188号美食街小区2号楼****", "仁泽大药房旗舰店|400-900-2217|福建省厦门市同安区洪塘镇云仓", "light", ["shelves that look like rooms", "goods of health"], items=[("2-501", "医用退热贴 6片装", "×2"), ("3-1203", "电子体温计", "×1"), ("1-302", "生理盐水 15ml", "×4")], goods="医疗器械")
q("q40", "cloud130", "贾*|*******1926|山西省太原市小店区长风街****", S1, "whiteout", unreadable=True)
q("q41", "two150", "夏**|*******8452|!江苏省苏州市姑苏区劳动路166号新康花园3-2-501", S5, "slant", goods="裤子", style="sans")
q("q42", "cloud130", "方**|151******23|湖北省宜昌市西陵区夷陵大道58号****", S3, "fade tilt", goods="板鞋", style="bold")
q("q43", "slim", "熊*|*******3071|江西省九江市浔阳区长虹大道****", "!白志刚|180******64|浙江省温岭市泽国镇丹崖工业区****", "fade", goods="水泵配件", style="bold")
q("q44", "freight", "兰州新区金石机械配件经营部 联系人 秦*|181******93|甘肃省兰州市七里河区西津西路建工机电城", "台州朗涛泵业有限公司|0576-******14|浙江省温岭市大溪镇大洋城工业区", "light", ["company and a masked person in one field"], to="兰 州", pieces="3/4 件", goods="水泵 4箱")
q("q45", "grid", "史**|*******2748|!广东省东莞市南城街道鸿福路200号第一国际A座1203", "高*|136******11|广东省东莞市虎门镇富民大道****", "tilt", goods="样衣", style="sans")
q("q46", "columns", "尹**,|*******6290|广东省佛山市顺德区容桂街道文海西路****", "万*,|*******0147|广东省中山市古镇镇新兴大道灯饰广场****", "curl", ["name and phone in one token"], one=True, goods="吸顶灯", style="sans", remark="轻放")
q("q47", "samecity", "薛*|*******5169|浙江省宁波市鄞州区钱湖北路688号南苑小区15幢***", "晨谷鲜奶吧|*******3340|宁波市鄞州区钱湖北路599号", "shadow", goods="鲜奶 1箱", pen=(34, 33, "!门禁0917"), traps=["door code in pen"])
q("q48", "shop", "买买提·*尔逊|199******70|新疆喀什市人民西路****", "丝路干果|*******4466|新疆若羌县楼兰路", "light", ["dotted name"], goods="红枣", style="sans")
q("q49", "two150", "余**|*******9905|江苏省盐城市亭湖区****", S2, "cut", unreadable=True, cutat=32.5, order="np/a", style="sans")
q("q50", "pick", "段*|*******7317|河北省唐山市路北区新华西道67号唐山百货****", S2, "", ["an order's URL in the code"], qr="!https://m.jinhe-home.example/order/detail?id=6931207745102&u=88412", goods="地垫", style="sans")
q("q51", "three180", "苏**|184******06|广西桂林市七星区漓江路28号****", S4, "tape", ["hot line of the carrier"], note="客服热线 959071  投诉 12305", goods="螺蛳粉", style="narrow")
q("q52", "returns", "!鞋邦仓 李建国收|*******8136|福建省晋江市池店镇百宏大道5号库", "毛**|157******35|四川省绵阳市涪城区临园路东段****", "light", goods="篮球鞋", traps=["a person beside a store"], style="sans")
q("q53", "slim", "雷**|*******4573|湖南省湘潭市岳塘区芙蓉路****", S4, "", ["two labels, both good"], second="q53b", goods="辣条")
q("q53b", "slim", "黎*|*******9126|湖南省娄底市娄星区乐坪大道****", S4, goods="豆干")
q("q54", "shop", "陶**|*******2281|安徽省蚌埠市龙子湖区东海大道****", "淮畔文具|*******6603|安徽省蚌埠市蚌山区光彩市场", "tilt", ["the neighbour's label is the bad one"], second="q54b", goods="本册", faults=["receiver address of the neighbour"], style="sans")
q("q54b", "shop", "康*|*******7719|!安徽省阜阳市颍州区清河东路翡翠花园6幢1801", "淮畔文具|*******6603|安徽省蚌埠市蚌山区光彩市场", goods="笔", style="sans")
q("q55", "grid", "邱**|+86 178******92|浙江省台州市椒江区市府大道****", "石*|+86 *******3025|浙江省台州市路桥区小商品城****", "crease", ["+86 before the phone"], goods="模具样品", style="narrow")
q("q56", "shop", "严**|*******5530|江苏省扬州市邗江区文汇西路****", "!顾秀兰|*******1948|江苏省扬州市广陵区曲江街道文昌中路", "light", goods="毛绒玩具", style="sans")
q("q57", "columns", "武**|*******6874|!湖北省武汉市江夏区文化大道海棠学院5栋312寝", S1, "slant", goods="台灯", style="sans")
q("q58", "cloud130", "**|***********|甘肃省天水市秦州区藉河北路****", S5, "jpeg", ["stars alone"], goods="针织衫", style="sans")
q("q59", "slim", "洪*|*******3382|福建省漳州市龙文区建元东路****", S3, "night", unreadable=True)
q("q60", "two150", "孟佳怡|*******0459|山东省烟台市芝罘区南大街166号****", S5, "dim light", ["whole name under an opaque sticker, on both plies"], cover="rn", goods="衬衫", style="sans", size=(2448, 3264))
