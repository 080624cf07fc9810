"""The cases. ! before a value: it shows too much. ⟦ ⟧: covered as `cover` says. `rn` receiver's name, `sp` sender's phone…"""

CASES = {}


def c(id_, layout, style, bg, dist, traps=(), faults=(), **kw):
    CASES[id_] = {"id": id_, "layout": layout, "style": style, "bg": bg, "dist": dist, "traps": list(traps), "faults": list(faults), **kw}


c("x01", "duo", "sans", "concrete", "crumple shadow jpeg", carrier="江鲤快递", sort="512-07 B16", no="JL7730418826195",
  rn="陆*芬", rp="139******27", ra="江苏省苏州市吴中区木渎镇金山路211号香溪花园17幢***", sn="苏州绣里丝绸有限公司", sp="0512-******09",
  sa="江苏省苏州市姑苏区白塔西路80号", goods="丝巾2条", remark="易皱勿折", date="2026-11-03 09:12")
c("x02", "duo", "narrow", "bag", "crease wet", ["second ply tells less than the first"], ["name"], carrier="吴桥速运", sort="571B-22", no="WQ205517730026",
  shape="box", order="n/p/a", rn="!计春妹", rn2="计**", rp="186******40", rp2="186********", ra="浙江省杭州市余杭区良渚街道古墩路1899号逸城苑6幢****", sn="俞*",
  sp="135******18", sa="浙江省湖州市南浔区泰安路66号***", goods="日用品", date="打印 2026-10-21")
c("x03", "duo", "serif", "tile", "curl warm", ["address of the second ply shows nothing of the house"], ["phone on the second ply"], thumb=[(1.03, 0.6, 0.1)], carrier="浦帆达", sort="021 沪南 09",
  no="PF880016425371", order="pn/a", shape="plain", rn="顾**", rp="177******53", rp2="!17721946653", ra="上海市浦东新区周浦镇年家浜路355弄11号****", ra2="上海市浦东新区周浦镇***",
  sn="上海榫间木器店", sp="021-******17", sa="上海市闵行区浦江镇三鲁公路", goods="木梳", remark="送前不必来电")
c("x04", "duo", "mono", "card", "tape angle crease", ["the upper ply is in order"], ["room on the second ply"], carrier="云河速运", sort="C3-0510-18", no="YH00419928375",
  rn="*晓燕", rp="150******96", ra="江苏省无锡市惠山区堰桥街道西漳路29号尚田家园42号***", ra2="!江苏省无锡市惠山区堰桥街道西漳路29号尚田家园42号1703室", sn="叶*成",
  sp="138******02", sa="江苏省常州市武进区湖塘镇花园街12号***", goods="童车配件", ad="寄大件找云河 量大从优")
c("x05", "duo", "narrowbold", "leaves", "crease dirt", ["name and room lie under a dark sticker"], carrier="申雁同城", sort="雁 316-A", no="SY63000917442",
  cover="dark", rn="⟦贺敏⟧", rp="⟦1336⟧*****71", ra="上海市松江区九亭镇涞寅路700弄⟦35号2单元404室⟧", sn="上海果阿姨食品有限公司", sp="400-618-2277", sa="上海市松江区洞泾镇沈砖公路5500号",
  goods="蜜饯礼盒", remark="⟦尽快⟧")
c("x06", "duo", "wide", "steel", "tilt glare", ["the QR of the second ply opens the order"], ["order's URL in a code"], dots=12, carrier="甬桥快运", sort="574-NB-03", no="YQ4417200381156",
  qr="!https://h5.xiaomaiji.example/order/detail?oid=5520193388127&buyer=8841", rn="孔**", rp="158******64", ra="浙江省宁波市鄞州区下应街道启明路818号创新园9幢***", sn="戴*",
  sp="137******05", sa="浙江省慈溪市浒山街道三北大街***", goods="插座", glare=(0.85, 0.12, 0.1, 120))
