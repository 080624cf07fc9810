"""The sixty cases. A value that begins with ! shows more than it may; everyone in here is invented.

Of the receiver and the sender stand name, phone and address; None where the label has no such field.
"""

CASES = {}
B, K = "\ue000", "\ue001"  # an empty box, marker ink
NOBODY = (None, None, None)


def case(id_, layout, style, lv, dist, bg, r, s=NOBODY, *, traps=(), faults=(), **more):
    c = {"id": id_, "layout": layout, "style": style, "lv": lv, "dist": dist, "bg": bg, "traps": list(traps), "faults": list(faults)}
    c |= dict(zip(("rn", "rp", "ra"), r, strict=True)) | dict(zip(("sn", "sp", "sa"), s, strict=True))
    n = int(id_[1:3]) + 60 * (len(id_) > 3)
    c["no"] = ("CX", "MM", "HZ", "88", "SJ", "YX", "6301", "PS")[n % 8] + str(7_203_381_460_917 + n * 6_337_913)[:13]
    c["date"] = f"2026-11-{11 + n % 13}"
    c["route"] = ("25-B07-3", "K3 016 2", "731-E9", "09-14-A2", "C55 08", "0591-T3")[n % 6]
    c["hub"] = ("南京江宁", "郑州航空港", "长沙东", "福州南台", "西安浐灞", "合肥肥西")[n % 6]
    c["tags"] = ("收", "寄")
    c["dots"] = 12 if n % 3 == 1 else 8
    c["qr"] = c["no"] + "T" + str(n * 9241 + 377)
    c["goods"] = ("童书 2册", "毛巾 1条", "茶叶", "手机壳", "干货 2袋", "灯具")[n % 6]
    CASES[id_] = c | more


# -- ordinary light, half of them tilted ------------------------------------------------------------------
case("x01", "bare", "sans", 1, "", "carton", ("聂**", "137******92", "江苏省南京市江宁区东山街道竹溪路61号翠屏里4幢****"),
     ("木子家居用品店", "400-655-3180", "浙江省台州市黄岩区北城街道康强路210号2楼"), traps=["no words for the parties", "organisation as sender", "400 number", "floor shown"])
case("x02", "bare", "narrow", 1, "tilt", "bag", ("!慕容晓菲", "*******3816", "湖南省长沙市雨花区圭塘街道香樟路412号橘洲苑2栋****"),
     ("汤*", "*******0957", "湖南省邵阳市邵东市仙槎桥镇工业路8号***"), traps=["no words for the parties", "compound surname"], faults=["receiver name whole"])
case("x03", "grid", "sans", 1, "", "desk", ("龚*", "188******07", "河南省郑州市二七区建中街街道铭功路77号陇海家园11号楼****"),
     ("中原粮油商贸有限公司", "0371-******08", "河南省新乡市卫滨区解放大道390号"), traps=["table", "fixed line masked", "organisation as sender"], tags=("收件方", "寄件方"))
case("x04", "grid", "sans", 1, "tilt", "carton", ("章**", "!150****7263", "安徽省合肥市瑶海区明光路街道凤阳路150号****"),
     ("骆*", "*******4418", "安徽省亳州市谯城区花戏楼街道人民中路33号***"), traps=["table"], faults=["phone hides four"], tags=("收件方", "寄件方"))
case("x05", "retslip", "sans", 1, "", "foam", ("鹿角鞋靴旗舰店售后组", "400-883-0169", "福建省泉州市晋江市池店镇华洲路19号B区3号库"),
     ("阎*", "*******7705", "陕西省西安市灞桥区十里铺街道长乐东路2066号****"), traps=["other words for the parties", "customer stands first", "organisation as receiver", "400 number", "warehouse hall shown"],
     tags=("退至商家", "退货顾客"), remark="鞋码偏小 换41码")
case("x06", "retslip", "bold", 1, "tilt", "carton", ("初见女装退货仓", "******", "广东省广州市番禺区南村镇兴业大道东88号5号库1楼"),
     ("孟*", "*******2850", "湖北省宜昌市西陵区学院街道珍珠路54号****"), traps=["other words for the parties", "organisation as receiver"],
     faults=["name and room in the remark"], tags=("回寄", "退件人"), remark="!人不在，到隔壁702找舒桂兰取件", goods="针织衫 1件")
