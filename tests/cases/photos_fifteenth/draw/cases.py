"""The sixty cases. A value that begins with ! shows more than it may; everyone in here is invented."""

CASES = {}
SINGLE, JIAN, REN, FANG = ("收", "寄"), ("收件", "寄件"), ("收件人", "寄件人"), ("收货方", "发货方")


def case(id_, layout, style, lv, dist, bg, r, s, *, traps=(), faults=(), **more):
    c = {"id": id_, "layout": layout, "style": style, "lv": lv, "dist": dist, "bg": bg, "traps": list(traps), "faults": list(faults)}
    c |= dict(zip(("rn", "rp", "ra"), r, strict=True)) | dict(zip(("sn", "sp", "sa"), s, strict=True))
    n = int(id_[1:3]) + 60 * (len(id_) > 3)
    c["no"] = ("QY", "HM6", "8802", "LA", "NB0", "51", "SJ")[n % 7] + str(3_207_718_460_093 + n * 11_393_807)[:13]
    c["date"] = f"2026-11-{19 + n % 9}"
    c["route"] = ("733-C21 06", "B07-118", "280 D5-02", "K-16-44", "415A 09", "M33-7")[n % 6]
    c["hub"] = ("嘉兴转运", "长沙东集", "沈阳分拨", "南宁中心", "郑州航港", "佛山西集")[n % 6]
    c["tags"] = (SINGLE, JIAN, REN)[n % 3] if layout not in ("lutai",) else SINGLE
    c["dots"] = 12 if n % 3 == 1 else 8
    c["qr"] = c["no"] + "T" + str(n * 90_173)
    c["goods"] = ("连衣裙 1件", "收纳箱 2个", "坚果礼盒 1盒", "洗衣液 3瓶", "运动鞋 1双", "厨房纸 6卷", "T恤 2件")[n % 7]
    CASES[id_] = c | more


YUNCANG = ("栗子家居旗舰店", "400-618-3370", "浙江省嘉兴市秀洲区洪合镇建北路66号3号库")

case("u01", "qiyun", "sans", 1, "tilt", "carton", ("韦*", "186******47", "广西壮族自治区柳州市城中区静兰街道学院路27号桂景湾9栋****"),
     YUNCANG, traps=["organisation as sender", "400 number", "warehouse hall shown"])
case("u02", "lanan", "sans", 1, "", "bag", ("!郭晓彤", "*******6624", "辽宁省沈阳市铁西区启工街道建设中路53号***"),
     ("初棉内衣专营", "400-709-5518", "辽宁省沈阳市沈北新区道义街道蒲昌路18号2号库"), faults=["receiver name whole"], traps=["organisation as sender"])
case("u03", "hemu", "bold", 1, "", "carton", ("易*", "*******3108", "湖南省长沙市雨花区圭塘街道万家丽中路二段218号美林苑4栋****"),
     ("湘味斋食品有限公司", "0731-******26", "湖南省长沙市长沙县榔梨街道东升路9号5号库"), traps=["fixed line masked", "organisation as sender"], goods="酱板鸭 2袋")
case("u04", "muzhou", "sans", 1, "tilt", "carton", ("任**", "!158****7392", "河南省新乡市牧野区东干道街道宏力大道311号***"),
     ("柒格服饰", "400-636-1180", "河南省郑州市管城回族区南曹街道文治路5号B2库"), faults=["phone hides four"])
case("u05", "siji", "sans", 1, "", "desk", ("龚*", "139******05", "江西省赣州市章贡区水南街道兴国路45号翠微花园12栋****"),
     ("柏舍收纳", "400-618-2295", "广东省佛山市南海区狮山镇科韵北路3号6号仓"), traps=["organisation as sender", "building shown"], goods="抽屉柜 1个")
case("u06", "qiyun", "narrow", 1, "shadow", "carton", ("莫*", "*******2851", "!云南省昆明市五华区莲华街道学府路296号云岭小区7幢2单元1103室"),
     ("滇山菌行", "400-660-8127", "云南省昆明市官渡区大板桥街道浑水塘路2号1号库"), faults=["receiver unit and room shown"], goods="干菌子 2袋")