c("x07", "duo", "sans", "mat", "crease film", ["felt pen over the receiver is half transparent: the room is still read"], ["room under a thin felt pen"], carrier="太湖鹭递", sort="TH-572-11",
  no="TL19930027748", cover="felt", rn="闵*", rp="181******39", ra="!浙江省湖州市吴兴区爱山街道红旗路50号金色地中海8幢⟦1单元602⟧", ra2="浙江省湖州市吴兴区爱山街道***", sn="湖州竹里编织厂",
  sp="0572-******6", sa="浙江省湖州市安吉县递铺街道", goods="竹篮", fill=0.95)
c("x08", "tall", "bold", "bin", "crease", ["a cabinet's number looks like a room"], carrier="越溪优配", sort="绍兴北", no="YX55092716630", rn="寿＊＊", rp="159＊＊＊＊＊＊81",
  ra="浙江省绍兴市越城区胜利东路格格柜3号柜A区2-18格口", sn="绍＊", sp="＊＊＊＊＊＊＊＊＊＊＊", sa="浙江省诸暨市大唐街道", goods="袜子10双", remark="柜满请放驿站")
c("x09", "tall", "sans", "wood", "shake slats", ["four stars: seven digits are left"], ["phone"], carrier="鱼米快线", sort="嘉兴南", no="YM10228834571", rn="浦*根", rp="!139****2718",
  ra="浙江省嘉兴市海盐县武原街道城北西路166号****", sn="褚*", sp="187******30", sa="浙江省平湖市当湖街道***", goods="螺丝", remark="工地收")
c("x10", "tall", "serifbold", "concrete", "dirt dim", ["a marker hides phone and name wholly"], carrier="滩涂速递", sort="南通东", no="TT66710200493", cover="black", order="n/p/a",
  rn="⟦郁金龙⟧", rp="⟦15162980047⟧", ra="江苏省南通市如东县掘港街道人民北路19号水岸名邸21幢***", sn="启东吕四海产行", sp="0513-******2", sa="江苏省启东市吕四港镇", goods="带鱼段", remark="冷冻件")
c("x11", "tall", "mono", "foam", "curl cold", ["stars take the whole of name and phone"], thumb=[(0.95, 1.0, 1.1)], carrier="云河速运", sort="常州西", no="YH00420117765", rn="**", rp="***********",
  ra="江苏省常州市钟楼区邹区镇岳津路3号****", sn="***", sp="***********", sa="江苏省丹阳市开发区***", goods="灯具  1201型", remark="货号 1201-502 勿错发")
c("x12", "tall", "narrow", "card", "ball swing", ["screwed into a ball and photographed moving"], unreadable=True, carrier="鸿渡", sort="镇江", no="HD33180942207", order="n/a/p", rn="殷*", rp="178******44",
  ra="江苏省镇江市京口区学府路118号江滨新村7栋***", sn="镇江三味醋庄", sp="400-820-7716", sa="江苏省镇江市丹徒区高资街道", goods="香醋6瓶")
c("x13", "tall", "wide", "tile", "turn90 crease", ["five stars: six digits are left"], ["sender's phone"], carrier="吴桥速运", sort="昆山", no="WQ205519004417", rn="濮*", rp="133******58",
  ra="江苏省昆山市玉山镇柏庐南路999号***", sn="奚*林", sp="!138*****678", sa="江苏省太仓市城厢镇上海东路***", goods="车灯罩", remark="轻放")
c("x14", "bottom", "sans", "wood", "crease ring", ["the order's number has the look of a mobile phone"], carrier="运多多", sort="0573-06", no="YD72004415538", rn="钮**", rp="136******15",
  ra="浙江省嘉兴市南湖区新嘉街道勤俭路320号****", sn="桐乡羊绒阁", sp="0573-******8", sa="浙江省桐乡市濮院镇工贸大道", goods="毛衫", remark="订单号 13957128846 请核对", date="11-08")
c("x15", "bottom", "narrowbold", "concrete", "crumple grain", ["a floor may show; a landline with two stars"], ["sender's phone"], carrier="鱼米快线", sort="B-0519-4", no="YM10229007716", rn="眭*", rp="180******62",
  ra="江苏省常州市新北区三井街道通江中路88号锦绣花园23幢9楼****", sn="戎**", sp="!0519-86**3215", sa="江苏省溧阳市昆仑街道***", goods="茶叶", date="2026/11/11")
