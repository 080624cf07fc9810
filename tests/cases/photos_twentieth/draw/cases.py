"""The sixty cases. A value that begins with ! shows more than it may; everyone in here is invented."""

CASES = {}
ROUTES = ("W26-803", "410A 06-2", "校北 E5", "22-C-117", "712 X9", "N04-38")
HUBS = ("溪川大学城集散", "澜州东转运", "槐城分拨", "校园集配中心", "江北一级仓", "南浦营业部")
GOODS = ("卫衣 1件", "文具套装", "洗漱用品", "台灯 1盏", "坚果零食 2袋")


def case(id_, layout, style, lv, dist, bg, r, s, *, traps=(), faults=(), kind="label", unreadable=False, **more):
    n = int(id_[1:3]) + 60 * (len(id_) > 3)
    c = {"id": id_, "layout": layout, "style": style, "lv": lv, "dist": dist, "bg": bg, "traps": list(traps), "faults": list(faults), "kind": kind, "unreadable": unreadable}
    c |= dict(zip(("rn", "rp", "ra"), r, strict=True)) | dict(zip(("sn", "sp", "sa"), s, strict=True))
    c["no"] = ("YC", "TY", "66", "SG", "WQ", "83", "HX", "JZ")[n % 8] + str(2_750_318_064_417 + n * 31_415_927)[:12]
    c["date"] = f"2026-11-{16 + n % 11}"
    c["route"], c["hub"], c["goods"] = ROUTES[n % 6], HUBS[(n * 5 + n // 7) % 6], GOODS[n % 5]
    c["tags"] = (("收", "寄"), ("收件", "寄件"), ("收", "寄"), ("收", "发"))[n % 4]
    c["dots"] = 12 if n % 3 == 1 else 8
    c["qr"] = f"{n * 48_611 % 99_991:05}{c['no'][2:9]}Q{n * 7:03X}"
    CASES[id_] = c | more


REN, JIAN, TO = ("收件人", "寄件人"), ("收件", "寄件"), ("To", "From")

# -- a01 to a20 ----------------------------------------------------------------------------------------
case("a01", "yanchi", "sans", 1, "", "desk", ("袁*", "*******6183", "湖南省长沙市岳麓区咸嘉湖街道枫溪路217号溪川大学竹园7号楼****"),
     ("暮禾女装", "400-886-3071", "广东省广州市海珠区凤阳街道叠景中路15号B座2楼"), traps=["organisation as sender", "400 number", "floor shown"], goods="针织开衫 1件")
case("a02", "wuqi", "bold", 1, "tilt", "bag", ("柳**", "157******09", "!陕西省西安市长安区郭杜街道文苑南路66号秦望学院梅园5栋312室"),
     ("裴*", "*******4410", "浙江省嘉兴市桐乡市濮院镇永乐路328号***"), faults=["receiver dormitory room shown"], goods="羽绒服 1件")
case("a03", "tongyin", "sans", 1, "", "carton", ("薛*", "188******52", "江苏省南京市栖霞区仙林街道文澜路31号澜州大学北苑12幢***"),
     ("汪*", "*******7706", "安徽省芜湖市无为市高沟镇龙庵路55号***"), goods="床上四件套", tags=JIAN)
case("a04", "shiguang", "serif", 1, "", "desk", ("俞**", "*******2398", "湖北省武汉市洪山区卓刀泉街道桂子路152号东二学生公寓****"),
     ("墨痕旧书店", "027-******45", "湖北省武汉市武昌区粮道街街道胭脂路9号"), traps=["organisation as sender", "fixed line masked", "numbers in a book's title"],
     goods="《高等数学 第七版》上下 2册；《1984》1册", tags=REN)
case("a05", "yanchi", "narrow", 1, "", "carton", ("阮*", "!138****5678", "福建省厦门市集美区侨英街道同集南路668号鹭屿学院6号楼***"),
     ("乔*", "*******1325", "福建省泉州市石狮市灵秀镇服装城北路20号***"), faults=["receiver phone hides four"], goods="牛仔裤 2条")
case("a06", "quexiang", "sans", 1, "tilt", "bag", ("卞*", "*******8840", "四川省成都市温江区柳城街道学海路909号蜀桐大学榕园3舍楼下外卖柜"),
     ("张记砂锅米线(学海路店)", "*******2261", "四川省成都市温江区学海路877号1层"), traps=["locker shown", "organisation as sender", "dish and seat numbers"],
     goods="番茄砂锅米线 x1\n卤蛋 x2\n酸梅汤 x1", extra=["订单 4027 1186 5530 2291", "餐具 1份  合计 31.50元"])
case("a07", "huifa", "sans", 1, "", "foam", ("暮禾女装退货组", "400-886-3071", "广东省广州市海珠区凤阳街道叠景中路15号C库2号门"),
     ("郝*", "*******5592", "河南省郑州市高新区科学大道街道莲花街100号嵩禾大学柳园****"), traps=["organisation as receiver", "400 number", "hall of a warehouse shown"],
     goods="针织开衫 1件", remark="颜色与图片不符", tags=("退至", "退件人"))
case("a08", "jiuwu", "sans", 1, "shadow", "desk", ("覃*", "177******30", "广西壮族自治区南宁市西乡塘区心圩街道明秀西路8号邕江学院西区9栋****"),
     ("!莫雨晴", "*******6057", "广西壮族自治区桂林市雁山区雁山街道雁中路1号漓东学院竹苑****"), faults=["sender name whole"], goods="二手吉他 1把", tags=("收", "寄"))
case("a09", "kaowu", "serif", 1, "", "desk", ("澜州大学继续教育学院 秦**", "025-******18", "江苏省南京市栖霞区仙林街道文澜路31号行政楼2楼收发室"),
     ("江宁考试服务中心", "400-609-2280", "江苏省南京市江宁区秣陵街道天元中路77号"), traps=["organisation with masked contact", "mail room shown", "paper codes like numbers of rooms"],
     goods="试卷 3袋（MA1012-A、PH2203-B）密封完好", remark="须两人签收，勿拆", tags=("收件单位", "寄件单位"))
case("a10", "jizhou", "narrow", 1, "", "carton", ("殷*", "*******0749", "天津市西青区李七庄街道宾水西道391号津沽大学7号公寓****"),
     ("极昼数码旗舰店", "400-177-0926", "广东省深圳市龙华区观湖街道观盛四路6号3号仓"), traps=["IMEI and serial number", "organisation as sender", "400 number"],
     goods="手机 1台 曜石黑 12+256G", extra=["IMEI 860713052846190", "S/N 13708QX5A66201"])
case("a11", "ruku", "bold", 1, "", "bag", ("!小鹿乱撞鸭", "*******3716", "云南省昆明市呈贡区雨花街道雨花路2号滇翠学院快递服务站"),
     ("云间小饰", None, None), faults=["nickname whole"], traps=["station shown", "shelf code like a room"], route="12-3-4057", hub="滇翠站")
case("a12", "wuqi", "sans", 2, "ruin", "floor", ("滕*", "134******66", "山东省济南市历城区港沟街道经十东路99号泉畔学院2号楼***"),
     ("闻*", "*******8037", "山东省临沂市兰山区柳青街道府右路12号***"), unreadable=True)
case("a13", "songxue", "sans", 1, "tilt", "foam", ("乐*", "159******27", "辽宁省沈阳市浑南区五三街道全运路118号浑河大学一舍楼A座****"),
     ("北岸蓝莓园", "0415-******3", "辽宁省丹东市东港市北井子镇蓝莓路1号"), traps=["fixed line masked", "organisation as sender"], goods="蓝莓 6盒", tags=JIAN)
case("a14", "hailu", "sans", 1, "", "desk", ("!Nguyen Thi Lan", "186******41", "上海市松江区方松街道文汇路1128号云间大学留学生公寓2号楼****"),
     ("广越食品商行", "0771-******9", "广西壮族自治区崇左市凭祥市友谊关大道66号"), faults=["Latin name whole"], traps=["Latin name", "organisation as sender"], goods="Coffee 咖啡 3 bags")
case("a15", "loujian", "sans", 1, "", "desk", ("鲍*同学", "*******9915", "桃李校区北苑4号楼****"),
     ("童**", "135******70", "桃李校区南苑11号楼****"), traps=["address without a city", "masked name with a title"], goods="钥匙 1串", hub="桃李校区内送", tags=("收", "寄"))
case("a16", "yanchi", "bold", 1, "persp", "bag", ("支*", "166******93", "重庆市沙坪坝区虎溪街道大学城南路21号缙云大学三期丰巢柜"),
     ("伏*", "*******5528", "重庆市荣昌区昌元街道昌州大道中段18号***"), traps=["locker shown"], goods="运动鞋 1双")
case("a17", "quexiang", "bold", 1, "", "desk", ("冉*", "*******6604", "贵州省贵阳市花溪区清溪街道花桐路180号黔岭大学3舍***"),
     ("阿婆丝娃娃", "*******1138", "贵州省贵阳市花溪区花桐路12号1层"), faults=["room in the remark"], remark="!放3舍417门口，不用敲门", goods="丝娃娃 x1\n冰浆 x1", seq=8)
case("a18", "wuqi", "sans", 1, "curve", "carton", ("左**", "*******3347", "黑龙江省哈尔滨市香坊区哈平路街道香福路88号松北学院5公寓****"),
     ("牧野户外用品有限公司", "0512-******30", "江苏省苏州市相城区元和街道嘉元路60号4幢"), traps=["fixed line masked", "organisation as sender"], goods="露营椅 2把", tags=REN)
case("a19", "tongyin", "narrow", 1, "", "desk", ("游*", "*******1867", "甘肃省兰州市榆中县夏官营镇萃英路1号皋兰大学6号学生公寓***"),
     ("毕*", "178******05", "甘肃省定西市陇西县文峰镇药都大道77号***"), traps=["a second label in view"], goods="黄芪 2包", size=(2560, 1920), fill=0.8, off=(-53, 0), second="a19b", second_at=(106, 3, 0.05), tags=JIAN)
case("a20", "shiguang", "serifbold", 1, "tilt", "desk", ("!李老师", "*******7420", "河北省石家庄市裕华区槐底街道南二环东路20号冀衡大学真知楼****"),
     ("知更教辅专营店", "400-330-9165", "北京市通州区台湖镇光机电基地兴光二街5号"), faults=["title for a given name"], traps=["organisation as sender"], goods="教师用书 1套", tags=REN)
# -- a21 to a40 ----------------------------------------------------------------------------------------
case("a21", "jiuwu", "narrow", 1, "", "bag", ("宁*", "*******5186", "浙江省宁波市镇海区骆驼街道风华路616号甬江学院白鹭园8幢****"),
     ("翁**", "150******48", "浙江省宁波市鄞州区首南街道钱湖南路8号甬南学院***"), goods="九成新显示器 1台", remark="周末在校，屏幕朝上", tags=("收", "寄"))
case("a22", "kaowu", "serifbold", 1, "tilt", "carton", ("!秦望学院教务处 郭文婷", "029-******04", "陕西省西安市长安区郭杜街道文苑南路66号明德楼1楼"),
     ("三秦命题中心", "400-609-2284", "陕西省西安市雁塔区小寨路街道长安中路33号"), faults=["organisation's contact whole"], traps=["fixed line masked"], goods="答题卡 4箱", tags=("收件单位", "寄件单位"))
case("a23", "huifa", "narrow", 1, "shadow", "carton", ("跃步运动售后仓", "0595-******72", "福建省泉州市晋江市池店镇泉安北路9号5号库"),
     ("乌**", "*******2914", "内蒙古自治区呼和浩特市赛罕区昭乌达路街道大学东街49号青城大学***"), traps=["organisation as receiver", "fixed line masked"], goods="跑鞋 42码", remark="尺码偏小，换43码", tags=("收件人", "退件人"))
case("a24", "sheet", "sans", 1, "tilt", "floor", (None, None, None), (None, None, None), heading="驿站通知", kind="other", unreadable=True,
     extra=["一、取件时间 9:30 至 21:00，请出示取件码。", "二、大件请到负一层，自备推车。", "三、退换件当日17:00前交到2号窗口。", "四、存放超过3天的包裹将原路退回。", "校园集配中心  2026年11月20日"],
     traps=["no label"], stamp="校园集配中心")
case("a25", "jizhou", "sans", 1, "", "desk", ("桂*", "17094415826-3307\n有效期至2026-12-20", "湖南省湘潭市雨湖区先锋街道桃源路2号莲城大学琴湖6舍****"),
     ("声野耳机专卖店", "400-177-0931", "广东省东莞市长安镇振安中路290号"), traps=["virtual number with date and extension", "organisation as sender"], goods="头戴耳机 1副")
case("a26", "jizhou", "sans", 1, "tilt", "bag", ("祝*", "!17094415830-1274\n有效期至2026-10-31", "江西省南昌市红谷滩区红角洲街道学府大道999号赣鄱大学修贤4栋****"),
     ("声野耳机专卖店", "400-177-0931", "广东省东莞市长安镇振安中路290号"), faults=["virtual number expired before printing"], traps=["virtual number"], goods="充电宝 1个", date="2026-11-20")
case("a27", "yanchi", "sans", 1, "", "bag", ("阿依***·买买提", "*******7752", "新疆维吾尔自治区乌鲁木齐市水磨沟区水塔山街道观园路777号天山学院雪莲公寓****"),
     ("库车小白杏行", "0997-******6", "新疆维吾尔自治区阿克苏地区库车市天山中路5号"), traps=["dotted name", "fixed line masked"], goods="杏干 2袋")
case("a28", "songxue", "narrow", 1, "", "carton", ("车*", "!0871-6532**18", "云南省昆明市五华区莲华街道学府路253号金碧大学家属院9栋****"),
     ("勐海鲜菌行", "0691-******7", "云南省西双版纳傣族自治州勐海县勐海镇佛双路30号"), faults=["fixed line hides two"], traps=["fixed line"], goods="鲜松茸 500g")
case("a29", "hailu", "narrow", 1, "persp", "desk", ("Chan K** M***", "+852 ******67", "广东省广州市番禺区小谷围街道外环东路382号珠岛大学慎思园5号****"),
     ("Pine & Oak Books Ltd.", "+852 ******20", "香港九龙观塘巧明街98号"), traps=["Latin name masked", "Hong Kong number masked", "organisation as sender"], goods="Textbooks 教材 2 pcs")
case("a30", "wuqi", "narrow", 1, "", "carton", ("甘*", "152******83", "吉林省长春市净月区永兴街道净月大街2555号净湖学院南区3舍***"),
     ("景*", "*******4469", "吉林省辽源市龙山区东吉街道福镇大街200号***"), faults=["second ply shows name and phone"], rn2="!甘晓彤", rp2="!15240687183", goods="棉袜 10双")
case("a31", "quexiang", "sans", 1, "exif6", "desk", ("原**", "137******22", "山西省太原市万柏林区和平街道迎泽西大街79号并州大学新源里11号楼***"),
     ("老李刀削面", None, "山西省太原市万柏林区新矿院路4号1层"), goods="肉炸酱刀削面 x2\n小菜 x1", remark="少辣不要香菜", seq=112)
case("a32", "ruku", "sans", 1, "", "bag", ("暴*", "****0563", "河南省开封市龙亭区梁苑街道明伦街85号宋都大学菜鸟驿站"),
     (None, None, None), traps=["station shown", "shelf code like a room", "no sender"], route="A5-2-1180", hub="明伦站", goods="小件")
case("a33", "loujian", "bold", 1, "tilt", "desk", ("项*", "*******3058", "!松岭校区梅园6栋203寝2号床"),
     ("辛*", "182******17", "松岭校区兰园1栋****"), faults=["receiver dormitory room and bed shown"], traps=["address without a city"], goods="充电器", hub="松岭校区内送", tags=("收", "寄"))
case("a34", "shiguang", "serif", 1, "shadow", "kraft", ("溪川大学图书馆采编部", "0731-******51", "湖南省长沙市岳麓区咸嘉湖街道枫溪路217号图书馆一楼服务台"),
     ("岳麓古籍经销社", "400-330-9180", "湖南省长沙市天心区坡子街街道太平街41号"), traps=["organisation as receiver", "counter shown", "fixed line masked"], goods="馆配图书 18册", tags=("收书方", "发书方"))
case("a35", "yanchi", "narrowbold", 1, "", "carton", ("狄*", "*******8821", "安徽省合肥市蜀山区莲花街道九龙路111号庐阳大学槐园5号楼****"),
     ("步*", "151******46", "安徽省六安市霍山县与儿街镇迎宾路6号***"), faults=["code holds the person"], qr="!狄可欣,15955208821,合肥市九龙路111号槐园5号楼406", goods="瓜片茶 2盒")
case("a36", "tongyin", "bold", 1, "", "bag", ("麻**", "*******9034", "广东省珠海市香洲区唐家湾镇大学路2号凤凰山学院荔园10号****"),
     ("糖罐文具", "95743", "浙江省义乌市福田街道商城大道800号"), traps=["short number of an organisation", "organisation as sender"], goods="手账本 3本 胶带 1套", stamp="已验视")
case("a37", "tongyin", "sans", 1, "cut", "desk", ("匡*", "*******2273", "青海省西宁市城西区海湖街道五四西路38号河湟大学博雅园3号****"),
     ("仲*", "183******91", "宁夏回族自治区中卫市中宁县宁安镇正大路9号***"), unreadable=True)
case("a38", "kaowu", "sans", 1, "", "kraft", ("赵**老师", "*******6689", "浙江省金华市婺城区城西街道迎宾大道688号婺江大学综合楼7楼****"),
     ("双溪高校联考办公室", "0579-******21", "浙江省金华市金东区多湖街道李渔东路300号"), traps=["masked name with a title", "floor shown", "organisation as sender"], goods="期末试卷 2袋 密封", remark="周四考前送达", tags=("收件人", "寄件人"))
case("a39", "huifa", "sans", 1, "tilt", "bag", ("栗子家居退货仓", "400-865-1133", "山东省菏泽市曹县磐石街道富民大道3号A仓"),
     ("师*", "!18637140926", "河南省焦作市山阳区新城街道世纪路2001号太行学院***"), faults=["sender phone whole"], traps=["organisation as receiver"], goods="床帘 1套", tags=("退至", "退件人"))
case("a40", "wuqi", "narrow", 1, "", "bag", ("干●", "139●●●●●●75", "海南省海口市美兰区人民路街道人民大道58号椰岛大学紫荆5栋●●●"),
     ("国●●", "●●●●●●●2046", "海南省琼海市嘉积镇东风路27号●●●"), traps=["round masks"], goods="椰子糖 5包", tags=JIAN)
# -- a41 to a60 ----------------------------------------------------------------------------------------
case("a41", "tongyin", "sans", 1, "", "carton", ("司*", "!15*6*7**0*2", "江苏省徐州市铜山区三环南路街道大学路1号云龙学院杏园7号楼***"),
     ("蓝*", "*******5073", "江苏省宿迁市沭阳县颜集镇花木大道19号***"), faults=["phone with scattered stars shows six"], goods="多肉盆栽 4盆", tags=JIAN)
case("a42", "jizhou", "bold", 1, "persp", "carton", ("和*", "131******64", "湖北省荆州市荆州区西城街道南环路1号荆江大学桃苑B栋****"),
     ("极昼数码旗舰店", "400-177-0926", "广东省深圳市龙华区观湖街道观盛四路6号3号仓"), traps=["order number like a phone", "serial number"], goods="平板电脑 1台", extra=["订单 13985526071", "SN 18902746613"], tags=REN)
case("a43", "jiuwu", "bold", 1, "tilt", "carton", ("强*", "*******7105", "四川省雅安市雨城区青江街道新康路46号蒙顶学院七教旁竹苑****"),
     ("谷*", "181******58", "四川省南充市顺庆区华凤街道师大路1号嘉陵学院***"), faults=["phone in the remark"], remark="!加微信同号13547790862聊", goods="二手自行车灯", tags=TO)
case("a44", "songxue", "bold", 1, "shadow", "foam", ("应**", "*******8496", "上海市奉贤区海湾镇海思路100号奉海大学二期11号楼****"),
     ("仁泽医药物流有限公司", "400-920-6677", "上海市浦东新区周浦镇康沈路1号"), traps=["goods of health", "organisation as sender", "400 number"], goods="胰岛素注射液 2支", temp="2~8℃", tags=REN)
case("a45", "hailu", "sans", 1, "tilt", "bag", ("Leong W** I*", "!+853 6628 1740", "广东省珠海市香洲区吉大街道海滨南路31号海天学院5栋****"),
     ("莲花手信行", "+853 ******05", "澳门特别行政区花地玛堂区慕拉士大马路18号"), faults=["Macau number whole"], traps=["Latin name masked"], goods="杏仁饼 4 boxes")
case("a46", "loujian", "sans", 1, "", "desk", ("!孔令怡", "!13326795014", "!东区8号楼525"),
     ("戚*", "*******4381", "西区2号楼****"), faults=["receiver name whole", "receiver phone whole", "receiver dormitory room shown"], traps=["filled in with a pen", "address without a city"], hand=1, goods="笔记本", hub="校内互寄", tags=("收", "寄"), dots=12)
case("a47", "yanchi", "sans", 1, "", "desk", ("费*", "*******1159", "山东省烟台市莱山区滨海路街道清泉路30号莱山大学六公寓***"),
     ("满*", "156******32", "山东省威海市文登区天福街道米山路8号***"), traps=["a second label in view"], faults=["the second label's room shown"], goods="帆布包 1个",
     size=(2400, 1800), fill=0.84, off=(-42, 0), second="a47b", second_at=(84, -2, -0.05))
case("a48", "ruku", "bold", 2, "blurout", "desk", ("家*", "****7716", "湖北省宜昌市西陵区学院街道大学路8号夷陵大学邮件中心"),
     (None, None, None), unreadable=True, route="7-1-3320", hub="夷陵站")
case("a49", "huifa", "bold", 1, "curve", "carton", ("极昼数码维修部", "400-177-0926", "广东省深圳市龙华区观湖街道观盛四路6号1号楼1楼"),
     ("池**", "147******08", "广东省湛江市赤坎区寸金街道寸金路29号雷州湾学院北苑****"), traps=["organisation as receiver", "serial number", "order number like a phone"], goods="蓝牙键盘", remark="按键失灵", extra=["售后单 15807761234", "SN 4K0927"], tags=("寄往", "退件人"))
case("a50", "quexiang", "narrow", 1, "", "bag", ("邢*", "*******4472", "江苏省镇江市京口区象山街道学府路301号京江大学E区6号楼***"),
     ("麦浪烘焙", "*******9058", "江苏省镇江市京口区学府路96号1层"), faults=["bar code holds the phone"], bar="!18852904472", goods="生日蛋糕 6寸 x1\n蜡烛 x1", seq=61)
case("a51", "yanchi", "wide", 1, "tilt", "kraft", ("晏*", "1**55****26", "湖北省恩施土家族苗族自治州恩施市舞阳坝街道学院路39号清江学院桂花园***"),
     ("硒谷茶农合作社", "0718-******4", "湖北省恩施土家族苗族自治州恩施市芭蕉侗乡高拱桥村委会旁"), traps=["phone with scattered stars that shows five", "fixed line masked", "village's committee shown"], goods="玉露 1罐", order="n/p/a")
case("a52", "ruku", "sans", 1, "", "carton", ("仇*", "*******6241", "广西壮族自治区柳州市城中区河东街道文昌路2号龙潭学院近邻宝柜"),
     ("阿福螺蛳粉", None, None), faults=["name and number in pen"], traps=["locker shown", "shelf code like a room"], route="3-6-2209", hub="龙潭站", pen="!仇俊熙18077296241", pen_h=3.4, pen_x=5, pen_y=43.2, goods=None, dots=12)
case("a53", "jiuwu", "serif", 1, "", "carton", ("粟*", "＊＊＊＊＊＊＊3350", "湖南省怀化市鹤城区迎丰街道怀东路180号舞水学院第四学生公寓＊＊＊"),
     ("敬＊＊", "199＊＊＊＊＊＊12", "湖南省邵阳市大祥区学院路街道七里坪＊＊＊"), traps=["full-width stars"], goods="考研英语真题 2010-2026 共17份", tags=("收", "寄"))
case("a54", "kaowu", "serif", 1, "", "desk", ("沈**", "*******0417", "!辽宁省大连市甘井子区凌水街道凌工路2号星海大学理学楼B座512办公室"),
     ("东北硕士联考中心", "024-******76", "辽宁省沈阳市和平区南湖街道文化路11号"), faults=["receiver office shown"], traps=["fixed line masked"], goods="复试材料 1袋", tags=REN)
case("a55", "hailu", "serif", 1, "", "carton", ("Anna P*****", "1******3860", "北京市海淀区学院路街道成府路15号燕北大学国际学生楼8层****"),
     ("柏林文教用品(中国)有限公司", "010-******33", "北京市朝阳区麦子店街道亮马桥路50号"), traps=["Latin name masked", "floor shown", "fixed line masked"], goods="Dictionary 词典 1 pc", remark="Call before delivery")
case("a56", "wuqi", "serifbold", 1, "crease", "bag", ("海*", "*******5530", "!宁夏回族自治区银川市西夏区宁华路街道贺兰山西路489号朔方大学教职工三区七号楼二单元三零二"),
     ("贾*", "130******94", "宁夏回族自治区石嘴山市平罗县城关镇翰林大街100号***"), faults=["unit and room shown"], traps=["Chinese numerals"], goods="枸杞 2斤")
case("a57", "songxue", "sans", 2, "glareout", "blackbag", ("花*", "*******2685", "福建省福州市闽侯县上街镇学府南路9号旗山大学芳华公寓***"),
     ("连江鲍鱼行", "0591-******80", "福建省福州市连江县筱埕镇定海路3号"), unreadable=True)
case("a58", "tongyin", "narrow", 1, "cut", "carton", ("!尚佳宁", "!15930628174", "河北省保定市莲池区五四东路街道五四东路180号冀中大学易园****"),
     ("成*", "*******3391", "河北省邢台市清河县葛仙庄镇长江街44号***"), faults=["receiver name whole", "receiver phone whole"], traps=["receiver's address cut off"])
case("a59", "shiguang", "sans", 2, "persp blur jpeg", "desk", ("时*", "158******60", "山东省曲阜市书院街道静轩西路57号洙泗大学西联公寓****"),
     ("管**", "*******7048", "山东省济宁市任城区济阳街道古槐路33号***"), goods="考研资料 1包", traps=["poor picture"], tags=("收", "寄"))
case("a60", "songxue", "sans", 2, "shadow warm", "floor", ("南宫*", "*******1926", "浙江省温州市瓯海区茶山街道高教园区中心路环岛西瓯越大学溯初2号楼****"),
     ("苍南番茄合作社", "0577-******15", "浙江省温州市苍南县马站镇渔寮路5号"), faults=["door code in the remark"], traps=["compound surname"], remark="!宿舍门禁密码4096#放一楼冰柜", goods="小番茄 5斤")

# -- the second labels ---------------------------------------------------------------------------------
case("a19b", "wuqi", "bold", 1, "", "desk", ("廉*", "*******6013", "甘肃省兰州市榆中县夏官营镇萃英路1号皋兰大学8号学生公寓***"),
     ("岑**", "133******29", "陕西省宝鸡市岐山县蔡家坡镇凤鸣路3号***"), goods="挂面 1箱")
case("a47b", "yanchi", "bold", 1, "", "desk", ("芮*", "*******7784", "!山东省烟台市莱山区滨海路街道清泉路30号莱山大学六公寓B216"),
     ("浦*", "138******50", "江苏省连云港市东海县牛山街道水晶路66号***"), goods="水晶手串 1件")
