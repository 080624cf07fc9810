"""The cases: what stands on each label (a leading ! shows too much, {…} lies under a sticker) and how it was taken."""

CASES = {}
HOUSE = {
    "song": ("松果云仓", "松果云仓余杭二号仓", "400-188-0917", "浙江省杭州市余杭区仓兴街66号2号库"),
    "he": ("禾田仓配WMS", "禾田仓配昆山仓", "400-600-2713", "江苏省昆山市花桥镇物流大道18号3号库2楼"),
    "lu": ("北麓快件", "北麓优选旗舰店", "95 0 118", "河北省廊坊市安次区龙河北路9号"),
    "hai": ("海棠速递", "棠小集百货店", "400-812-0066", "广东省东莞市虎门镇赤岗工业路5号"),
    "yun": ("云雀快运", "拾光家居专营店", "400-820-7715", "山东省临沂市兰山区通达路211号"),
    "chi": ("赤兔达速递", "小满母婴商城", "400-133-5560", "安徽省合肥市肥西县桃花镇文山路40号"),
    "qing": ("青驼物流", "青驼云仓西安仓", "400-029-3318", "陕西省西安市未央区草滩六路1688号"),
    "yan": ("雨燕即配", "鲜丰里前置仓", "400-021-7789", "上海市闵行区莲花南路2899号"),
    "bai": ("百舸快递", "百味坊食品店", "400-157-6003", "福建省晋江市陈埭镇鞋都路27号"),
    "qiao": ("长桥零担", "立诺机电有限公司", "400-180-2025", "浙江省台州市路桥区机电东路501号"),
    "shan": ("山岚货运", "远杉家具有限公司", "400-606-3131", "江西省赣州市南康区家具大道88号"),
    "ta": ("灯塔国际", "灯塔保税七号仓", "400-371-5200", "河南省郑州市航空港区综保路7号"),
}


def case(id_, house, layout, dist, faults="", traps="", **more):
    b, sn, sp, sa = HOUSE[house]
    n = int(id_[1:])
    c = {
        "id": id_, "layout": layout, "dist": dist, "faults": faults.split(), "traps": traps.split(), "brand": b, "sn": sn, "sp": sp, "sa": sa,
        "style": ("sans", "narrow", "bold", "mono", "serif", "wide", "narrowbold", "serifbold")[n % 8], "no": f"{house[:2].upper()}88{n * 7919 % 100000:05}{n * 104729 % 1000000:06}",
        "date": f"2026-11-0{n % 6 + 1} {8 + n % 11:02}:{n * 17 % 60:02}", "sort": f"{310 + n * 13 % 600}-{n * 7 % 90 + 10}-{n * 3 % 90 + 10} {n % 30:02}",
        "hub": ("杭州转运", "昆山分拨", "廊坊集散", "虎门中心")[n % 4], "kind_": ("标准快递", "云仓件", "隔日达", "经济件")[n % 4], "bed": ("carton", "steel", "printer", "bag", "wood", "belt", "mat", "roll")[n * 5 % 8],
        "qr": f"T{n * 7654321 % 10**9:09}K", "lv": 1 + (n % 3 == 0), "shape": ("disc", "box", "ring", "plain")[n % 4], "kind": "label",
        "dots": 12 if n % 4 == 2 else 8,
    } | more  # fmt: skip
    CASES[id_] = c