c("x16", "bottom", "serif", "leaves", "wet crease", ["a village's group may show, its household is starred"], carrier="村口捎", sort="后溪驿", no="CK8401992756", rn="楼*昌", rp="135******70",
  ra="浙江省金华市浦江县白马镇后溪村3组**号", sn="浦江水晶灯饰厂", sp="0579-******1", sa="浙江省金华市浦江县仙华街道", goods="灯珠", remark="放村口小店即可", order="p/n/a")
c("x17", "bottom", "bold", "mat", "tilt torch grain", ["unit is left though the room is starred"], ["sender's unit"], carrier="太湖鹭递", sort="TH-510-2", no="TL19930110265", rn="过*", rp="189******36",
  ra="江苏省无锡市梁溪区广瑞路177号广瑞二村****", sn="糜**", sp="155******73", sa="!江苏省宜兴市宜城街道解放东路60号阳羡新苑14幢2单元***室", goods="紫砂杯", order="n/p/a")
c("x18", "heads", "sans", "steel", "crease wet jpeg", ["a cabinet-like table; dormitory with room hidden"], dots=12, size=(2448, 3264), carrier="校门口快件", sort="仙林 5-C", no="XM2026110877", rn="贡*", rp="198******06",
  ra="江苏省南京市栖霞区文苑路9号大学东区5栋***寝", sn="晁*", sp="131******55", sa="安徽省马鞍山市花山区湖东中路***", goods="教材", remark="晚自习后取")
c("x19", "heads", "narrow", "card", "curl angle", ["the words of the headings stand far from the fields"], carrier="浙里发", sort="HZ-311", no="ZF90028814637", rn="应**", rp="137******90",
  ra="浙江省台州市椒江区海门街道\n解放南路45号***", sn="屠*", sp="138******26", sa="浙江省杭州市萧山区宁围街道***", goods="工具", remark="无")
c("x20", "heads", "serifbold", "tile", "fade crease", ["stars are crosses"], carrier="江鲤快递", sort="合-055", no="JL7731000482213", rn="程××", rp="153××××××22", ra="安徽省合肥市蜀山区黄山路468号望江西苑16栋××××",
  sn="汪×", sp="139××××××84", sa="安徽省芜湖市镜湖区××××", goods="剃须刀", remark="已开票")
c("x21", "heads", "mono", "bin", "crease jpeg", ["a firm receives; its desk number is no person's"], dots=12, carrier="申雁同城", sort="沪西 27", no="SY63001182906", rn="上海枕溪文化传播有限公司", rp="400-669-1180",
  ra="上海市长宁区天山路641号3号楼8楼", sn="劳*", sp="156******29", sa="上海市青浦区徐泾镇***", goods="样书", remark="发票随货")
c("x22", "colon", "serif", "wood", "crease warm", ["household told by a side of the landing"], ["household"], carrier="弄堂小铺自发货", sort="", no="LT20261109031", rn="全*妹", rp="151******08",
  ra="!江苏省苏州市相城区元和街道御窑路520号玉成家园31幢5楼东户", sn="弄堂小铺", sp="0512-******3", sa="江苏省苏州市相城区黄桥街道", goods="糟卤", remark="谢谢惠顾")
c("x23", "colon", "mono", "concrete", "crease shadow", ["stars are the letter X"], carrier="乡伴冷鲜", sort="", no="XB77120093416", rn="阮XX", rp="138XXXXXX78", ra="浙江省舟山市定海区昌国街道人民中路102号XXXX", sn="舟山老码头水产",
  sp="0580-XXXXXX1", sa="浙江省舟山市普陀区沈家门街道", goods="虾干", remark="到货放冷藏", date="2026-11-02")
c("x24", "colon", "narrowbold", "bag", "crumple film", ["name, phone and address are in order"], ["door code in the remark"], thumb=[(1.03, 0.56, 0.1)], carrier="水乡优品", sort="", no="SX60017735528", rn="邵*", rp="182******13", ra="浙江省绍兴市柯桥区柯岩街道鉴湖路1号湖畔居9幢****",
  sn="水乡优品客服部", sp="400-118-9902", sa="浙江省绍兴市柯桥区安昌街道", goods="腐乳", remark="!门禁8830#，放鞋柜")