case("x07", "solo", "sans", 1, "tilt", "bag", ("常*", "*******6341", "山东省济南市历下区文化东路街道山师东路25号****"),
     traps=["one party only", "no words for the parties"], tags=("", ""))
case("x08", "solo", "sans", 1, "", "desk", ("!庞立诚", "!18953270416", "山东省潍坊市奎文区东关街道民生东街46号****"),
     traps=["one party only"], faults=["receiver name whole", "receiver phone whole"])
case("x09", "triple", "sans", 1, "", "carton", ("贺**", "133******60", "四川省绵阳市涪城区城厢街道警钟街38号****"),
     ("川蜀竹编工坊", "0833-******5", "四川省乐山市夹江县漹城街道迎春南路7号"), traps=["three plies", "fixed line masked", "organisation as sender"])
case("x10", "triple", "sans", 1, "tilt", "floor", ("段*", "*******1926", "云南省昆明市五华区龙翔街道学府路55号云岭苑3栋****"),
     ("普**", "*******8360", "云南省玉溪市澄江市凤麓街道振兴路12号***"), traps=["three plies"], faults=["third ply shows unit and room"],
     ra3="!云南省昆明市五华区龙翔街道学府路55号云岭苑3栋2单元604室")
case("x11", "duo", "sans", 1, "", "carton", ("简■", "186■■■■■■31", "重庆市沙坪坝区小龙坎街道渝碚路99号■■■■"),
     ("霍■■", "■■■■■■■0583", "重庆市永川区中山路街道渝西大道6号■■■"), traps=["mask of black squares"])
case("x12", "duo", "narrow", 1, "tilt", "bag", ("莫*", "*******9014", "广西壮族自治区桂林市七星区东江街道三里店大圆盘8号****"),
     ("卓*", "!0755-26641987", "广东省深圳市南山区西丽街道留仙大道1183号****"), faults=["fixed line whole"], tags=("收件", "寄件"))
case("x13", "strip", "bold", 1, "", "desk", ("祝**", "****5527", "江苏省南京市鼓楼区宁海路街道颐和路39号"),
     ("老灶头馄饨(颐和店)", "*******6102", "江苏省南京市鼓楼区江苏路21号1层"), traps=["organisation as sender", "floor shown", "order number like a phone"],
     tags=("送", "取"), goods="荠菜馄饨×2 桂花糕×1", extra=["订单号 13902845561073", "实付 47.60元"])
case("x14", "strip", "sans", 1, "tilt", "floor", ("崔*", "****3390", "天津市南开区学府街道鞍山西道308号风荷园7号楼****"),
     ("早安烘焙坊", "400-701-2284", "天津市南开区白堤路66号底商"), faults=["door code in the remark"], traps=["organisation as sender"],
     tags=("送至", "来自"), goods="生日蛋糕 1个", remark="!大门密码0819*，放鞋柜上")
case("x15", "pallet", "sans", 1, "", "carton", ("长江阀门制造有限公司 涂*", "136******55", "湖北省武汉市青山区工人村街道工业大道201号2号库1号门"),
     ("恒远铸件厂", "400-612-9047", "河北省沧州市泊头市富镇铸造路17号"), traps=["organisation with masked contact", "warehouse hall shown", "400 number"],
     tags=("收货单位", "发货单位"), goods="法兰 12件 380kg")
case("x16", "pallet", "bold", 1, "tilt", "floor", ("!鸿图印刷包装厂 经办人:石玉良", "*******7719", "江西省赣州市章贡区水东镇虔东大道30号"),
     ("新丰纸业", "400-820-5563", "浙江省杭州市富阳区大源镇纸业路5号"), faults=["contact person whole beside an organisation"], traps=["organisation as sender"],
     tags=("收货单位", "发货单位"), goods="铜版纸 6令")
case("x17", "letter", "serif", 1, "", "desk", ("房** 先生", "*******4826", "江苏省无锡市梁溪区崇安寺街道中山路198号****"),
     ("太湖读书会", "0510-******72", "江苏省无锡市滨湖区蠡湖大道1号文津馆3楼"), traps=["letter", "title behind a masked name", "floor shown", "fixed line masked"], goods="文件", post="214000")
case("x18", "letter", "serif", 1, "tilt", "kraft", ("穆*", "*******7340", "!辽宁省沈阳市和平区南京南街88号嘉里塔A座1607"),
     ("盛京律所联合会", "400-699-1830", "辽宁省沈阳市沈河区青年大街167号"), traps=["letter"], faults=["office number shown"], goods="合同 1份", post="110001")