ROWS = (("A-3-02-15", "棉麻四件套 米白 1.8m", "1"), ("3-2-501", "保温杯 480ml", "2"), ("B座-1203", "洗衣凝珠 52颗", "1"))
# a good receiver, by lines
case("z01", "song", "ply2", "soft", "", "token_qr", rn="陈*桐", rp="138******62", ra="浙江省绍兴市越城区迪荡街道阳光花园8幢****", goods="收纳箱 灰 1只", remark="破损请拒收")
case("z02", "yun", "ply2", "curl", "name_ply2", "ply1_clean", rn="赵*宁", rn2="!赵一宁", rp="151******07", ra="江苏省常州市武进区湖塘镇香榭里小区21幢****", goods="台灯 2件", remark="无")
case("z03", "chi", "ply3", "", "", "square_masks", rn="林■■", rp="186■■■■■■41", ra="湖北省武汉市洪山区关山大道340号金地中心城7栋■■■■", goods="纸尿裤 L码 1箱", remark="勿压")
case("z04", "bai", "ply2", "crease", "phone_ply2", "four_stars", rn="孙*", rp="133******90", rp2="!133****5790", ra="四川省成都市双流区华阳街道南湖大道22号蓝光名苑4栋****", goods="肉松饼 2斤", remark="尽快发")
case("z05", "hai", "ply3", "shadow", "address_ply3", "third_ply", rn="马*兰", rp="159******18", ra="广西南宁市青秀区民族大道118号翠湖居3栋****", ra3="!广西南宁市青秀区民族大道118号翠湖居3栋1单元702室", goods="毛巾 6条", remark="/")
case("z06", "yan", "tall", "hand", "", "phone_first", order="pn/a", rn="郭＊", rp="＊＊＊＊＊＊＊4471", ra="上海市徐汇区龙华中路596号绿地缤纷城A座9楼", goods="鲜奶 950ml×2", remark="冷藏")
case("z07", "song", "tall", "", "door_code", "", rn="谢*文", rp="187******35", ra="浙江省宁波市鄞州区钟公庙街道泰安西路88号柳锦花园12幢****", goods="牙刷 4支", remark="!单元门密码7731#，放门口")
case("z08", "lu", "low", "soft", "", "virtual_in_time", rn="高**", rp="15700213388-4417 至2026-12-05", ra="北京市通州区梨园镇云景东路1号新华联家园北区16号楼****", goods="保鲜膜 3卷", remark="周末可送")
case("z09", "lu", "low", "tape", "phone_virtual_expired", "virtual_date", rn="邓*", rp="!15700213390-2086 有效至2026-10-20", ra="天津市河东区津塘路48号万新里5号楼****", goods="垃圾袋 5卷", remark="周末可送")
case("z10", "qiao", "freight", "", "", "organisation", rn="宏远五金商行（联系人 周*）", rp="400-877-1160", ra="湖南省长沙市雨花区高桥大市场五金城东区", goods="减速机配件", remark="自提，凭运单号提货")
case("z11", "shan", "freight", "shadow", "contact_person", "organisation", rn="!宏远五金商行 联系人周建国", rp="136******02", ra="湖南省衡阳市蒸湘区船山大道15号", goods="餐椅 3件", remark="送货上门不上楼")
case("z12", "he", "back", "", "", "organisation return_masked_sender", rn="禾田仓配昆山仓 退货组", rp="400-600-2713", ra="江苏省昆山市花桥镇物流大道18号3号库2楼", sn="吴□□", sp="139□□□□□□20", sa="江苏省泰州市海陵区鼓楼南路315号恒景国际6幢□□□□", goods="连衣裙 M", remark="尺码不合")
case("z13", "hai", "back", "crease", "phone_sender", "organisation", rn="棠小集百货店 售后部", rp="400-812-0066", ra="广东省东莞市虎门镇赤岗工业路5号", sn="蔡*芬", sp="!13609713364", sa="广东省揭阳市榕城区东山街道望江路6号", goods="电热水壶", remark="不通电")
case("z14", "song", "pick", "", "", "bin_like_room order_like_phone", rows=ROWS, ono="13805712266", rn="胡*", rp="180******53", ra="福建省福州市晋安区新店镇秀山路245号融侨悦城11号楼****", remark="发票随箱")
case("z15", "he", "pick", "hand", "room_receiver", "bin_like_room", rows=ROWS[1:], rn="罗*婷", rp="155******26", ra="!安徽省芜湖市镜湖区赭山中路33号凤凰城12幢2单元603室", remark="发票随箱")
case("z16", "yan", "bin", "soft", "", "phone_tail", rn="唐xx", rp="尾号5512", ra="上海市浦东新区川沙路1200弄金川苑18号****", goods="水果 1筐", remark="门卫代收")
case("z17", "yan", "bin", "", "name_receiver", "two_characters", rn="!何苗", rp="尾号0836", ra="上海市宝山区牡丹江路1508号旭辉城9号楼****", goods="蔬菜 1筐", remark="门卫代收")
case("z18", "he", "keys", "jpeg", "", "door_code_masked", rn="曹●●", rp="131●●●●●●77", ra="山西省太原市小店区平阳南路9号昌盛花园2号楼●●●●", goods="猫砂 10kg", remark="门禁****，放消防栓旁")
case("z19", "song", "keys", "", "phone_remark", "", rn="彭**", rp="182******11", ra="江西省南昌市青山湖区解放西路67号江铃新村30栋****", goods="猫粮 5kg", remark="!打不通请打13957120044")
case("z20", "ta", "cols", "shadow", "", "x_masks", rn="韩xx", rp="150xxxxxx64", ra="河南省洛阳市涧西区南昌路72号牡丹花园15幢xxxx", goods="奶粉 800g×6", remark="保税仓发货，清关后派送")
case("z21", "bai", "cols", "", "shop_sender", "", sn="冯*", sp="134******95", sa="!浙江省义乌市国际商贸城三区F2商位28541", rn="曾*", rp="153******40", ra="云南省昆明市官渡区关上街道日新路18号锦绣苑3幢****", goods="发圈 100根", remark="无")
case("z22", "ta", "strip", "curl", "", "latin_name", rn="J*** S***", rp="+86 138******09", ra="广东省深圳市南山区蛇口街道望海路1177号南海意库B座", goods="维生素 2瓶", remark="清关件")
case("z23", "lu", "strip", "", "phone_sender", "four_discs", sn="袁●●", sp="!177●●●●2046", sa="河北省廊坊市广阳区新源道34号", rn="许●", rp="●●●●●●●3917", ra="河北省保定市竞秀区朝阳北大街800号", goods="干果 3袋", remark="无")
case("z24", "qing", "ply2", "", "", "stickers", rn="任{晓峰}", rp="1{351907}4422", ra="甘肃省兰州市七里河区西津西路196号兰石豪布斯卡5号楼{2单元1804}", goods="羊毛毡 1卷", remark="易燃")
case("z25", "qing", "ply2", "soft", "address_ply2", "sticker_on_ply1_only", rn="姚**", rp="166******28", ra="宁夏银川市兴庆区凤凰北街12号燕祥小区9号楼{3单元202}", ra2="!宁夏银川市兴庆区凤凰北街12号燕祥小区9号楼3单元202室", goods="枸杞 2罐", remark="礼品装")
case("z26", "qing", "ply3", "hand", "", "dotted_name", rn="买买提·*尔逊", rp="199******50", ra="新疆乌鲁木齐市天山区解放南路8号二道桥商城旁和平小区4号楼****", goods="棉被 1床", remark="大件")
case("z27", "yun", "ply3", "crease", "name_ply3", "compound_surname", rn="欧阳*", rn3="!欧阳娜娜", rp="157******66", ra="山东省淄博市张店区柳泉路300号华侨城8号楼****", goods="窗帘 2幅", remark="轻放")
case("z28", "chi", "tall", "", "", "words_for_room", rn="江*", rp="137******84", ra="安徽省蚌埠市蚌山区东海大道5号绿地世纪城17号楼（房号不显示）", goods="绘本 5册", remark="送货前短信通知")
case("z29", "chi", "tall", "soft", "code_person", "fields_clean", rn="夏*荷", rp="158******73", ra="安徽省滁州市琅琊区丰乐大道99号香港城6幢****", goods="积木", remark="轻放", qr="!XIA YIHE,15855017773")
case("z30", "hai", "low", "curl", "code_order_url", "fields_clean", rn="田*", rp="147******60", ra="广东省惠州市惠城区演达大道11号江北新天地2栋****", goods="雨伞 1把", remark="无", qr="!https://m.txj.example/order?id=26110500917", dots=12)
case("z31", "yan", "low", "", "", "locker", rn="蒋**", rp="189******27", ra="江苏省南京市栖霞区文苑路9号仙林新村东门快递柜03格口", goods="湿巾 10包", remark="入柜后短信通知", dots=12)
case("z32", "shan", "freight", "", "landline_four_masked", "landline", rn="汪*", rp="!0797-8555****", ra="浙江省湖州市南浔区浔练公路1号", goods="衣柜 5箱", remark="卸货需叉车")
case("z33", "bai", "back", "shadow", "room_sender", "compact_room", rn="百味坊食品店", rp="400-157-6003", ra="福建省晋江市陈埭镇鞋都路27号", sn="丁*玲", sp="176******31", sa="!福建省莆田市城厢区荔城中大道66号正荣花园3-2-501", goods="紫菜 4包", remark="漏气")
case("z34", "song", "back", "tape", "", "health_goods", rn="松果云仓余杭二号仓", rp="400-188-0917", ra="浙江省杭州市余杭区仓兴街66号2号库", sn="钱○○", sp="○○○○○○○8103", sa="浙江省嘉兴市南湖区中环南路1号府南花园5幢○○○○", goods="血糖试纸 50片", remark="临期")
case("z35", "chi", "pick", "", "name_remark", "name_masked_above", rows=ROWS[:2], rn="许*禾", rp="185******49", ra="江苏省扬州市邗江区文汇西路202号京华城12幢****", remark="!写贺卡：祝许嘉禾十岁生日快乐")
case("z36", "he", "pick", "hand soft", "", "station bin_like_room", rows=ROWS, rn="余*", rp="130******58", ra="江苏省盐城市亭湖区青年中路27号学海路驿站", remark="代收")
case("z37", "song", "bin", "", "", "neighbour", second="y01", bed="roll", rn="沈*", rp="***-****-3390", ra="浙江省温州市鹿城区车站大道577号财富中心A座", goods="打包带", remark="5箱")
case("z38", "song", "bin", "soft", "neighbour_phone", "neighbour", second="y02", bed="roll", rn="陆**", rp="135******16", ra="浙江省丽水市莲都区中山街490号华侨公寓2幢****", goods="封箱胶", remark="2箱")
case("z39", "he", "keys", "", "title_masks_nothing", "title", rn="!李女士", rp="188******42", ra="江苏省镇江市京口区中山东路301号", goods="砂锅 1只", remark="轻拿轻放")
case("z40", "he", "keys", "shadow", "", "floor_and_building", rn="金*浩", rp="152******05", ra="江苏省徐州市云龙区和平大道59号文远大厦B座9楼", goods="打印纸 3包", remark="送前台")
case("z41", "yun", "cols", "hand", "room_chinese_numerals", "", rn="苗*", rp="156******81", ra="!山东省潍坊市奎文区胜利东街4919号金都苑六号楼三单元五楼东户", goods="衣架 20个", remark="无")
case("z42", "bai", "cols", "pale", "", "village_household_hidden", rn="赖***", rp="178******37", ra="福建省龙岩市上杭县古田镇赖坊村5组***", goods="茶具", remark="村口小卖部代收")
case("z43", "yun", "strip", "", "household_receiver", "village", rn="石*", rp="132******69", ra="!山东省菏泽市郓城县张营镇后塘村5组12号", goods="种子 5袋", remark="无")
case("z44", "qing", "strip", "deaddots", "", "thermal", rn="白*", rp="*******6650", ra="陕西省宝鸡市金台区宏文路28号金台花园7号楼****", goods="辣椒面", remark="防潮")
case("z45", "hai", "ply2", "motion", unreadable=True, rn="方*", rp="138******40", ra="广东省珠海市香洲区拱北街道侨光路12号2栋****", goods="纸巾", remark="无")
case("z46", "lu", "low", "cut", unreadable=True, shift=(0, 0.38), fill=1.22, rn="崔*", rp="139******17", ra="河北省唐山市路北区新华东道88号凤凰新城12楼****", goods="抹布", remark="无", bed="carton")
case("z47", "song", "notice", "", unreadable=True, kind="other")
case("z48", "bai", "ply3", "defocus", unreadable=True, rn="叶*", rp="138******06", ra="福建省泉州市丰泽区津淮街38号4幢****", goods="茶", remark="无")
case("z49", "he", "keys", "ghost", unreadable=True, rn="潘*", rp="138******23", ra="江苏省南通市崇川区人民中路10号6幢****", goods="拖把", remark="无")
case("z50", "chi", "ply2", "turn90", "", "lying", turn=90, bed="steel", rn="卢*萱", rp="15X-XXXX-XX84", ra="江西省九江市浔阳区长虹大道26号怡景花园10栋XXXX", goods="奶瓶刷", remark="轻放")
case("z51", "hai", "tall", "turn180", "phone_eight_shown", "many_stars", turn=180, rn="程**", rp="!138*******45678", ra="广东省佛山市禅城区汾江中路135号东方花园7座****", goods="拖鞋 2双", remark="无")
case("z52", "yan", "low", "jpeg", "", "one_token", order="n+p/a", rn="魏**", rp="181******93", ra="上海市嘉定区曹安公路4671号新城丰庄西路口便利店", goods="面包 3袋", remark="店内代收")
case("z53", "qiao", "freight", "soft", "", "organisation large", size=(3264, 2448), rn="永捷泵阀经营部", rp="400-855-2290", ra="重庆市九龙坡区石坪桥横街66号机电市场一楼", goods="水泵 3台", remark="内装精密件，向上")
case("z54", "he", "pick", "", "code_address", "large fields_clean", size=(2448, 3264), rows=ROWS, rn="邹*", rp="170******52", ra="湖北省宜昌市西陵区夷陵大道119号锦江花园3栋****", remark="合并发货", qr="!湖北省宜昌市西陵区夷陵大道119号锦江花园3栋1单元901室", dots=12)
case("z55", "yan", "bin", "curl", "dormitory", "", rn="熊*", rp="*******2218", ra="!上海市松江区文汇路1000号大学城5栋312寝", goods="零食 1箱", remark="放宿管处")
case("z56", "song", "keys", "", "", "landline_six_masked", rn="尹*", rp="0571-******23", ra="浙江省金华市婺城区李渔路1103号时代花园1幢****", goods="保温袋", remark="工作日送")
case("z57", "ta", "cols", "", "pen_door_code", "pen", rn="黎*", rp="145******08", ra="河南省开封市龙亭区晋安路3号清明花园9号楼****", goods="护手霜", remark="无", pen=(36, 58.5, "!大门密码2580"))
case("z58", "qing", "strip", "", "", "pen", rn="贺*", rp="173******21", ra="陕西省咸阳市秦都区人民西路37号", goods="苹果 5kg", remark="无", pen=(12, 82, "缺2件 已补"))
case("z59", "yun", "ply2", "shadow", "name_sender_ply2", "sender_person", sn="周*", sn2="!周敏", sp="183******47", rn="付**", rp="136******74", ra="山东省烟台市芝罘区南大街166号万达公寓3号楼****", goods="台布", remark="无")
case("z60", "bai", "ply3", "soft", "", "virtual_in_time", rn="毛##", rp="19512340078转6621（2026-11-30前有效）", ra="福建省厦门市集美区石鼓路9号文教区8号楼####", goods="海苔 6罐", remark="无")
case("z61", "chi", "ply3", "", "", "phone_tail_in_remark", rn="史*", rp="184******99", ra="安徽省安庆市迎江区人民路308号吉祥里2幢****", goods="童鞋 28码", remark="放门口，取件尾号2281")
case("z62", "hai", "bin", "crease", "", "crosses", rn="杜××", rp="191××××××13", ra="广东省中山市石岐区孙文中路168号东明花园A座××××", goods="凉席", remark="易折")
case("z63", "lu", "tall", "", "", "short_hotline", rn="龙◆", rp="◆◆◆◆◆◆◆7046", ra="辽宁省沈阳市铁西区建设中路18号工人村33号楼◆◆◆◆", goods="保暖袜 3双", remark="上午不在家")
# neighbours on the roll
case("y01", "song", "bin", "", rn="于*", rp="***-****-1475", ra="浙江省台州市椒江区市府大道381号新东方大厦", goods="气泡膜", remark="1卷")
case("y02", "song", "bin", "", rn="董**", rp="!13567190283", ra="浙江省衢州市柯城区荷花中路226号荷塘雅苑4幢****", goods="气泡膜", remark="3卷")
IDS = [i for i in CASES if i[0] == "z"]
for a, b in (("y01", "z37"), ("y02", "z38")):
    CASES[a]["dots"], CASES[a]["style"] = CASES[b]["dots"], CASES[b]["style"]