case("u07", "sanye", "sans", 1, "", "bag", ("廖*", "177******90", "四川省绵阳市涪城区城北街道剑门路西段12号丰源里智能柜3号柜"),
     ("牧野童装", "*******5133", "浙江省湖州市吴兴区织里镇珍贝路88号***"), traps=["locker shown", "shelf code like a room"], route="3-2-0816", hub="丰源里")
case("u08", "nanbo", "sans", 1, "", "foam", ("鲁**", "188******63", "山东省临沂市兰山区柳青街道北京路29号***"),
     ("蒙山牧场食品厂", "0539-******7", "山东省临沂市费县探沂镇和谐路1号冷库2号厅"), traps=["fixed line masked", "organisation as sender"], goods="羊排 4斤 水饺 3袋")
case("u09", "fancheng", "sans", 1, "tilt", "desk", ("栗子家居退货组", "400-618-3370", "浙江省嘉兴市秀洲区洪合镇建北路66号1号库退货口"),
     ("!尤佳宁", "!15924870316", "上海市宝山区大场镇锦秋路809弄***"), faults=["sender name whole", "sender phone whole"], traps=["organisation as receiver"],
     remark="颜色不喜欢", goods="桌布 1条", tags=("退至", "退件人"))
case("u10", "fancheng", "bold", 1, "", "carton", ("初棉售后仓", "******", "辽宁省沈阳市沈北新区道义街道蒲昌路18号2号库退货区"),
     ("柴*", "*******0472", "吉林省吉林市昌邑区哈达湾街道珲春北街60号***"), traps=["organisation as receiver", "warehouse hall shown"], remark="尺码小了", goods="睡衣 1套", tags=("收", "寄"))
case("u11", "lutai", "sans", 1, "tilt", "carton", ("施**", "131******28", "福建省厦门市集美区杏林街道杏前路177号海悦花苑5号楼****"),
     ("燕尾服饰旗舰店", "400-811-7263", "福建省泉州市石狮市灵秀镇创业路31号C座2楼"), traps=["floor shown", "packing list"], goods="2件")
case("u12", "hemu", "sans", 1, "", "bag", ("温*", "!18402256713-3391\n有效期至2026-11-12", "天津市北辰区瑞景街道龙洲道28号***"),
     ("小鲸日化", "400-652-9904", "天津市武清区下朱庄街道广贤路7号4号库"), faults=["virtual number expired before printing"], traps=["virtual number"], tags=JIAN)
case("u13", "muzhou", "bold", 2, "ruin", "carton", ("葛**", "150******33", "安徽省芜湖市镜湖区赭山街道九华中路102号***"),
     ("谷仓零食", "400-733-0081", "安徽省芜湖市鸠江区湾里街道万春东路6号2号库"), unreadable=True)
case("u14", "qingchuan", "sans", 1, "", "carton", ("阎*", "*******4416", "山西省大同市平城区新建南路街道迎宾街19号恒安里3号楼****"),
     ("柔选纸品", "400-672-1593", "河北省保定市满城区满城镇通济路2号8号库"), traps=["organisation as sender"])
case("u15", "hemu", "narrow", 1, "tilt", "desk", ("武*", "155******82", "内蒙古自治区包头市青山区科学路街道呼得木林大街30号***"),
     ("草原驼奶商行", "0472-******3", "内蒙古自治区包头市九原区沙河街道建华路4号1号库"), faults=["second ply name and phone whole"], rn2="!武丽娜", rp2="!15548201782", goods="奶片 5罐", tags=JIAN)
case("u16", "nanbo", "bold", 1, "tilt", "belt", ("毛*", "1******9925", "浙江省宁波市北仑区新碶街道明州路301号长江国际3幢****"),
     ("东海渔港旗舰店", "400-702-6636", "浙江省舟山市定海区干览镇兴港路8号冷库B区"), traps=["organisation as sender", "mask from the second digit"], goods="带鱼段 3袋 虾仁 1袋", remark="到货电联，谢谢")
case("u17", "siji", "bold", 1, "", "carton", ("岳*", "*******1057", "陕西省宝鸡市渭滨区经二路街道火炬路15号***"),
     ("!付春梅", "134******71", "陕西省咸阳市兴平市西城街道槐巷路20号***"), faults=["sender name whole"], goods="辣椒面 2袋")
