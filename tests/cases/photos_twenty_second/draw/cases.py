"""The sixty cases. A value that begins with ! shows more than it may; everyone and every place number in here is invented."""

CASES = {}
SIZES = ((1440, 1920), (1200, 1600), (1536, 2048), (1080, 1920), (1728, 2304), (1500, 2000), (1440, 1920))
PRE = ("YH", "SL", "QQ", "DK", "ML", "TL", "ZE", "84", "LQ0", "YX")


def case(id_, layout, style, lv, dist, bg, r, s, *, traps=(), faults=(), **more):
    c = {"id": id_, "layout": layout, "style": style, "lv": lv, "dist": dist, "bg": bg, "traps": list(traps), "faults": list(faults)}
    c |= dict(zip(("rn", "rp", "ra"), r, strict=True)) | dict(zip(("sn", "sp", "sa"), s, strict=True))
    n = int(id_[1:3]) + 70 * (len(id_) > 3)
    c["no"] = PRE[n % 10] + str(6_208_471_930_166 + n * 83_190_577)[:13]
    c["date"] = f"2026-10-{9 + n % 19:02}"
    c["route"] = ("735 B04 02", "K19-07-C", "028C 311", "M5-62 08", "E40 117-2", "0431-A9", "N22 6-15")[n % 7]
    c["hub"] = ("潍坊转运", "宝鸡集散", "钦州分拨", "延吉中心", "攀枝花站", "阜阳转运", "张掖集散", "龙岩分拨")[n % 8]
    c["tags"] = (("收", "寄"), ("收件人", "寄件人"), ("收件", "寄件"))[n % 3]
    c["dots"] = 12 if n % 4 == 1 else 8
    c["size"] = SIZES[n % 7]
    c["qr"] = c["no"] + "T" + str(n * 9203)
    c["goods"] = ("日用百货", "衣物 1件", "书籍", "小家电 1台", "零食 2袋", "鞋 1双", "厨具")[n % 7]
    CASES[id_] = c | more


# -- d01 to d15: ordinary light ------------------------------------------------------------------------
case("d01", "firefly", "sans", 1, "", "carton", ("罗*", "*******4417", "四川省宜宾市翠屏区南岸街道长江大道中段88号江畔名居9栋****"),
     ("巧手百货铺", "400-726-3318", "浙江省台州市路桥区路南街道腾达路216号"), traps=["organisation as sender", "400 number"])
case("d02", "bridge", "narrow", 1, "tilt", "tile", ("!贺文静", "135******82", "安徽省阜阳市颍州区清河街道颍河西路77号***"),
     ("尚*", "*******6029", "河南省周口市川汇区七一路街道中州大道31号***"), faults=["receiver name whole"])
case("d03", "ferry", "sans", 1, "", "steel", ("孔*", "*******2653", "山东省潍坊市奎文区东关街道胜利东街402医院北门值班岗亭"),
     ("潍城粥铺", "*******7710", "山东省潍坊市奎文区胜利东街399号1层"), traps=["hospital's number like a room", "floor shown", "order number like a phone"],
     goods="皮蛋粥 2份", extra=["订单号 13953607218"], tags=("收货人", "商家"))
case("d04", "wheat", "bold", 1, "", "foam", ("岑*", "*******8806", "广西壮族自治区钦州市钦南区向阳街道子材西大街17号***"),
     ("北部湾蚝业有限公司", "0777-******41", "广西壮族自治区钦州市钦南区龙门港镇码头路6号冷库2楼"), traps=["organisation as sender", "fixed line masked", "floor shown"], goods="鲜生蚝 3斤")
case("d05", "camel", "sans", 1, "tilt", "carton", ("崔**", "178******29", "吉林省延边朝鲜族自治州延吉市河南街道长白山东路1180号丹英花园6号楼3层****"),
     ("!金美善", "*******9513", "吉林省延边朝鲜族自治州图们市月宫街道友谊街9号***"), faults=["sender name whole on both plies"], traps=["floor shown"])
case("d06", "fold", "sans", 1, "", "bag", ("马**", "*******3372", "甘肃省张掖市甘州区火车站街道二零七厂家属区5号楼****"),
     ("祁*", "153******60", "甘肃省酒泉市肃州区新城街道盘旋东路44号***"), traps=["white on black", "factory's number like a room"])