c("x25", "colon", "sans", "foam", "soft crease", ["words of the goods look like a person and a phone"], carrier="皖水行", sort="", no="WS41190087265", rn="鲍**", rp="188******61", ra="安徽省宣城市宣州区鳌峰西路77号***", sn="宣城纸墨轩",
  sp="0563-******7", sa="安徽省宣城市泾县丁家桥镇", goods="李师傅牌宣纸 编号13800", remark="第11批 共2刀")
c("x26", "colon", "bold", "leaves", "crease dirt shake", ["two names in one shipment: one is a workmate's"], ["name and phone in the remark"], carrier="滩涂速递", sort="", no="TT66711009358", rn="仇*", rp="134******77",
  ra="江苏省盐城市大丰区大中街道健康东路29号***", sn="大丰盐土人家", sp="0515-******4", sa="江苏省盐城市大丰区", goods="泥螺", remark="!不在请交陈桂兰13770083215")
c("x27", "relay", "bold", "card", "crease", ["a shelf number looks like unit and room"], thumb=[(1.01, 0.92, 0.6)], carrier="邻里驿站", sort="3-2-5017", no="YH00420338817", rn="宋*", rp="尾号4471", ra="香溪里店 12号门面  营业8:00-21:00", remark="凭取件码领取")
c("x28", "relay", "narrowbold", "bin", "crease tilt worn", ["a title in place of the given name"], ["name"], carrier="阿婆代收点", sort="B6-0914", no="JL7731100926", rn="!王阿姨", rp="*******3362", ra="梧桐苑北门代收点", remark="超过3天收保管费")
c("x29", "relay", "sans", "steel", "wet crease", ["shelf code on a neighbour's sticker; both in order"], carrier="桥头小站", sort="7-1-208", no="WQ205521177", rn="柴**", rp="132******19", ra="桥头小站（菜场对面）", remark="冷藏件 当日取",
  at=(0.44, 0.36), fill=0.78, second={"layout": "relay", "style": "sans", "carrier": "桥头小站", "sort": "7-1-209", "no": "WQ205521201", "rn": "尤*", "rp": "尾号0826", "ra": "桥头小站（菜场对面）"}, beside=(0.54, 0.8, 0.62, 7))
c("x30", "relay", "serifbold", "mat", "crumple torch soft", ["four digits after seven stars"], carrier="东街小卖部代收", sort="A-77", no="YM10230466", rn="韦*", rp="*******3396", ra="东街118号小卖部", remark="钱已付")
c("x31", "group", "sans", "bag", "film crease", ["the leader's group number and the building may show"], carrier="阿拉团", sort="28号团 046", no="AL2811046", rn="高**", rp="1**********", ra="映月湾6幢团点自提", goods="鸡毛菜500g 豆腐2块", remark="不要塑料袋", date="11/06 周五")
c("x32", "group", "bold", "tile", "wet angle", ["nickname with star, goods, bag number"], ["phone"], carrier="菜篮快团", sort="袋 113", no="CL0711130", rn="阿*妈妈", rp="!13621774509", ra="兰亭雅苑3号楼", goods="鲫鱼1条 小葱", remark="鱼要杀好", date="11/07")
c("x33", "group", "serif", "wood", "crease shake glare", ["the code holds name and phone in plain words"], ["person in a code"], carrier="好邻团", sort="线路4 站19", no="HL0419227", qr="!name=%E6%BD%98%E8%90%8D;tel=15988210347;no=HL0419227", rn="潘*", rp="159******47",
  ra="浙江省宁波市江北区洪塘街道姚江花园8幢", goods="车厘子2斤", remark="到货群里喊", paper=(238, 250, 232))