case("x19", "shelf", "sans", 1, "", "carton", ("纪**", "****8802", "西安市碑林区友谊东路112号 麻雀柜3号柜"),
     traps=["locker shown", "shelf code like a room", "one party only"], route="5-3-1204", hub="友谊东站", goods=None)
case("x20", "shelf", "bold", 1, "tilt", "desk", ("!李女士", "尾号4471", "福州市台江区义洲街道白马南路60号 麻雀小站"),
     traps=["tail of the phone in words", "station shown", "one party only"], faults=["title for a given name"], route="B-07-2016", hub="白马南站", goods=None)
case("x21", "columns", "sans", 1, "", "desk", ("Maria G*****", "189******24", "上海市长宁区虹桥街道荣华东道80弄12号****"),
     ("甬港进出口有限公司", "0574-******16", "浙江省宁波市北仑区新碶街道进港路25号"), traps=["Latin name masked", "organisation as sender", "fixed line masked", "two languages"],
     tags=("收货人 Consignee", "发货人 Shipper"), worded=True)
case("x22", "columns", "sans", 1, "tilt", "carton", ("D. O*****", "*******6658", "北京市朝阳区麦子店街道枣营路29号****"),
     ("宾*", "*******1047", "福建省厦门市思明区莲前街道洪莲路15号****"), faults=["order's URL in the code"], traps=["Latin name masked", "two languages"],
     tags=("收货人 Consignee", "发货人 Shipper"), qr="!https://m.qingchuan-order.example/o/2026110945517?u=88412")
case("x23", "wrap", "sans", 1, "", "foam", ("舒*", "*******5036", "浙江省杭州市上城区小营街道清泰街508号****"),
     ("同福堂大药房", "400-808-6617", "浙江省杭州市临平区南苑街道迎宾路355号冷库2号"), traps=["goods of health", "organisation as sender"], goods="胰岛素笔芯 3支", remark="收到后请立即冷藏")
case("x24", "wrap", "sans", 1, "tilt", "carton", ("裴**", "*******8217", "江苏省扬州市广陵区文昌花园街道沙湾路7号****"),
     ("佟*", "!0514-87**5**9", "江苏省扬州市江都区仙女镇龙川路40号****"), faults=["fixed line hides four"], goods="大闸蟹 8只", tags=("收件人", "寄件人"))
case("x25", "post", "serif", 1, "", "kraft", ("卜**", "*******3605", "湖北省恩施州利川市谋道镇鱼木寨村2组***"),
     ("齐*", "177******48", "湖南省常德市石门县壶瓶山镇江坪街***"), traps=["village group without household"], tags=("收件人", "寄件人"))
case("x26", "post", "serifbold", 1, "tilt", "carton", ("鲍*", "*******9472", "!安徽省六安市金寨县燕子河镇大峡谷村9组36号"),
     ("!娄翠萍", "*******0261", "安徽省芜湖市镜湖区弋矶山街道赭山东路18号***"), faults=["household behind the group", "sender name whole"], traps=["village group"], tags=("收件人", "寄件人"))
case("x27", "group", "sans", 1, "", "bag", ("爱*的猫", "*******1158", "幸福里小区东门 鲜果多便利店"),
     ("邻里拼团长沙仓", "400-766-1102", "长沙市望城区黄金园街道金星北路A3号库"), traps=["nickname masked", "shop as pick-up place", "400 number", "warehouse hall shown"], goods="鸡蛋30枚 小青菜500g")
case("x28", "group", "bold", 1, "tilt", "desk", ("!月亮不睡我不睡", "****6094", "明德路22号 老周蔬果店自提"),
     traps=["shop as pick-up place", "shop bears a person's name"], faults=["nickname whole"], goods="沃柑5斤 酸奶×6", remark="要硬一点的")
case("x29", "bare", "wide", 1, "tilt", "carton", ("乔○", "139○○○○○○45", "河北省保定市莲池区裕华路街道莲池南大街255号○○○○"),
     ("成○○", "○○○○○○○3726", "河北省邢台市清河县葛仙庄镇运河街9号○○○"), traps=["mask of circles", "no words for the parties", "order number like a phone"], extra=["单号 15233901847", "重量 0.86kg"])