case("d07", "cape", "sans", 1, "tilt", "desk", ("Emma L***", "+852 ******67", "香港新界沙田区禾香路23号松韵阁A座"),
     ("岭南陶艺社", "0757-******38", "广东省佛山市禅城区石湾镇街道陶源路9号"), traps=["Latin name masked", "Hong Kong phone", "organisation as sender"], goods="陶瓷摆件 Ceramic")
case("d08", "slate", "serif", 1, "", "kraft", ("潘**", "139******04", "!贵州省黔东南苗族侗族自治州榕江县栽麻镇宰荡村3组26号"),
     ("吴*", "*******5521", "贵州省黔东南苗族侗族自治州凯里市西门街道韶山南路10号***"), faults=["village household shown"], post="557200")
case("d09", "anvil", "bold", 1, "", "steel", ("云海石材加工厂 李**", "*******6648", "福建省南安市水头镇滨海大道G324国道2203公里处"),
     ("龙岩机械配件总汇", "0597-******03", "福建省龙岩市新罗区西陂街道龙岩大道188号"), traps=["organisation with masked contact", "road kilometre like a room", "fixed line masked"], goods="切割刀片 4箱")
case("d10", "papaya", "bold", 1, "tilt", "bag", ("卫*", "*******1190", "山西省临汾市尧都区解放东路54号木瓜团自提点(红梅便利店)"),
     ("木瓜团临汾仓", "400-817-2260", "山西省临汾市尧都区乔李镇仓储路3号B库"), traps=["collection point shown", "shelf code like a room"], route="3-2 501", goods="红富士苹果5斤×1 鲜鸡蛋30枚×1")
case("d11", "echo", "narrow", 1, "", "carton", ("素野女装退货仓", "400-690-5172", "浙江省嘉兴市平湖市新仓镇服装城路20号3号库"),
     ("!汤女士", "187******36", "湖南省郴州市北湖区人民路街道国庆北路15号***"), faults=["title for a given name"], traps=["organisation as receiver", "400 number"], remark="颜色与图不符", tags=("收货方", "退货人"))
case("d12", "gingko", "sans", 1, "", "desk", ("顾*", "138******15", "江苏省镇江市京口区正东路街道学府路61号***"),
     ("镇江公证处", "0511-******9", "江苏省镇江市润州区七里甸街道冠城路8号2楼"), traps=["filled in by pen", "organisation as sender", "floor shown"], goods="文件", tags=("收件人", "寄件人"))
case("d13", "nightboat", "sans", 1, "", "blackbag", ("佟*", "!158****7735", "辽宁省抚顺市顺城区新华街道临江路26号***"),
     ("富*", "*******2081", "辽宁省本溪市平山区东明街道解放南路5号***"), faults=["phone hides four"], traps=["small type"])
case("d14", "pomegranate", "narrow", 1, "tilt", "sheet", ("哈**", "150******93", "新疆维吾尔自治区伊犁哈萨克自治州伊宁市解放路街道新华西路202号3号楼****"),
     ("天山干果行", "0999-******2", "新疆维吾尔自治区伊犁哈萨克自治州伊宁市斯大林街55号"), traps=["organisation as sender", "fixed line masked"], goods="薄皮核桃 2kg")
case("d15", "firefly", "bold", 1, "", "tile", ("黎*", "*******7042", "!海南省海口市龙华区金贸街道国贸路48号新达商厦B座1907"),
     ("谢**", "131******58", "广东省湛江市霞山区解放街道人民大道南12号***"), faults=["receiver office shown"])
# -- d16 to d30 ----------------------------------------------------------------------------------------
case("d16", "bridge", "sans", 1, "", "carton", ("上官*", "19853071146 转 3308\n有效期至 2026-12-31", "河北省沧州市运河区西环街道解放西路29号***"),
     ("庄*", "*******9427", "河北省沧州市肃宁县尚村镇皮毛市场路2号***"), traps=["virtual number with date and extension", "compound surname"])
case("d17", "camel", "narrow", 1, "", "floor", ("薛*", "!19853071150 转 4417\n有效期至 2026-10-05", "河北省邢台市襄都区北大街街道开元北路71号***"),
     ("鲍*", "*******3364", "河北省邢台市清河县葛仙庄镇羊绒路15号***"), faults=["virtual number past its date"], traps=["virtual number"])
case("d18", "ferry", "bold", 1, "tilt", "steel", ("!小橘子不加糖", "*******5815", "重庆市沙坪坝区小龙坎街道渝碚路128号***"),
     ("鲜果时光(小龙坎店)", "*******4402", "重庆市沙坪坝区渝碚路130号1层"), faults=["nickname whole"], tags=("收货人", "商家"), goods="杨枝甘露 1杯", remark="少冰，放门口桌上")