c("x34", "group", "narrow", "concrete", "crease slats jpeg", ["door and floor of a building typed short"], ["room"], carrier="阿拉团", sort="31号团 008", no="AL3111008", rn="裘*", rp="尾号6120", ra="!映月湾11#1902", goods="橙子5斤 大米", remark="放门口", date="11/09")
c("x35", "returns", "sans", "card", "crease curl", ["sizes look like phones and rooms"], thumb=[(0.99, 0.99, 0.8)], carrier="织里童衣仓", no="TH20261104551", rn="织里童衣退货组", rp="0572-******5", ra="浙江省湖州市吴兴区织里镇利济西路童装产业园2期",
  sn="臧*", sp="183******24", sa="江苏省苏州市吴江区盛泽镇舜湖西路***", goods="卫衣 120/59-175", remark="尺码不合，换XL 175/96A，色号 1502", date="2026-11-04")
c("x36", "returns", "serif", "wood", "ring crease", ["the shop's part is in order"], ["sender's name"], carrier="锦里鞋坊", no="TH20261105208", rn="锦里鞋坊售后", rp="400-777-3019", ra="浙江省温州市瓯海区梧田街道慈凤西路", sn="!欧阳佩琴", sp="137******66", sa="上海市嘉定区南翔镇***",
  goods="女鞋 37码", remark="左脚开胶", pens=[(62, 75, 7, "已收", (180, 30, 36))])
c("x37", "returns", "mono", "tile", "exif crease", ["the sheet lies turned by EXIF"], ["sender's room"], carrier="枕河家纺", no="TH20261106774", rn="枕河家纺仓库", rp="0513-******9", ra="江苏省南通市通州区川姜镇家纺城路", sn="支*华", sp="177******02",
  sa="!安徽省滁州市琅琊区丰乐南路31号会峰苑12栋1单元301", goods="四件套 1.8m", remark="色差", date="2026-11-06")
c("x38", "freight", "sans", "concrete", "crease dirt soft", ["pieces 3-2 are no unit and room"], carrier="长江顺流物流", sort="芜湖", no="CJ8810442", rn="单*", rp="0553-******6", ra="安徽省芜湖市弋江区利民路建材市场东区***", sn="无锡锡山不锈钢有限公司",
  sp="0510-******43", sa="江苏省无锡市锡山区东港镇", goods="不锈钢管 304", remark="到付，叉车卸货")
c("x39", "freight", "serifbold", "steel", "gone crease", ["lay in the sun: heat print all but gone"], unreadable=True, carrier="运河托运部", sort="嘉善", no="YT2260917", rn="嘉善木业商行", rp="400-602-5541", ra="浙江省嘉兴市嘉善县魏塘街道", sn="谈*明", sp="0573-******6", sa="浙江省嘉兴市海宁市许村镇***",
  goods="布匹", remark="怕雨", pieces="12件")
c("x40", "freight", "narrow", "wood", "turn180 crease worn", ["stall in a market is starred"], carrier="苏北红联货运", sort="泰州", no="SB5003187", rn="印*", rp="152******88", ra="江苏省泰州市海陵区泰山市场B区****", sn="狄*", sp="0514-******7", sa="江苏省扬州市江都区小纪镇***", goods="拖鞋", remark="货到打收货方电话")
c("x41", "receipt", "mono", "foam", "curl crease", ["virtual number whose date lies ahead"], carrier="鲜在弄口 便利", sort="#1802", no="XZ261109118", date="打印 2026-11-09 18:02", rn="向**", rp="虚拟号 17090332218转4402\n有效至 2026-11-10 18:00",
  ra="静安里12弄6号***", remark="放门口，不要敲门", items=[("鲜奶 950ml", "x1"), ("吐司", "x2"), ("鸡蛋10枚", "x1")], ad="取餐号1802 请在2小时内食用")
c("x42", "receipt", "sans", "bag", "wet crease", ["virtual number out of date at printing"], ["phone: virtual number expired"], carrier="灶头外送", sort="#37", no="ZT261110037", date="打印 2026-11-10 11:40", rn="巫*", rp="!隐私号 17180054429转118\n有效至 2026-11-09 23:59", ra="科创路8号云际大厦B座****",
  remark="多放醋", items=[("片儿川", "x1"), ("卤蛋", "x2"), ("餐具", "x2")], ad="外卖有质量问题请找门店")