case("u18", "qiyun", "bold", 1, "", "bag", ("华**", "*******8860", "江苏省扬州市邗江区蒋王街道兴城西路88号来鹤台B区17幢****"),
     ("净屿清洁用品", "400-680-4521", "江苏省扬州市江都区仙女镇舜天路12号2号库"), traps=["block letter shown"], goods="拖把 1套")
case("u19", "lanan", "bold", 1, "tilt", "carton", ("!爱吃桃子的猫", "*******7740", "湖北省宜昌市西陵区学院街道珍珠路61号***"),
     ("云朵软糖铺", "400-625-7018", "湖北省武汉市东西湖区走马岭街道革新大道77号9号库"), faults=["nickname whole"], goods="软糖 6包")
case("u20", "muzhou", "sans", 1, "", "carton", ("庄*", "18402256788-5107\n有效期至2026-12-20", "广东省汕头市龙湖区金霞街道长平路96号金涛庄东区14栋****"),
     ("潮记茶具", "400-621-3378", "广东省潮州市潮安区古巷镇枫洋路5号1号库"), traps=["virtual number with date and extension"], goods="盖碗 1套")
case("u21", "siji", "sans", 1, "tilt shadow", "desk", ("翁*", "*******6039", "!上海市长宁区新华路街道延安西路1088号长峰中心大厦B座1706室"),
     YUNCANG, faults=["receiver office shown"], goods="桌面收纳 2个")
case("u22", "lutai", "narrow", 1, "", "carton", ("聂*", "183******16", "江西省九江市浔阳区白水湖街道浔阳东路88号***"),
     ("谷仓零食", "400-733-0081", "安徽省芜湖市鸠江区湾里街道万春东路6号2号库"), traps=["packing list"], goods="5件",
     rows=(("F-02-11", "每日坚果 25g", "3"), ("F-04-05", "海苔脆 40g", "1"), ("F-09-01", "山楂条 200g", "1")))
case("u23", "qingchuan", "bold", 1, "", "bag", ("安*", "*******5528", "甘肃省兰州市七里河区西湖街道西津东路540号***"),
     ("陇上百合行", "400-669-7302", "甘肃省兰州市七里河区西果园镇柴家河路1号库"), faults=["phone in the remark"], remark="!联系不上请打18693104457", goods="鲜百合 2袋")
case("u24", "hemu", "sans", 1, "curve", "carton", ("迪丽**·阿不都", "*******3375", "新疆维吾尔自治区伊犁哈萨克自治州伊宁市解放路街道斯大林街50号***"),
     ("伊香果业", "0999-******8", "新疆维吾尔自治区伊犁哈萨克自治州霍城县清水河镇上海路3号1号库"), traps=["dotted name", "fixed line masked"], goods="葡萄干 3袋", tags=JIAN)
case("u25", "lanan", "sans", 1, "cut", "carton", ("倪*", "*******4482", "河北省唐山市路北区机场路街道北新西道95号凤凰新居201楼****"),
     ("柏舍收纳", "400-618-2295", "广东省佛山市南海区狮山镇科韵北路3号6号仓"), unreadable=True)
case("u26", "yanyang", "sans", 1, "", "floor", ("卜**", "137******58", "湖北省襄阳市樊城区汉江街道长虹路39号***"),
     ("橡木匠家具有限公司", "400-606-2741", "江西省赣州市南康区龙岭镇家具大道9号1号库"), traps=["organisation as sender"], goods="餐椅 4把", tags=FANG)
case("u27", "baiguan", "sans", 1, "tilt", "carton", ("兰*", "*******9184", "!浙江省金华市义乌市福田街道国际商贸城三区2楼7街26814号商位"),
     ("四季春饰品云仓", "400-615-8890", "浙江省金华市义乌市稠江街道杨村路18号2号库"), faults=["receiver stall shown"], goods="发饰 200件")
case("u28", "qiyun", "wide", 1, "tilt", "kraft", ("应*", "182******74", "浙江省衢州市龙游县东华街道太平东路7号***"),
     ("龙丘纸业", "0570-******1", "浙江省衢州市龙游县模环乡开发大道31号3号库"), traps=["fixed line masked"], goods="抽纸 1箱")