case("d19", "fold", "narrow", 1, "", "jeans", ("毕*", "152******47", "云南省玉溪市红塔区玉兴街道五一路单元桥巷7号****"),
     ("段*", "*******8116", "云南省大理白族自治州祥云县祥城镇龙翔路40号***"), traps=["white on black", "street name with the word unit"])
case("d20", "echo", "sans", 1, "tilt", "carton", ("山音耳机售后部", "0769-******", "广东省东莞市长安镇振安中路99号2号楼4楼"),
     ("戚*", "*******6235", "!江西省上饶市信州区水南街道凤凰中大道302号5舍312"), faults=["sender dormitory room shown"], remark="左耳无声", tags=("退至", "退件人"))
case("d21", "papaya", "narrow", 1, "", "kraft", ("柴**", "1*********8", "河南省焦作市解放区新华街道民主路39号丰巢柜(12号柜组)"),
     ("木瓜团焦作仓", "400-817-2260", "河南省焦作市中站区朱村街道经三路8号"), traps=["locker shown", "shelf code like a room"], route="B7 1602", goods="小米5斤×2 山药3斤×1")
case("d22", "wheat", "sans", 1, "tilt", "foam", ("盛*", "*******4790", "江苏省盐城市亭湖区五星街道解放南路155号***"),
     ("陆*", "!0515-88***274", "江苏省盐城市大丰区大中街道人民南路20号"), faults=["fixed line hides three"], traps=["fixed line"], goods="醉蟹 6只")
case("d23", "slate", "serifbold", 1, "", "grass", ("卓玛**", "*******2938", "四川省甘孜藏族自治州理塘县甲洼镇江达村二社**"),
     ("扎西**", "189******71", "四川省甘孜藏族自治州康定市炉城街道西大街6号***"), traps=["ethnic name", "village group without household"], post="627550", goods="松茸干 1袋")
case("d24", "anvil", "narrow", 1, "", "carton", ("宏川五金批发部", "*******7706", "湖北省襄阳市樊城区汉江街道大庆西路66号"),
     ("佘*", "133******20", "!湖北省十堰市张湾区红卫街道车城西路五金城二区8排43号摊位"), faults=["sender stall shown"], traps=["organisation as receiver"], goods="合页 300副")
case("d25", "nightboat", "bold", 1, "tilt", "bag", ("纪*", "176******08", "天津市东丽区万新街道程林路1号院27号楼****"),
     ("闫*", "*******5542", "天津市静海区大邱庄镇黄海路8号***"), traps=["courtyard number", "small type"], goods="机油 15W-40 4L")
case("d26", "pomegranate", "sans", 1, "", "sheet", ("甄*", "*******9084", "广东省江门市新会区会城街道同德二路10号***"),
     ("冼*", "137******45", "广东省江门市恩平市恩城街道新平北路3号***"), faults=["phone in Chinese numerals in the remark"], remark="!到了打一三六零七五零二八一九")
case("d27", "gingko", "sans", 1, "tilt", "tile", ("!宋佳怡", "!18636102574", "山西省运城市盐湖区中城街道河东东街58号***"),
     ("运城职校教务处", "0359-******8", "山西省运城市盐湖区南城街道学苑路1155号"), faults=["receiver name whole in pen", "receiver phone whole in pen"], traps=["filled in by pen"], goods="证书", tags=("收件人", "寄件人"))
case("d28", "cape", "bold", 1, "", "desk", ("瑞和医疗器械（大连）有限公司", "*******3120", "辽宁省大连市金州区马桥子街道辽河西路7号"),
     ("Hans M*****", "+49 *********31", "Bremen, Germany, Weserallee 14"), traps=["organisation as receiver", "Latin name masked", "foreign phone"], goods="样品 Samples")
case("d29", "firefly", "narrow", 1, "", "carton", ("应*", "158xxxxxx73", "浙江省丽水市莲都区紫金街道丽阳街417号xxxx"),
     ("舒X", "xxxxxxx6618", "浙江省金华市永康市古山镇胡库路30号xxx"), traps=["x for a star"])
case("d30", "bridge", "bold", 1, "", "floor", ("池*", "!136 5091 8824", "福建省宁德市蕉城区蕉南街道闽东中路18号***"),
     ("畲乡茶厂", "0593-******6", "福建省宁德市福安市社口镇茶叶路1号"), faults=["receiver phone whole with spaces"], traps=["organisation as sender"], goods="白茶 1饼")