c("x43", "receipt", "bold", "steel", "crumple jpeg", ["the remark says there is no door code"], carrier="百草小药箱", sort="急 09", no="BC261111009", date="2026-11-11 20:15", rn="焦*", rp="186******03", ra="通济路70弄3号***", remark="楼下无门禁 直接上楼",
  items=[("布洛芬缓释胶囊", "x1"), ("体温计", "x1"), ("退热贴", "x2")], ad="按说明书服用")
c("x44", "receipt", "narrowbold", "tile", "fade curl", ["goods of health may show"], carrier="百草小药箱", sort="普 26", no="BC261112026", date="2026-11-12 08:33", rn="苗**", rp="133******91", ra="普安路15弄22号****", remark="无接触", items=[("二甲双胍片", "x2"), ("血糖试纸", "x1"), ("棉签", "x1")], ad="慢病续方请携带病历")
c("x45", "side", "sans", "card", "tape crease", ["the station's own door number"], carrier="村口捎", sort="湖州 3-8", no="CK8402007731", rn="慎*", rp="139******45", ra="浙江省湖州市德清县武康街道永安街邻里驿站5号门面", sn="德清早园笋合作社", sp="0572-******0", sa="浙江省湖州市德清县莫干山镇", goods="笋干", remark="请放驿站", tape=0.62)
c("x46", "side", "serif", "leaves", "crease soak", ["lay in the gutter: the print has run"], unreadable=True, carrier="皖水行", sort="黄山 07", no="WS41190220094", rn="江**", rp="158******37", ra="安徽省黄山市屯溪区新安北路112号***", sn="储*", sp="136******12", sa="安徽省安庆市岳西县天堂镇***", goods="石耳", remark="干货", shape="ring")
c("x47", "side", "bold", "mat", "sodium crease", ["virtual number with a later date"], dots=12, carrier="浦帆达", sort="沪 5-1-12", no="PF880017003384", rn="龚*", rp="17001889620-3317（虚拟号，2026-12-01前有效）", ra="上海市徐汇区龙华街道云锦路500号2号楼****", sn="诸**", sp="17001889621-0045（虚拟号，2026-12-01前有效）",
  sa="上海市奉贤区南桥镇***", goods="画框", remark="竖放", date="2026-11-05 打印", order="a/n/p")
c("x48", "token", "sans", "bin", "crease grain", ["phone and name are one word"], carrier="鸿渡", sort="徐州 02-G", no="HD33190050716", rn="王*明", rp="138******78", ra="江苏省徐州市泉山区矿山路8号****", sn="蒯*", sp="187******56", sa="江苏省宿迁市宿城区幸福中路***", goods="零食", remark="")
c("x49", "token", "narrowbold", "concrete", "crumple shadow grain", ["the phone before it is well starred"], ["name"], carrier="吴桥速运", sort="淮安 11", no="WQ205522630", rn="!颜志强", rp="139******17", ra="江苏省淮安市清江浦区淮海东路1号***", sn="笪**", sp="150******29", sa="江苏省镇江市句容市***", goods="小龙虾调料", remark="")
c("x50", "token", "wide", "foam", "crease soft", ["stars are discs"], carrier="甬桥快运", sort="象山 A4", no="YQ4417308855", rn="励●", rp="135●●●●●●60", ra="浙江省宁波市象山县丹东街道天安路260号●●●●", sn="俞●芳", sp="0574-●●●●●●31", sa="浙江省宁波市奉化区●●●", goods="米鱼干", remark="", order="np")
c("x51", "slip", "serif", "wood", "crease", ["all by pen, and starred by pen"], carrier="老街信局（代寄）", no="LJ0091127", rn="张 * *", rp="189******05", ra="江苏省扬州市邗江区文汇西路***", sn="卞 *", sp="137******43", sa="江苏省高邮市盂城驿旁", remark="")
c("x52", "slip", "sans", "card", "curl ring shake", ["by pen; the sender is in order"], ["phone", "room"], carrier="河埠头寄件处", no="HB1109264", rn="柏 * 英", rp="!13905146627", ra="!泰州市海陵区迎春路96号7幢405", sn="史 *", sp="152******71", sa="泰州市姜堰区***", remark="", ink=(20, 20, 24))
c("x53", "bottom", "sans", "tile", "crease warm", ["printed fields are starred; a courier wrote the number over them"], ["phone written by pen"], carrier="运多多", sort="0516-11", no="YD72005520196", rn="冉*", rp="176******08", ra="江苏省徐州市云龙区和平路59号绿地世纪城****", sn="徐州汉风石雕", sp="0516-******2", sa="江苏省徐州市铜山区",
  goods="摆件", pens=[(40, 59.5, 8, "!17605228308", (28, 40, 120))])