case("x30", "duo", "sans", 2, "ruin", "carton", ("邱*", "*******5519", "山西省太原市迎泽区柳巷街道桥东街12号****"),
     ("沙*", "*******2043", "山西省晋中市平遥县古陶镇顺城路3号****"), unreadable=True, traps=["torn and wet"])
# -- the harder half --------------------------------------------------------------------------------------
case("x31", "duo", "sans", 2, "persp", "belt", ("冉×", "17090264418-3907\n有效期至2026-12-20", "贵州省贵阳市南明区中华南路街道箭道街44号××××"),
     ("龙××", "×××××××4120", "贵州省安顺市西秀区东街街道塔山东路6号×××"), traps=["mask of crosses", "virtual number with an expiry"])
case("x32", "grid", "narrow", 2, "shadow", "desk", ("解*", "!16530927184转2266", "黑龙江省哈尔滨市南岗区花园街道龙江街57号****"),
     ("北味山珍商行", "400-650-7719", "黑龙江省伊春市伊美区旭日街道永红路3号"), faults=["virtual number without an expiry"], traps=["table", "organisation as sender"])
case("x33", "triple", "sans", 1, "persp", "carton", (f"诸葛{B}", f"158{B * 4}03", f"浙江省金华市兰溪市诸葛镇旅游路71号{B * 4}"),
     (f"蓝{B}{B}", f"{B * 5}8837", f"浙江省丽水市景宁县红星街道人民中路80号{B * 3}"), traps=["mask of empty boxes", "three plies", "compound surname"])
case("x34", "triple", "sans", 1, "curve crease", "bag", (f"阮{B}", f"!138{B * 2}45671", f"福建省宁德市蕉城区蕉南街道八一五中路17号{B * 4}"),
     (f"丘{B}", f"{B * 5}2209", f"福建省龙岩市新罗区东城街道和平路5号{B * 3}"), traps=["mask of empty boxes", "three plies"], faults=["box hides three digits"])
case("x35", "letter", "serif", 1, "shadow crease", "kraft", ("尹某某", "*******6613", "四川省自贡市自流井区五星街街道十字口35号****"),
     ("盐都灯会筹备处", "0813-******8", "四川省自贡市大安区和平街道凉高山路2号"), traps=["letter", "某 for the given name", "pen note that says nothing", "fixed line masked"], labels=("收信人 ", "电话 ", "地址 "), labels2=("寄信人 ", "电话 ", "地址 "),
     pen="请勿折叠", pen_at=(120, 16), pen_h=6, goods="请柬", post="643000")
case("x36", "retslip", "sans", 2, "crease", "carton", ("百川数码售后部", "400-615-0028", "广东省东莞市长安镇振安东路301号2号楼1楼"),
     ("车*", "*******5514", "海南省海口市龙华区金贸街道国贸路48号****"), faults=["phone in pen writing"], traps=["other words for the parties", "pen note"], tags=("返厂", "送修用户"),
     pen="!急 13876054219", pen_at=(38, 84), pen_h=4.6, head="维修寄送单", remark="不开机", goods="平板电脑 1台")
case("x37", "duo", "bold", 1, "cut", "bag", ("武*", "*******3308", "内蒙古自治区包头市昆都仑区少先路街道钢铁大街21号****"),
     ("草原牧歌食品", "400-677-1205", "内蒙古自治区锡林郭勒盟锡林浩特市杭盖街道额尔敦路9号"), unreadable=True, traps=["picture ends at the receiver's address"])
case("x38", "strip", "sans", 1, "shadow", "bag", ("侯**", "!17136620985-5018 有效期至2026-11-10", "湖北省武汉市洪山区珞南街道武珞路628号****"),
     ("!闵嘉航", "*******2746", "湖北省武汉市武昌区中南路街道民主路66号****"), faults=["virtual number expired before printing", "sender name whole"], tags=("送达", "取件"), goods="文件袋 1个", date="2026-11-20")
case("x39", "retslip", "serif", 2, "curve wave", "foam", ("听雨琴行维修室", "0553-******1", "安徽省芜湖市弋江区马塘街道利民路120号1楼"),
     ("岑*", "176******30", "江西省九江市浔阳区湓浦街道浔阳路233号****"), traps=["other words for the parties", "organisation as receiver", "pen note that says nothing", "fixed line masked"],
     tags=("返修收件处", "报修客户"), head="返修单", pen="易碎 轻放", pen_at=(44, 88), remark="琴码松动", goods="二胡 1把")