# -- d31 to d45: folds, film, curves, weak light --------------------------------------------------------
case("d31", "camel", "bold", 2, "curve film", "bag", ("洪**", "*******5067", "江西省抚州市临川区青云街道赣东大道1022号阳光一期12幢***"),
     ("甘*", "155******39", "江西省宜春市樟树市福城街道药都南大道21号***"), traps=["phase of an estate", "goods of health"], goods="胰岛素针头 1盒")
case("d32", "fold", "sans", 2, "tilt crease", "carton", ("冉*", "!166***20741", "湖北省恩施土家族苗族自治州恩施市舞阳坝街道航空路33号***"),
     ("覃*", "*******8253", "湖北省宜昌市长阳土家族自治县龙舟坪镇清江路4号***"), faults=["phone shows eight with three stars"], traps=["white on black"])
case("d33", "ferry", "narrow", 2, "fold shadow", "steel", ("滕*", "****6631", "江苏省宿迁市宿城区幸福街道幸福中路76号***"),
     ("阿水修脚服工坊", "*******0091", "江苏省宿迁市宿城区黄河南路12号1层"), faults=["door code in the remark"], remark="!单元门密码2580#，直接上楼", tags=("收货人", "商家"), goods="家居服 1套")
case("d34", "wheat", "narrow", 2, "persp green", "foam", ("苗*", "182******65", "山东省日照市东港区石臼街道黄海一路53号海曲家园2号楼****"),
     ("石臼渔港海鲜行", "0633-******5", "山东省日照市东港区石臼街道渔港路19号冷库A区2号门"), traps=["cold store's gate", "fixed line masked"], goods="扇贝 2kg", remark="发货前换冰袋 货位B-12-03")
case("d35", "pomegranate", "bold", 2, "curve", "sheet", ("翁*", "*******1746", "福建省漳州市龙文区蓝田镇水仙大街88号***"),
     ("游**", "177******02", "福建省漳州市平和县小溪镇东大街9号***"), faults=["room in the remark"], remark="!放到6栋602门口鞋柜上")
case("d36", "slate", "serif", 2, "curve warm", "kraft", ("石**", "*******3904", "湖南省湘西土家族苗族自治州花垣县边城镇磨老村**号"),
     ("麻*", "130******88", "湖南省湘西土家族苗族自治州吉首市峒河街道团结路2号***"), traps=["household hidden"], post="416400", goods="腊肉 5斤")
case("d37", "nightboat", "narrow", 2, "tilt jpeg", "blackbag", ("丛*", "*******7389", "!山东省威海市环翠区竹岛街道文化中路70号2单元***"),
     ("曲*", "186******14", "山东省威海市荣成市崖头街道成山大道9号***"), faults=["unit shown, room hidden"], traps=["small type"])
case("d38", "echo", "bold", 2, "persp shadow", "tile", ("拾光童装客服退货", "400-522-9047", "浙江省湖州市吴兴区织里镇童装路500号5号楼1楼"),
     ("焦*", "*******2201", "陕西省宝鸡市渭滨区金陵街道经二路148号***"), traps=["organisation as receiver", "order number like a phone", "size and sale words in the reason"],
     remark="7天无理由，110码偏小，换130码2件", extra=["退款编号 15291774062", "原单 SL6208471930999"], tags=("收货方", "退货人"))
case("d39", "firefly", "serifbold", 2, "curve film", "bag", ("艾*", "134******57", "!内蒙古自治区赤峰市红山区铁南街道钢铁街12号四单元三楼西户"),
     ("乌*", "*******4836", "内蒙古自治区通辽市科尔沁区明仁街道霍林河大街5号***"), faults=["receiver unit and household in Chinese numerals"], traps=["Chinese numerals"])
case("d40", "bridge", "mono", 2, "dark", "floor", ("娄*", "*******6125", "河南省驻马店市驿城区老街街道解放路207号***"),
     ("郜*", "139***70", "河南省驻马店市平舆县古槐街道皮革路13号***"), traps=["dim light", "phone with too few stars that shows five"])
case("d41", "papaya", "sans", 2, "curve flash", "bag", ("靳*", "*******8590", "陕西省汉中市汉台区北关街道兴汉路28号菜鸟驿站(兴汉店)"),
     ("木瓜团汉中仓", "400-817-2260", "陕西省汉中市汉台区铺镇物流路1号"), faults=["name in the remark"], traps=["station shown"], remark="!交给收银台周若岚", goods="柑橘8斤×1")