c("x54", "letter", "serif", "wood", "crease", ["four lines of address; a firm's name holds a person's"], dots=12, carrier="挂号", post="214200", post2="215008", no="XA30772186632", ra="江苏省宜兴市\n丁蜀镇公园路\n蜀山陶艺村41号\n***", rn="邱*福  收", rp="130******51", sa="苏州市山塘街", sn="沈阿福糕团店", sp="0512-******7", remark="印刷品")
c("x55", "letter", "serifbold", "mat", "angle crease soft", ["numbers joined by hyphens at the end"], ["room"], carrier="平信", post="310012", post2="312000", no="XB11849300275", ra="!杭州市西湖区文三路457号\n翠苑三区6-2-402", rn="游*  启", rp="", sa="绍兴市上虞区曹娥街道***", sn="章**", sp="139******80", remark="请勿折叠", wide=110)
c("x56", "round_", "bold", "steel", "crease wet grain", ["floor may show, a barrel's number looks like a phone"], thumb=[(1.04, 0.42, 0.1)], carrier="清涧桶装水", sort="周三·上午", no="QJ57120091", rn="计*", rp="137******29", ra="学士路33号汇通大厦A座9楼****", goods="桶号 18950047713", remark="空桶2只待收", ad="订水热线 400-855-1007")
c("x57", "bottom", "narrow", "concrete", "crease tilt", ["the label beneath it, of another, is whole"], ["name and phone on the neighbour's label"], dots=12, size=(2448, 3264), carrier="太湖鹭递", sort="TH-512-6", no="TL19930204471", rn="沃*", rp="188******94", ra="江苏省苏州市虎丘区狮山路28号****", sn="苏州光福桂花社", sp="0512-******2", sa="江苏省苏州市吴中区光福镇", goods="桂花酱", at=(0.42, 0.36), fill=0.66,
  second={"layout": "token", "style": "sans", "carrier": "江鲤快递", "sort": "512-11 D", "no": "JL7731200774", "rn": "!葛文娟", "rp": "!15950021486", "ra": "江苏省苏州市姑苏区干将东路***", "sn": "苏州笔墨庄", "sp": "0512-******3", "sa": "江苏省苏州市"}, beside=(0.68, 0.79, 0.42, -6))
c("x58", "tall", "sans", "leaves", "crease dirt", ["torn off through the receiver's address; what is left is judged"], ["phone"], carrier="村口捎", sort="金华", no="CK8402119360", rn="盛*", rp="!158****9034", ra="浙江省金华市婺城区宾虹路***", sn="金华酥饼坊", sp="0579-******3", sa="浙江省金华市", goods="酥饼",
  tear=[(0.1, 0.99, 44.6)], at=(0.5, 0.8), fill=1.15, order="n/p/a")
c("x59", "duo", "bold", "bag", "crease", ["torn off through the receiver's address, nothing amiss in the rest"], carrier="云河速运", sort="D1-0555-7", no="YH00420551308", rn="万*", rp="139******06", ra="安徽省马鞍山市雨山区湖西南路40号***", sn="俞*", sp="137******90", sa="安徽省铜陵市***",
  tear=[(-0.06, 1, 33)], at=(0.5, 0.86), fill=1.05, unreadable=True)
c("x60", "notice", "bold", "tile", "angle shadow", ["a paper on the wall of the rubbish room, with a phone and rooms"], kind="other", unreadable=True,
  lines=["垃圾房告示", "各位住户：投放时间为早6:30至9:00，晚17:30至20:30。", "纸箱请拆平，快递面单请撕下涂黑后再丢。", "3幢、5幢请走东门。有事请打物业服务台 0512-66100417。", "物业服务中心  2026年11月1日"])