case("u29", "muzhou", "narrowbold", 1, "", "bag", ("佟*", "*******2269", "!黑龙江省大庆市萨尔图区东风街道纬二路万达园6-3-802"),
     ("燕尾服饰旗舰店", "400-811-7263", "福建省泉州市石狮市灵秀镇创业路31号C座2楼"), faults=["compact building-unit-room"], goods="羽绒服 1件")
case("u30", "banjiu", "sans", 1, "", "desk", ("时*", "*******1206", "重庆市江北区观音桥街道建新北路38号1栋****"),
     ("斑鸠云仓前置仓(建新店)", "400-677-1029", "重庆市江北区观音桥街道建新东路9号1层"), traps=["order number like a phone", "organisation as sender", "floor shown"],
     extra=["订单 13896450217", "取货码 6603"], goods="纯牛奶 1箱 吐司 2袋", tags=("送至", "取自"))
case("u31", "lanan", "narrow", 1, "tilt", "carton", ("包*", "!17385206914", "贵州省安顺市西秀区东街街道塔山东路71号***"),
     ("黔礼坊", "400-655-4407", "贵州省贵阳市修文县扎佐街道兴科路2号1号库"), faults=["receiver phone whole"], goods="刺梨汁 1箱")
case("u32", "siji", "narrow", 1, "", "belt", ("焦**", "*******7713", "河南省洛阳市涧西区长春路街道联盟路22号院5号楼****"),
     ("豫锦床品", "400-663-5270", "河南省许昌市长葛市和尚桥镇人民路16号2号仓"), traps=["house number with yard"], goods="四件套 1套")
case("u33", "qingchuan", "sans", 1, "", "carton", ("祝*", "*******8135", "江苏省盐城市亭湖区五星街道开放大道52号***"),
     ("净屿清洁用品", "400-680-4521", "江苏省扬州市江都区仙女镇舜天路12号2号库"), faults=["code holds the person"], qr="!祝海燕|15189208135|盐城市亭湖区开放大道52号金鹰苑3幢1单元604")
case("u34", "qiyun", "sans", 2, "glareout", "bag", ("车*", "*******5507", "辽宁省鞍山市铁东区山南街道胜利南路44号***"),
     ("初棉内衣专营", "400-709-5518", "辽宁省沈阳市沈北新区道义街道蒲昌路18号2号库"), unreadable=True)
case("u35", "lutai", "bold", 2, "persp", "carton", ("骆*", "135******22", "广东省惠州市惠城区江北街道文昌一路9号佳兆苑2栋****"),
     ("柒格服饰", "400-636-1180", "河南省郑州市管城回族区南曹街道文治路5号B2库"), traps=["organisation as sender"], goods="2件")
case("u36", "yanyang", "bold", 1, "tilt", "floor", ("湛*", "!0756-26****8", "广东省珠海市香洲区翠香街道兴业路288号***"),
     ("橡木匠家具有限公司", "400-606-2741", "江西省赣州市南康区龙岭镇家具大道9号1号库"), faults=["fixed line hides four"], traps=["fixed line"], goods="床头柜 2个", tags=("收货人", "发货人"))
case("u37", "baiguan", "bold", 1, "", "carton", ("鲜果时光(云谷店) 邵*", "*******6601", "四川省成都市双流区华阳街道天府大道南段1号云谷广场1层"),
     ("四川谷味供应链有限公司", "028-******35", "四川省成都市新都区大丰街道蓉北路三段99号4号库"), traps=["organisation with masked contact", "fixed line masked", "floor shown"], goods="果酱 12瓶 纸杯 2箱", tags=("收货门店", "发货仓"))
case("u38", "sanye", "bold", 1, "", "desk", ("季*", "*******0958", "!陕西省西安市长安区韦曲街道西长安街620号学生公寓11号楼327室4床"),
     ("牧野童装", "*******5133", "浙江省湖州市吴兴区织里镇珍贝路88号***"), faults=["dormitory room and bed shown"], traps=["shelf code like a room"], route="5-1-1120", hub="东门站", goods="台灯 1个")
case("u39", "hemu", "serif", 1, "shadow", "carton", ("齐**", "152******69", "吉林省延边朝鲜族自治州延吉市河南街道长白山西路1208号***"),
     ("长白参茸", "400-690-7736", "吉林省白山市抚松县万良镇参乡路6号1号库"), traps=["goods of health"], goods="人参片 2盒 血压计 1台", tags=JIAN)