case("d42", "anvil", "sans", 2, "persp grille", "carton", ("方舟健身器材经营部", "138******64", "贵州省遵义市汇川区高桥街道深圳路302号1-3层"),
     ("跃力体育用品厂 万*", "*******5570", "山东省德州市宁津县宁城街道中心大街211号"), traps=["floors shown", "organisation with masked contact", "house number like a room"], goods="跑步机 型号SN-1350-2288")
case("d43", "cape", "narrow", 2, "fold", "desk", ("!Olivia Bennett", "*******3017", "上海市长宁区新泾镇街道天山西路1500号***"),
     ("骆驼湾户外用品店", "400-733-8105", "浙江省金华市武义县壶山街道北岭路6号"), faults=["Latin name whole"], traps=["Latin name", "organisation as sender"], goods="帐篷 TENT")
case("d44", "camel", "sans", 2, "tilt blur", "carton", ("申屠*", "*******4028", "浙江省杭州市桐庐县桐君街道春江路590号山水苑7幢****"),
     ("裘**", "159******61", "浙江省绍兴市嵊州市鹿山街道官河路8号***"), faults=["second ply shows the phone"], traps=["compound surname"], rp2="!13588024028")
case("d45", "gingko", "sans", 2, "tilt cold", "desk", ("农*", "136******92", "广西壮族自治区百色市右江区百城街道中山一路25号***"),
     ("韦*", "*******3347", "广西壮族自治区河池市宜州区庆远镇城中中路7号***"), traps=["filled in by pen"], goods="合同 2份", pen_ink=(20, 20, 24))
# -- d46 to d60 ----------------------------------------------------------------------------------------
case("d46", "pomegranate", "narrowbold", 2, "wave haze", "bag", ("康●", "●●●●●●●5129", "黑龙江省佳木斯市前进区学府街道中山街66号●●●"),
     ("谷●●", "131●●●●●●83", "黑龙江省鸡西市鸡冠区向阳街道中心大街10号●●●"), traps=["round masks", "greasy lens"])
case("d47", "wheat", "sans", 2, "curve film", "foam", ("褚*", "*******6474", "安徽省宣城市宣州区西林街道鳌峰中路41号***"),
     ("宣木瓜果脯厂", "0563-******7", "安徽省宣城市宣州区水阳镇街道路3号"), faults=["code holds the person"], traps=["fixed line masked"], qr="!{\"name\":\"褚明轩\",\"tel\":\"15256316474\",\"addr\":\"鳌峰中路41号3-602\"}", goods="果脯 4罐")
case("d48", "fold", "bold", 3, "tilt persp noise", "jeans", ("乔*", "*******2765", "青海省西宁市城西区西关大街街道五四西路82号***"),
     ("才**", "147******50", "青海省海南藏族自治州共和县恰卜恰镇绿洲北路5号***"), traps=["white on black", "road named after a date"])
case("d49", "bridge", "sans", 2, "crease faint", "carton", ("湛*", "*******9917", "湖南省益阳市赫山区桃花仑街道桃花仑西路620号***"),
     ("薄*", "188******27", "湖南省娄底市涟源市蓝田街道人民中路16号***"), traps=["weak print", "goods named after a person"], goods="《李小满的夏天》绘本 3册")
case("d50", "firefly", "sans", 3, "curve crease jpeg", "bag", ("初*", "158******06", "!吉林省通化市东昌区民主街道新华大街801号3-2-501"),
     ("栾*", "*******4681", "吉林省白山市浑江区红旗街道浑江大街77号***"), faults=["receiver unit and room compact"])
case("d51", "slate", "serifbold", 2, "wave shadow", "grass", ("普*", "*******5036", "云南省红河哈尼族彝族自治州元阳县新街镇土锅寨村5组***"),
     ("李**", "151******29", "云南省红河哈尼族彝族自治州建水县临安镇建水大道18号***"), traps=["village group without household", "pick-up code in pen"], post="662400", pen="6-2-1107", pen_h=5, goods="红米 10斤")
case("d52", "nightboat", "sans", 3, "curve blur", "blackbag", ("隆*", "*******1853", "四川省南充市高坪区清溪街道鹤鸣路2号***"),
     ("甫*", "135******66", "四川省遂宁市船山区南津路街道遂州中路300号***"), traps=["small type", "virtual-looking order number"], extra=["平台单 19853071146"])