case("x40", "pallet", "narrow", 2, "persp", "floor", ("华*", "*******8195", "!浙江省金华市义乌市福田街道稠州北路国际商贸城F区商位30172"),
     ("汕头玩具联营厂", "400-630-4417", "广东省汕头市澄海区凤翔街道岭海路50号"), faults=["market stall shown"], traps=["organisation as sender"], tags=("收货方", "发货方"), goods="积木 8箱")
case("x41", "pallet", "sans", 2, "shadow exif6", "carton", ("艾**", "*******2274", "湖北省武汉市黄陂区盘龙城街道汉口北批发市场D座1楼****"),
     ("海宁皮具城物流中心", "0573-******09", "浙江省嘉兴市海宁市海州街道海州西路201号7号库A12月台"), traps=["market stall masked", "floor shown", "warehouse hall shown", "fixed line masked"],
     tags=("收货方", "发货方"), goods="箱包 20件")
case("x42", "notice", "sans", 1, "tilt", "desk", NOBODY, heading="招 租", extra=["本店铺因店主回乡，现整体转让：", "面积42平方米，临街，水电齐全，", "原为快递收寄点，货架、电脑、", "面单打印机一并出让。", "有意者请到隔壁茶馆面谈，", "中介勿扰。"], stamp="旺铺转让",
     unreadable=True, kind="other", traps=["a notice that speaks of labels"])
case("x43", "columns", "narrow", 2, "film noise", "bag", ("饶*", "135******68", "江西省上饶市信州区东市街道五三大道90号****"),
     ("覃**", "*******7250", "广西壮族自治区柳州市鱼峰区箭盘山街道屏山大道6号****"), faults=["name and phone in the code"], tags=("收件人", "寄件人"),
     qr='!{"no":"88720365","name":"饶建斌","tel":"13570936868"}')
case("x44", "columns", "mono", 2, "film tilt", "carton", ("买买提**·热合曼", "+86 181******09", "新疆维吾尔自治区伊犁州伊宁市都来提巴格街道解放西路133号****"),
     ("天山果业合作社", "0999-******4", "新疆维吾尔自治区伊犁州霍城县水定镇迎宾路2号"), traps=["dotted name", "+86", "fixed line masked"], tags=("收件人", "寄件人"))
case("x45", "wrap", "sans", 1, "blur jpeg", "foam", ("洪*", "*******4403", "!海南省三亚市吉阳区迎宾路街道荔枝沟路200号椰风苑6-2-1102"),
     ("南海渔获直供", "400-698-2215", "海南省儋州市白马井镇渔港路11号冷库B"), faults=["compact unit and room"], traps=["organisation as sender"], goods="石斑鱼 2条 冷冻")
case("x46", "wrap", "sans", 2, "faint dead", "carton", ("卫**", "*******1839", "甘肃省兰州市城关区张掖路街道通渭路66号兴陇大厦B座9楼****"),
     ("陇原检验中心", "0931-******53", "甘肃省兰州市安宁区培黎街道健宁路5号2层样本接收处"), traps=["weak print", "goods of health", "floor shown", "fixed line masked"], goods="血样采集管 1套", fill=0.72, tags=("接收人", "寄出方"))
case("x47", "post", "serif", 2, "curve", "kraft", ("屈*", "*******6027", "!陕西省宝鸡市金台区中山西路街道东风路41号职工新村三单元五楼东户"),
     ("沈*", "*******3184", "陕西省汉中市勉县勉阳街道和平路13号***"), faults=["unit and household in Chinese numerals"], tags=("收件人", "寄件人"))
case("x48", "post", "serif", 2, "crease", "carton", ("应**", "*******7913", "吉林省四平市梨树县六户屯乡三单元桥村百户营屯***"),
     ("关*", "183******52", "吉林省长春市双阳区平湖街道西双阳大街402号***"), traps=["village names with 户 and 单元", "house number like a room"], tags=("收件人", "寄件人"))
case("x49", "group", "sans", 2, "persp blur", "desk", ("迟*", "*******5086", "!理工大学东校区7号宿舍楼312寝2床"),
     faults=["dormitory room and bed shown"], traps=["one party only"], labels=("收货人 ", "手机 ", "送到 "), goods="西瓜半个 酸梅汤×2")
