"""The cases. A value that shows too much begins with !; `over` lays something on a field (key, x0, x1, y0, y1 of its box)."""

import random

CASES, OTHERS = {}, {}
BLACK, WHITE, BLUE = (24, 24, 26), (250, 250, 250), (40, 70, 150)
# senders that pass: name, phone, address
SENDERS = (
    ("海棠书屋专营店", "400-826-3315", "湖北省武汉市洪山区珞狮路创意园2号库"),
    ("何**", "151******83", "浙江省义乌市廿三里街道工业路18号仓配中心"),
    ("阿**", "1**********", "广东省揭阳市普宁市流沙北街道服装城****"),
    ("宋*", "187******60", "江苏省南通市通州区川姜镇家纺路66号"),
    ("柚子家居旗舰店", "025-******17", "江苏省南京市江宁区秣周东路9号园区"),
    ("仓库**", "*******6624", "河北省石家庄市藁城区物流大道电商云仓"),
    ("邱**", "135******92", "云南省昆明市呈贡区斗南街道花市****"),
    ("青禾农产合作社", "138******05", "陕西省洛川县凤栖街道苹果产业园"),
    ("L**", "+86 182******41", "广东省深圳市龙岗区坂田街道****"),
    ("山石文具厂", "0574-******88", "浙江省宁海县西店镇文具产业园12号"),
)
CARRIERS = ("迅鹿快递", "云雀速递", "百川通", "橙舟快运", "北雁快递", "山鸽速运", "邻里达", "驿路通")
STYLES = ("sans", "bold", "narrow", "sans", "mono", "narrowbold", "serif", "wide")


def add(id_, layout, verdict, dist, rn="", rp="", ra="", s=None, book=CASES, **more):
    rng = random.Random("eleventh" + id_)
    sn, sp, sa = SENDERS[rng.randrange(len(SENDERS)) if s is None else s]
    number = rng.choice(("XL", "YQ", "78", "BC", "43")) + "".join(rng.choice("0123456789") for _ in range(12))
    case = dict(  # noqa: C408
        id=id_, layout=layout, verdict=verdict, dist=dist, style=rng.choice(STYLES), dots=rng.choice((8, 8, 12)), co=rng.choice(CARRIERS),
        no=number, date=f"2026-11-{rng.randint(20, 28)} {rng.randint(8, 21):02}:{rng.randint(10, 59)}", rn=rn, rp=rp, ra=ra, sn=sn, sp=sp, sa=sa,
        sort=f"{rng.randint(200, 980)}-{rng.choice('ABDEKZ')}{rng.randint(1, 29)}-{rng.randint(1, 60):03}", qr=f"{number}|k{rng.getrandbits(40):x}", shape=rng.choice(("disc", "box", "ring")),
    )  # fmt: skip
    book[id_] = {k: v for k, v in case.items() if v != "" or k == "dist"} | more