case("d53", "camel", "narrow", 2, "persp finger", "tile", ("茅*", "137******40", "江苏省南通市如皋市如城街道福寿路219号8幢****"),
     ("冒**", "*******7298", "江苏省南通市海安市海安街道宁海中路5号***"), faults=["receiver name whole in the signature"], sign="!茅建平", pen_h=5)
case("d54", "echo", "narrow", 2, "tilt flash", "carton", ("沐晨家纺退换货", "0513-******", "江苏省南通市通州区川姜镇家纺城路30号6号库"),
     ("涂*", "*******5590", "江西省九江市修水县义宁镇良塘路9号***"), traps=["organisation as receiver", "privacy strip over a phone"], tags=("退至", "退件人"), remark="起球")
CASES["d54"] |= {"sp": "15970260041", "cover": [("sp", 0.27, 0.825, (250, 250, 246))]}
case("d55", "papaya", "bold", 3, "curve persp", "bag", ("夏*", "*******3468", "西藏自治区日喀则市桑珠孜区城北街道珠峰路20号木瓜团自提点"),
     ("木瓜团日喀则仓", "400-817-2260", "西藏自治区日喀则市桑珠孜区江当乡产业园2号"), traps=["collection point shown"], goods="青稞粉2斤×1")
# unreadable
case("d56", "pomegranate", "sans", 2, "blurout", "sheet", ("殷*", "*******2519", "江苏省连云港市海州区新东街道苍梧路31号***"),
     ("宿*", "133******07", "山东省临沂市郯城县郯城街道人民路28号***"), unreadable=True)
case("d57", "fold", "sans", 2, "glareout", "bag", ("敖*", "*******8042", "江西省赣州市南康区蓉江街道东山北路15号***"),
     ("习*", "158******31", "江西省新余市渝水区城南街道劳动南路8号***"), unreadable=True)
case("d58", "bridge", "bold", 1, "cut", "carton", ("沙*", "*******6337", "宁夏回族自治区吴忠市利通区胜利镇街道裕民西街40号***"),
     ("纳*", "189******55", "宁夏回族自治区石嘴山市大武口区朝阳街道朝阳西街11号***"), unreadable=True)
case("d59", "carton", "sans", 1, "tilt", "tile", (None, None, None), (None, None, None), heading="皂角香皂 净含量108g×4", unreadable=True, kind="other", traps=["no label"],
     extra=["成分：皂基、水、甘油、皂荚提取物、氯化钠", "使用方法：湿手后揉搓起泡，再以清水冲净。", "生产企业：皖江日化厂  地址：安徽省芜湖市鸠江区清水街道徽州路5号", "服务热线：400-668-1093", "限期使用日期：见包装封口"])
case("d60", "nightboat", "bold", 2, "darkout", "blackbag", ("车*", "*******9620", "黑龙江省绥化市北林区爱路街道康庄路3号***"),
     ("暴*", "151******48", "黑龙江省黑河市北安市兆麟街道交通路12号***"), unreadable=True)

# -- second labels, hands and odd things ---------------------------------------------------------------
case("d48n", "slate", "serif", 1, "", "carton", ("拉**", "*******6170", "青海省玉树藏族自治州称多县歇武镇牧业村一社**"),
     ("韩*", "132******25", "青海省海东市循化撒拉族自治县积石镇波浪滩路8号***"), post="815100")
CASES["d51"]["pen_at"] = (24, 92)
CASES["d01"] |= {"remark": "请勿电话，放快递架"}
CASES["d16"] |= {"goods": "毛领 2条"}
CASES["d14"] |= {"stamp": "易碎"}
CASES["d45"] |= {"stamp": "已验视"}
CASES["d42"] |= {"remark": "带尾板车卸货，周一至周六8:30-17:30"}
CASES["d21"] |= {"dots": 12}
CASES["d48"] |= {"second": "d48n", "second_at": (74, 62, 0.14), "off": (-6, -8), "fill": 0.74}
CASES["d48"]["traps"].append("a neighbour's label partly in view")
CASES["d25"]["dist"] += " exif6"
CASES["d35"]["dist"] += " turn90"
CASES["d09"]["dist"] += " finger"
CASES["d34"]["dist"] += " vignette"
CASES["d43"]["dist"] += " sharp"
CASES["d41"]["dist"] += " pale"
CASES["d13"]["size"] = (1728, 2304)
CASES["d52"]["size"] = (1728, 2304)
CASES["d37"]["size"] = (1728, 2304)
CASES["d50"]["size"] = (1536, 2048)