case("u40", "qingchuan", "narrowbold", 2, "tilt curve", "bag", ("!令狐雪", "153******44", "贵州省遵义市汇川区洗马路街道香港路118号***"),
     ("黔礼坊", "400-655-4407", "贵州省贵阳市修文县扎佐街道兴科路2号1号库"), faults=["compound name whole"], traps=["compound surname"], goods="辣子鸡 4袋")
case("u41", "siji", "sans", 2, "persp", "carton", ("夏侯*", "*******3349", "北京市大兴区荣华街道文化园西路8号院6号楼11层****"),
     YUNCANG, traps=["compound surname", "floor shown"], goods="衣架 30个")
case("u42", "nanbo", "serif", 1, "tilt", "kraft", ("芦*", "*******4903", "!河南省信阳市光山县文殊乡东岳村6组23号"),
     ("大别山粮油合作社", "400-678-3350", "安徽省六安市金寨县梅山镇新城路12号2号库"), faults=["household behind the village group"], traps=["village group"], goods="咸鹅 2只")
case("u43", "qiyun", "sans", 2, "curve", "carton", ("Emily C****", "156******31", "上海市浦东新区花木街道芳甸路300号***"),
     ("谷仓零食", "400-733-0081", "安徽省芜湖市鸠江区湾里街道万春东路6号2号库"), traps=["Latin name masked"], goods="燕麦片 2袋")
case("u44", "lanan", "sans", 1, "tilt", "carton", ("伍*", "*******6187", "湖南省衡阳市蒸湘区红湘街道解放大道41号***"),
     ("湘味斋食品有限公司", "0731-******26", "湖南省长沙市长沙县榔梨街道东升路9号5号库"), faults=["phone written by pen"], pen="!18773402196", pen_h=4.8, goods="剁椒 4瓶")
case("u45", "muzhou", "sans", 2, "film", "bag", ("荣*", "*******9036", "安徽省马鞍山市花山区湖东路街道湖北路25号***"),
     ("净屿清洁用品", "400-680-4521", "江苏省扬州市江都区仙女镇舜天路12号2号库"), traps=["plastic bag"], goods="洗碗海绵 1包")
case("u46", "banjiu", "bold", 1, "tilt", "bag", ("!沈先生", "*******5572", "浙江省温州市鹿城区五马街道公安路16号3幢****"),
     ("斑鸠云仓前置仓(五马店)", "400-677-1029", "浙江省温州市鹿城区解放街道信河街80号1层"), faults=["title for a given name"], goods="大米 10kg 酱油 1瓶", tags=("收", "发"))
case("u47", "yanyang", "narrow", 2, "persp", "carton", ("鼎信办公用品有限公司 凌*", "*******2046", "江苏省无锡市新吴区江溪街道长江路21号"),
     ("柏舍收纳", "400-618-2295", "广东省佛山市南海区狮山镇科韵北路3号6号仓"), traps=["organisation with masked contact"], goods="文件柜 1台", tags=FANG)
case("u48", "sheet", "sans", 1, "tilt", "floor", ("", "", ""), ("", "", ""), unreadable=True, kind="other", heading="3号库 复核台守则",
     extra=["一、扫描运单后核对商品条码与数量。", "二、面单须平贴于箱面最大一面，不得压折。", "三、破损面单作废重打，旧单投入碎纸机。", "四、客户信息不得拍照、抄录或外传。", "五、交接班前清点余单并签名。"])
case("u49", "fancheng", "narrow", 2, "tilt shadow", "desk", ("燕尾服饰退货部", "400-811-7263", "福建省泉州市石狮市灵秀镇创业路31号C座2楼"),
     ("浦*", "*******8094", "!湖北省荆州市沙市区中山街道北京中路233号锦江苑2栋三单元五楼东户"), faults=["sender unit and household in Chinese numerals"], traps=["organisation as receiver", "floor shown"], remark="起球", goods="针织衫 1件", tags=("退至", "退件人"))
case("u50", "lutai", "sans", 2, "tilt", "bag", ("甘*", "＊＊＊＊＊＊＊1465", "广西壮族自治区桂林市七星区东江街道漓江路22号＊＊＊"),
     ("潮记茶具", "400-621-3378", "广东省潮州市潮安区古巷镇枫洋路5号1号库"), traps=["full-width stars"], goods="1件", rows=(("T-01-08", "白瓷公道杯 200ml", "1"),))