add("y01", "cloud76", "pass", "bulge warm", "林**", "139******07", "福建省泉州市丰泽区东海街道云谷小区6号楼****", goods="毛绒挂件 1个")
add("y02", "cloud150", "pass", "curl angle", "贺＊＊", "＊＊＊＊＊＊＊3390", "河南省洛阳市涧西区周山路锦绣江南3幢＊＊＊＊", ord="pn/a", goods="被套四件套", remark="周末送货", traps=["wide stars"])
add("y03", "cloud180", "pass", "wave", "孟*", "177******28", "山东省临沂市兰山区金雀山路沂州苑西区9号楼*单元***", goods="维生素D软糖 2瓶", remark="轻放", traps=["goods of health", "wish of one character masked"])
add("y04", "rider", "pass", "hand warm", "崔**", "******** 尾号5162", "师范学院东校区北门外卖架（放架上即可）", num="#27", remark="不要香菜，少冰", goods="西瓜拼盘 ×1\n冰杨梅汁 ×2", traps=["rack at a gate"])
add("y05", "till", "pass", "crease blur", "欧阳*", "130xxxxxx66", "四川省绵阳市涪城区跃进路15号花园小区2栋xxxx", goods="辣条礼包 x2\n手撕豆干 x1", remark="快点发哦~", traps=["compound surname", "stars as x"])
add("y06", "columns", "pass", "angle shadow far", "覃**", "158******49", "广西壮族自治区南宁市西乡塘区大学东路菜鸟驿站（12号门店）", goods="电脑支架", traps=["station"])
add("y07", "below", "pass", "bulge glare", "●●芳", "136●●●●●●52", "安徽省合肥市蜀山区翡翠路玉兰公寓B座●●●●", goods="美妆 1", remark="放快递柜", style="sans", traps=["dots as stars", "last character shows"])
add("y08", "border", "pass", "wave cool", "CHAN T** M**", "+852 ******36", "Flat ***, Block 3, Sunny Court, Tai Po, N.T., Hong Kong\n香港新界大埔阳光苑3座***室", sn="Xu **", sp="+86 ******8120", sa="Bantian St., Longgang, Shenzhen, Guangdong, CN", goods="Phone case 手机壳", remark="Leave with guard", traps=["Latin name", "eight digits"])
add("y09", "goback", "pass", "tape dim", "柚子家居旗舰店", "400-712-0098", "江苏省常熟市海虞镇电商路8号退货仓", sn="潘**", sp="132******70", sa="湖南省株洲市天元区泰山路金轮时代7栋****", goods="窗帘一副", remark="退货码 84620193（勿撕）", traps=["organisation", "long number is a return code"])
add("y10", "sticker", "pass", "curl hand", "汪**", "尾号 0483", "", shelf="C-07-4418", remark="请于22:00前到东门货架取件", shop="南苑校门驿站", traps=["no address", "shelf code"])
add("y11", "byhand", "pass", "angle warm", "戴*", "187******33", "贵州省遵义市汇川区\n上海路桂花苑4栋****", sn="余**", sp="150******18", sa="重庆市北碚区天生路\n2号教材仓", goods="书 3本", remark="易皱 勿折", traps=["pen writing"])
add("y12", "haul", "pass", "crease shadow", "顺和五金经营部 毕**", "0731-******2", "湖南省长沙市雨花区高桥大市场西区物流提货点", sort="长沙雨花", goods="五金配件 3箱", remark="自提", traps=["organisation and contact", "landline"])
add("y13", "picking", "pass", "bulge jpeg far", "梁**", "155******24", "海南省海口市龙华区滨海大道观澜府5号楼12层****", remark="包装严实点 送生日的", order="订单 1391847256013866", traps=["order number like a phone", "floor shows"])
add("y14", "wide", "pass", "angle wave", "祝**", "虚拟号 17091266507转4417（2026-12-20失效）", "天津市南开区白堤路风荷园11号楼*门***", goods="儿童积木", remark="电联后送", traps=["virtual number with a later date"])
add("y15", "cloud76", "pass", "glare noise hand", "买买提·*****", "＋86 199******85", "新疆维吾尔自治区喀什市多来特巴格路民乐小区8栋****", goods="干果 1箱", traps=["dotted name"])
add("y16", "cloud150", "pass", "bulge bulge tape exif", "小**", "1*********9", "浙江省杭州市余杭区五常街道丰巢柜（西溪里南门2号柜）", goods="猫砂 4袋", ord="n/p/a", ord2="a/np", remark="勿敲门 已睡", traps=["locker", "nickname"])
add("y17", "cloud180", "pass", "crease crease", "许****", "*** **** *713", "北京市大兴区黄村镇兴业大街三段5号院1号楼**********", gap=1, goods="羽毛球", remark="客户编号 20261100347", traps=["customer number", "long stars"])
add("y18", "columns", "pass", "turn90 warm", "张*林", "134******08", "辽宁省大连市甘井子区凌工路2号大学菊园食堂旁快递中心", heads=("Name", "Tel", "Address"), goods="跑鞋", traps=["station on a campus", "picture lies"])
add("y19", "till", "pass", "fade curl", "徐**", "***********", "浙江省温州市瓯海区梧田街道前屿村3组***", heads=("收　货：", "手　机：", "送　至："), goods="杨梅干 500g", remark="多送点试吃", traps=["village group", "thermal fade"])
add("y20", "below", "pass", "angle tape", "唐**", "181******39", "江西省赣州市章贡区文清路18号星洲大厦3号楼9楼***", goods="瑜伽垫", remark="货号 13807745 一件代发", ord="np/a", traps=["article number like a phone", "floor"])
add("y21", "cloud76", "pass", "wave shadow second", "冯**", "*******2086", "山西省太原市小店区学府街丽华苑南区15幢****", goods="台灯", shift=(-0.15, 0), second="n1", shift2=(0.5, 0.06), fill2=0.6, traps=["neighbour's label, masked"])
add("y22", "wide", "pass", "bulge dim", "杜**", "138******61", "上海市宝山区友谊路街道密山二村42号203室", over=[("ra", 0.55, 1.01, -0.05, 1.05, BLACK)], goods="茶杯", traps=["dark sticker on the household"], ord="n/p/a", strong="", style="narrow")
add("y23", "border", "pass", "angle blur", "Müller, A****", "+49 *********07", "Lindenweg 14, 2. Etage ***, 50674 Köln, Germany 德国科隆", sn="周**", sp="+86 133******55", sa="浙江省金华市义乌市国际商贸城五区 Yiwu, CN", zone="DE-CGN", goods="Hair clips 发夹", traps=["house number", "foreign number"])
add("y24", "goback", "pass", "bulge cool far", "禾木文具专营店（售后组）", "020-******46", "广东省广州市白云区嘉禾望岗物流园D区退换货处", sn="李**", sp="***-****-6051", sa="广东省东莞市南城街道鸿福路第一国际C栋*****", why="七天无理由", goods="钢笔 1支", remark="订单 26112740518837", traps=["order number"])
add("y25", "sticker", "pass", "warm motion", "陆X", "147XXXXXX20", "第二实验小学南门岗亭", shelf="校门架 3-18", remark="放学后取", ord="np/a", shop="放学小站", traps=["lodge at a gate", "X as star"])
add("y26", "haul", "pass", "wave jpeg", "蒋**", "188******72", "内蒙古自治区包头市昆都仑区阿尔丁大街货运站3号提货窗口", sort="包头昆区", goods="跑步机 1件", remark="代收款 0", piece="1 / 1 件", traps=["counter"])
add("y27", "picking", "pass", "crease curl sharp", "S**", "139*******2", "陕西省西安市长安区韦曲街道广场南路紫薇花园8幢****", shop="青石文具", remark="发票抬头：长安紫薇培训中心", traps=["organisation in the remark"], order="单 6001277345129907")
add("y28", "cloud180", "pass", "angle noise", "严**", "166******17", "河北省保定市莲池区裕华东路万和城16-*-****", goods="血压计袖带", remark="预售 12月5日前发", fee="8.50", traps=["compact address", "goods of health"], ord="np/a")
add("y29", "cloud150", "pass", "tape crease", "钟**", "191******06", "广东省佛山市顺德区大良街道凤翔路41号创意产业园6栋门卫代收点", remark="工作日送", goods="打印纸", over=[("rn2", 0, 1, 0, 1, WHITE)], traps=["correction tape over a masked name"], stamp=(62, 66, "已验视"))
add("y30", "byhand", "pass", "bulge dim", "卫**", "151******77", "甘肃省兰州市安宁区\n培黎广场驿站", sn="文*", sp="*******2201", sa="甘肃省天水市麦积区\n花牛镇果库", goods="苹果 10斤", pen=(30, 30, 34), traps=["station", "pen writing"])
add("y31", "cloud76", "fail", "bulge warm", "!周敏", "*******7718", "江苏省徐州市泉山区矿大南湖校区梅苑快递站", goods="雨伞")
add("y32", "cloud150", "fail", "wave angle", "康**", "!159****2047", "福建省厦门市集美区杏林湾路水晶湖郡22号楼****", goods="耳机", rp2="159******47", remark="送货前打电话", traps=["second ply hides more"])
add("y33", "cloud180", "fail", "crease tape", "聂**", "182******64", "吉林省长春市朝阳区前进大街融创上城7栋****", ra2="!吉林省长春市朝阳区前进大街融创上城7栋2单元1103", goods="围巾", traps=["fault in the second ply alone"])
add("y34", "rider", "fail", "curl hand", "!陈女士", "159******02", "景明路88号光谷大厦写字楼大堂前台", num="17号单", remark="餐具一份", goods="牛肉粉 ×1", shop="老桥米粉（软件园店）", traps=["title hides nothing"])
add("y35", "till", "fail", "crease warm", "吕**", "178******11", "湖北省襄阳市樊城区长虹路民发世界城3幢****", goods="干脆面整箱", remark="!放502门口鞋柜", heads=("收件人：", "联系电话：", "收货地址："), traps=["room in the remark"])
add("y36", "columns", "fail", "angle glare far", "彭**", "137******90", "!山东省烟台市芝罘区幸福中路三单元五楼东户", goods="海苔", traps=["household in characters"])
add("y37", "below", "fail", "bulge shadow", "谭**", "!186*******0712", "湖南省衡阳市蒸湘区解放大道华源小区1栋****", goods="童装", traps=["many stars, seven digits"], ord="pn/a")
add("y38", "border", "fail", "wave blur", "LEUNG K**", "!+852 9123****", "Rm ***, Tower 5, Harbour View, Kwun Tong, KLN\n香港九龙观塘海景花园5座**室", sn="Wu **", sp="+86 ******3019", sa="Shiqi, Zhongshan, Guangdong, CN 中山石岐", goods="Mug 马克杯", traps=["four of eight hidden"])
add("y39", "goback", "fail", "angle tape", "柠檬女鞋店", "400-603-2217", "四川省成都市新都区斑竹园鞋业园退货库", sn="!杨思雨", sp="!17360214589", sa="!四川省成都市武侯区科华北路65号四川苑4栋1单元1704", why="不想要了", goods="短靴 37码", traps=["the buyer is the sender"])
add("y40", "sticker", "fail", "curl dim", "郝**", "!13594207716", "", shelf="2-5-0917", remark="今日到站 请带身份码", shop="邻里达驿站", paper=(250, 240, 190))
add("y41", "byhand", "fail", "angle shadow", "!刘梓涵", "139******20", "江苏省盐城市亭湖区\n实验中学南门收发室", sn="刘*", sp="158******31", sa="江苏省盐城市大丰区\n人民路****", goods="校服", traps=["pen writing"])
add("y42", "haul", "fail", "wave jpeg", "鑫源建材 董**", "!0755-8612****", "广东省深圳市宝安区沙井物流园提货点", sort="深圳宝安", goods="瓷砖样品", remark="轻放 防潮", traps=["landline, four hidden"])
add("y43", "picking", "fail", "bulge warm", "任**", "151******46", "!浙江省绍兴市越城区鲁迅中路书香苑3-2-501", remark="请用纸箱", traps=["compact address"])
add("y44", "wide", "fail", "angle crease", "施**", "!17091266507转2210（2026-10-31失效）", "江苏省苏州市姑苏区干将东路碧波园9幢****", goods="丝巾", date="2026-11-25 10:42", traps=["virtual number expired before printing"])
add("y45", "cloud76", "fail", "hand bulge noise", "倪**", "*******9034", "广东省惠州市惠城区麦地路丽日花园A座****", goods="零食", remark="!楼下门禁 2580#")
add("y46", "cloud150", "fail", "bulge tape", "葛**", "133******58", "黑龙江省哈尔滨市南岗区学府路理工大学西区驿站", s=1, sp="!18767105532", goods="手套", ord="n/p/a", traps=["sender's phone whole"])
add("y47", "cloud180", "fail", "curl shadow", "白*", "150******73", "青海省西宁市城西区五四大街苏家河湾6号楼****", qr='!{"name":"白莉","tel":"15009711873"}', goods="牛肉干", traps=["person in the code"])
add("y48", "columns", "fail", "turn270 cool", "颜**", "189******15", "江西省南昌市青山湖区北京东路恒茂城2栋****", qr="!https://m.yuzushop.example/order?id=2611280091", goods="枕头", traps=["order's address in the code", "picture lies"])
add("y49", "below", "fail", "angle dim", "莫**", "*******8402", "!广西壮族自治区桂林市七星区三里店大圆盘桂花园5栋312寝", goods="台历", remark="生日礼物", ord="np/a", traps=["dormitory"])
add("y50", "till", "fail", "fade crease", "!小叶子Anna", "136******80", "重庆市沙坪坝区大学城南路微电园公交站旁驿站", goods="贴纸 20张", remark="要粉色", traps=["nickname whole", "thermal fade"])
add("y51", "wide", "fail", "bulge glare", "褚**", "176******34", "!上海市杨浦区国权路运光新村18号602室", over=[("ra", 0.02, 0.3, -0.05, 0.95, BLUE)], goods="水彩笔", traps=["sticker on the province, room shows"], style="narrow", ord="n/p/a")
add("y52", "cloud76", "fail", "wave second", "方**", "152******09", "河北省唐山市路北区建设北路凤凰园4号楼****", goods="袜子", shift=(-0.15, 0), second="n2", shift2=(0.47, 0.05), fill2=0.62, traps=["fault on the neighbour's label"])
add("y53", "rider", "fail", "crease warm", "焦**", "尾号 6619", "!科技路19号创想中心B座1207（电梯右转）", num="#103", remark="超时赔付", goods="美式咖啡 ×3", shop="慢豆咖啡（高新店）", traps=["office"])
add("y54", "border", "fail", "angle tape", "!Emily Watson", "+44 **********12", "Flat ***, 27 Mill Lane, Leeds LS6, United Kingdom 英国利兹", sn="吴**", sp="+86 177******40", sa="福建省莆田市城厢区鞋城 Putian, CN", zone="GB-LBA", goods="Sneakers 运动鞋", traps=["Latin name whole"])
add("y55", "cloud150", "fail", "curl blur exif", "曾**", "153******27", "贵州省贵阳市观山湖区金阳南路碧海花园2组团****", remark="!转交李晓云老师", goods="试卷 1包", traps=["a third person's name in the remark"])
add("y56", "cloud76", "unreadable", "lost warm", "邵**", "*******6170", "安徽省芜湖市镜湖区北京路****", goods="帽子", unreadable=True)
add("y57", "cloud150", "unreadable", "glareall tape", "!孔令仪", "138******40", "湖北省宜昌市西陵区夷陵大道****", goods="相框", unreadable=True, traps=["fault under the glare"])
add("y58", "wide", "unreadable", "night motion", "闫**", "130******35", "天津市河西区友谊路****", goods="挂钩", unreadable=True)
add("y59", "below", "unreadable", "cut angle", "申**", "*******1145", "河南省郑州市金水区文化路****", goods="墨水", remark="勿压", shift=(0, 0.29), unreadable=True, traps=["the picture ends above the receiver"])
add("y60", "notice", "unreadable", "wave hand", "", "", "", kind="other", unreadable=True, traps=["no label"])
add("n1", "till", "", "", "韩**", "137******44", "山西省晋中市榆次区大学街驿站", book=OTHERS, goods="酸枣糕", remark="谢谢")
add("n2", "till", "", "", "!龚丽华", "!15832605519", "河北省唐山市丰润区曹雪芹西道****", book=OTHERS, goods="麻糖 2盒", remark="尽快")

for id_, size in {"y16": (2250, 3000), "y33": (2100, 2800), "y17": (2100, 2800), "y21": (1680, 2240), "y52": (1680, 2240), "y03": (1680, 2240), "y28": (1680, 2240), "y47": (1680, 2240)}.items():
    CASES[id_]["size"] = size