case("x50", "shelf", "mono", 2, "blur warm", "bag", ("古*", "****0937", "兰州市七里河区西园街道西津东路575号 菜鸟驿站(西园店)2楼"),
     ("半闲斋点心铺", "400-888-3106", "广州市荔湾区宝源路87号"), traps=["station shown", "floor shown", "shelf code like a room"], route="12-2-0801", hub="西园店", goods=None)
case("x51", "bare", "sans", 2, "glareout", "blackbag", ("俞*", "*******2265", "江苏省常州市天宁区天宁街道关河东路9号****"),
     ("麦*", "*******1180", "广东省佛山市顺德区乐从镇新隆路4号****"), unreadable=True, traps=["glare over every field"])
case("x52", "solo", "sans", 2, "persp shadow", "carton", ("祁*", "!15809417736", "青海省西宁市城西区古城台街道五四大街37号****"),
     traps=["one party only", "pen over a field"], faults=["phone read under a dry felt pen"], dry=("rp",))
case("x53", "solo", "sans", 1, "shadow", "kraft", (f"冷{K}{K}", "18204917385", "宁夏回族自治区银川市兴庆区凤凰北街街道民族北街61号****"),
     traps=["one party only", "blotted by a wet marker"], marker={"rp": (0.22, 0.84)}, tags=("收件人", ""))
case("x54", "bare", "sans", 2, "curve film", "blackbag", ("杭*", "*******4962", "江苏省南京市玄武区梅园新村街道解放路1203号1912街区17栋****"),
     ("五室巷老酒坊", "0575-******7", "浙江省绍兴市越城区北海街道五室巷8号"), traps=["house number like a room", "lane name with 室", "organisation as sender", "fixed line masked", "no words for the parties"])
case("x55", "bare", "sans", 2, "tape tilt", "carton", ("麥**", "+852 ******35", "广东省深圳市福田区福保街道福强路3030号****"),
     ("纳兰*", "*******5571", "北京市西城区金融街街道辟才胡同19号****"), traps=["Hong Kong number masked", "compound surname", "no words for the parties"])
case("x56", "grid", "sans", 2, "tilt film", "bag", ("仇xx", "131xxxxxx77", "山西省大同市平城区南关街道迎宾街88号xxxx"),
     traps=["table", "mask of letters x", "sender left empty"], tags=("收件人", "寄件人"), remark="周末送货", pen="已补贴", pen_at=(44, 98))
case("x57", "strip", "sans", 3, "darkout", "desk", ("佘*", "****7719", "广东省珠海市香洲区拱北街道迎宾南路6号****"),
     ("湾仔海味", "400-600-7718", "广东省珠海市香洲区湾仔街道港湾路3号"), unreadable=True, traps=["dark"])
case("x58", "duo", "sans", 1, "", "belt", ("伏*", "*******6480", "江苏省淮安市清江浦区长西街道淮海北路50号****"),
     ("封*", "*******3097", "江苏省盐城市亭湖区五星街道解放南路8号****"), traps=["a second label in view"], size=(2240, 1680), fill=0.84, off=(-40, 0), second="x58b", second_at=(96, -2, 0.05),
     faults=["the second label's name and phone whole"])
case("x59", "strip", "mono", 2, "curve finger", "desk", ("王**先生", "*******7026", "北京市海淀区花园路街道798艺术区东街6号院2号楼"),
     ("张阿根刀剪(花园路店)", "400-820-6199", "北京市海淀区花园东路11号地下一层"), traps=["title behind a masked name", "shop bears a person's name", "place name of digits", "floor shown"],
     tags=("收货", "发货"), goods="厨刀 1把", remark="放门口即可，不用打电话", extra=["取货码 6603"])
case("x60", "triple", "sans", 2, "shadow", "carton", ("区**", "1*******326", "广东省江门市蓬江区白沙街道胜利路152号之二****"),
     ("侨乡陈皮世家", "0750-******8", "广东省江门市新会区会城街道圭峰路9号三楼"), traps=["surname 区", "floor shown", "fixed line masked", "organisation as sender", "three plies"], tags=("收件", "寄件"), goods="十年陈皮 250g")
# -- the neighbour in x58 ---------------------------------------------------------------------------------
case("x58b", "bare", "sans", 1, "", "belt", ("!Thomas Becker", "!13914580672", "江苏省苏州市工业园区湖东街道星湖街328号****"),
     ("柏*", "*******7541", "江苏省徐州市云龙区子房街道津浦东路21号****"))