case("u51", "qiyun", "sans", 1, "crease", "carton", ("池**", "*******7328", "福建省莆田市城厢区霞林街道荔华东大道580号***"),
     ("柔选纸品", "400-672-1593", "河北省保定市满城区满城镇通济路2号8号库"), faults=["door code in the remark"], remark="!单元门密码3915#，放门口", goods="卷纸 2提")
case("u52", "nanbo", "sans", 2, "curve cold", "foam", ("贝*", "*******6350", "海南省海口市龙华区金贸街道国贸路13号***"),
     ("琼岛鲜果冷链仓", "400-693-2218", "海南省海口市秀英区海秀镇白水塘路7号1号库"), traps=["organisation as sender"], goods="芒果 5斤", remark="工作日配送")
case("u53", "siji", "bold", 2, "motion", "carton", ("花*", "!186*****057", "安徽省阜阳市颍州区鼓楼街道颍州南路106号***"),
     ("豫锦床品", "400-663-5270", "河南省许昌市长葛市和尚桥镇人民路16号2号仓"), faults=["phone hides five"], goods="夏凉被 1条")
case("u54", "sanye", "narrow", 2, "turn90", "carton", ("成*", "198******13", "山东省潍坊市奎文区东关街道胜利东街209号张姐便利店代收点"),
     ("初棉内衣专营", "400-709-5518", "辽宁省沈阳市沈北新区道义街道蒲昌路18号2号库"), traps=["collection point named after a person", "shelf code like a room"], route="1-4-3302", hub="东关街")
case("u55", "hemu", "sans", 3, "blurout", "carton", ("舒*", "*******8011", "四川省宜宾市翠屏区南岸街道长江大道40号***"),
     ("小鲸日化", "400-652-9904", "天津市武清区下朱庄街道广贤路7号4号库"), unreadable=True, tags=JIAN)
case("u56", "qiyun", "sans", 1, "", "belt", ("路*", "*******3097", "河北省邯郸市丛台区联纺西路街道人民路317号***"),
     ("柔选纸品", "400-672-1593", "河北省保定市满城区满城镇通济路2号8号库"), faults=["the second label's name and phone whole"], traps=["a second label in view"],
     size=(1920, 1440), fill=0.86, off=(-41, 0), second="u56b", second_at=(82, 2, 0.04), goods="厨房纸 1提")
case("u57", "muzhou", "serifbold", 2, "dark", "desk", ("游*", "●●●●●●●4721", "江西省上饶市信州区西市街道五三大道86号●●●"),
     ("橡木匠家具有限公司", "400-606-2741", "江西省赣州市南康区龙岭镇家具大道9号1号库"), traps=["round masks", "dim light"], goods="小板凳 2个")
case("u58", "yanyang", "sans", 1, "warm tilt", "carton", ("冉*", "!+86 15023760894", "重庆市万州区高笋塘街道白岩路127号***"),
     ("山城电器行", "400-619-3045", "重庆市沙坪坝区土主街道中柱路8号5号库"), faults=["receiver phone whole with +86"], goods="电风扇 1台", tags=REN)
case("u59", "qingchuan", "sans", 2, "noise jpeg", "bag", ("丛*", "*******5619", "山东省威海市环翠区鲸园街道新威路11号8楼****"),
     ("牧野童装", "*******5133", "浙江省湖州市吴兴区织里镇珍贝路88号***"), traps=["floor shown"], remark="勿放驿站", goods="童袜 10双")
case("u60", "lanan", "mono", 2, "faint", "carton", ("明**", "176******02", "青海省西宁市城中区礼让街街道长江路64号***"),
     ("陇上百合行", "400-669-7302", "甘肃省兰州市七里河区西果园镇柴家河路1号库"), traps=["weak print", "ID-like waybill number"], no="410105198812046327", qr="410105198812046327T08", goods="百合干 2袋")
case("u56b", "muzhou", "sans", 1, "", "belt", ("!牛建平", "!13131064825", "河北省沧州市运河区公园街道解放西路20号***"),
     ("柔选纸品", "400-672-1593", "河北省保定市满城区满城镇通济路2号8号库"))
