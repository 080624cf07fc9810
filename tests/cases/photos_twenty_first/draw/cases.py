"""The sixty parcels of one night's check. A value that begins with ! shows more than it may; everyone in here is invented."""

CASES = {}
PRE = {"bochuan": "BC", "helu": "HL78", "lanqiao": "LQ", "yanshan": "YS6", "letter": "XA", "zhongyue": "ZY0", "table": "CW", "shuang": "SJ5", "cang": "CQ",
       "langang": "LG", "jinshu": "JS8", "xikou": "XK", "huisuo": "HS", "yinghuo": "YH", "notice": "NO"}  # fmt: skip
SHOU, REN, FU, EN, HUO = ("收", "寄"), ("收件人", "寄件人"), ("收方", "寄方"), ("To 收件", "From 寄件"), ("收货", "发货")
TAGS = {"helu": REN, "yanshan": ("收件", "寄件"), "letter": ("收信人", "寄信人"), "zhongyue": ("收货方", "发货方"), "table": HUO, "cang": REN, "langang": EN,
        "jinshu": REN, "xikou": ("收件人", "寄件人"), "huisuo": ("退至", "退件人"), "yinghuo": ("送到", "取自"), "shuang": FU}  # fmt: skip


def case(id_, layout, style, lv, dist, bg, r, s, *, traps=(), faults=(), **more):
    c = {"id": id_, "layout": layout, "style": style, "lv": lv, "dist": dist, "bg": bg, "traps": list(traps), "faults": list(faults)}
    c |= dict(zip(("rn", "rp", "ra"), r, strict=True)) | dict(zip(("sn", "sp", "sa"), s, strict=True))
    n = int(id_[1:3]) + 60 * (len(id_) > 3)
    c["no"] = PRE[layout] + str(6_201_947_308_116 + n * 13_577_219)[: 11 + n % 3]
    c["date"] = f"2026-11-{20 + n % 8}"
    c["route"] = ("B17-204-06", "33 Q8 112", "574-K09", "D-06-71", "801A 22", "W5-0318", "27-F-140")[n % 7]
    c["hub"] = ("婺州夜中心", "越北分拣", "江东枢纽", "海曙集散", "台南转运", "湖西处理")[n % 6]
    c["tags"] = TAGS.get(layout, SHOU)
    c["dots"] = 12 if n % 3 == 1 else 8
    c["qr"] = c["no"] + "." + format(n * 7_919_353_117, "x").upper()
    c["goods"] = ("日用百货", "针织衫 1件", "书籍 3册", "五金配件", "休闲零食 2袋", "收纳盒", "手机壳 1个")[n % 7]
    CASES[id_] = c | more


# -- b01 to b20: the first hall ------------------------------------------------------------------------
case("b01", "bochuan", "sans", 1, "", "rubber", ("袁*", "*******3806", "浙江省金华市婺城区白龙桥镇宾虹西路2188号和信花苑9幢****"),
     ("暖橡居家用品店", "138******27", "浙江省温州市苍南县灵溪镇建兴东路66号"), traps=["organisation as sender"])
case("b02", "helu", "narrow", 1, "tilt", "carton", ("!龚雨晴", "*******7150", "湖北省襄阳市樊城区米公街道长虹路98号江天阁3栋****"),
     ("鲍*", "159******60", "浙江省诸暨市大唐街道永兴路5号***"), faults=["receiver name whole"])
case("b03", "lanqiao", "sans", 1, "lamp", "bag", ("郝**", "177******92", "四川省南充市顺庆区新建街道人民南路230号***"),
     ("戴*", "*******0415", "浙江省绍兴市柯桥区钱清街道镇前路17号***"))
case("b04", "helu", "sans", 1, "sodium", "rubber", ("樊*", "150******48", "江苏省盐城市大丰区大中街道健康东路12号锦城名邸6幢****"),
     ("陆**", "*******8831", "浙江省嘉兴市平湖市当湖街道城南西路300号***"))
case("b05", "bochuan", "bold", 1, "tilt", "bag", ("穆*", "*******6274", "!安徽省阜阳市颍州区清河街道颍淮大道51号颍苑小区12号楼2单元1103室"),
     ("易*", "136******05", "浙江省台州市黄岩区院桥镇繁华路9号***"), faults=["receiver unit and room shown"])
case("b06", "zhongyue", "bold", 1, "", "carton", ("润泰电机配件有限公司 蔡*", "139******51", "江西省上饶市广信区旭日街道凤凰西大道40号"),
     ("甬固标准件厂", "0574-******80", "浙江省宁波市镇海区骆驼街道东邑北路200号"), traps=["organisation with masked contact", "landline masked"], goods="螺栓 6箱")
case("b07", "lanqiao", "narrowbold", 1, "persp", "carton", ("柳*", "!15968043172", "山东省临沂市兰山区银雀山街道沂蒙路211号***"),
     ("姬*", "*******3369", "浙江省金华市永康市芝英镇紫霄路60号***"), faults=["receiver phone whole"])
case("b08", "letter", "serif", 1, "", "envelope", ("尤**", "*******2048", "浙江省杭州市上城区紫阳街道中山中路77号****"),
     ("向晚诗社编辑部", "0571-******19", "浙江省杭州市拱墅区湖墅南路260号"), traps=["organisation as sender", "landline masked"], goods="稿件", post="310008")
case("b09", "cang", "sans", 1, "", "belt", ("解*", "*******9413", "河南省南阳市卧龙区七一街道中州路430号福满庭2号楼****"),
     ("青柚书屋旗舰店", "400-668-3120", "浙江省嘉兴市秀洲区洪合镇凤桥路8号5号库"), traps=["organisation as sender", "400 number", "warehouse hall shown", "shelf of the warehouse like a room"])
case("b10", "yanshan", "sans", 1, "tilt", "carton", ("屈*", "!186****7704", "湖南省衡阳市蒸湘区红湘街道解放西路19号***"),
     ("庄*", "131******86", "浙江省丽水市龙泉市剑池街道剑川大道45号***"), faults=["phone hides four"])
case("b11", "jinshu", "sans", 1, "", "white", ("甘**", "135******20", "浙江省湖州市德清县武康街道永安街118号****"),
     ("德清县出入境证件受理点", "0572-******3", "浙江省湖州市德清县云岫北路2号1楼"), traps=["organisation as sender", "landline masked", "floor shown"], goods="证件 1本", remark="本人签收")
case("b12", "bochuan", "narrow", 2, "blurout", "rubber", ("聂*", "*******5026", "陕西省咸阳市秦都区人民路街道联盟三路6号***"),
     ("阎*", "158******73", "浙江省金华市东阳市吴宁街道人民路21号***"), unreadable=True)
case("b13", "xikou", "serif", 1, "", "kraft", ("竺*", "152******64", "浙江省丽水市遂昌县大柘镇泉湖街道口自提柜(粮站旁)"),
     ("邬**", "*******7081", "浙江省宁波市奉化区岳林街道大成路10号***"), traps=["locker shown"], post="323301")
case("b14", "cang", "narrow", 1, "lamp", "carton", ("申*", "*******4452", "福建省漳州市龙文区步文街道水仙大街102号***"),
     ("!裘国栋", "!13857590416", "!浙江省绍兴市越城区府山街道胜利西路88号三单元西户"), faults=["sender name whole", "sender phone whole", "sender unit and household shown"], traps=["Chinese numerals"])
case("b15", "yinghuo", "bold", 1, "", "bag", ("左**", "****7713", "浙江省宁波市鄞州区百丈街道中兴路655号8号楼"),
     ("灶边小厨(百丈店)", "*******0562", "浙江省宁波市鄞州区中兴路601号1层"), traps=["organisation as sender", "floor shown"], hub="百丈站", goods="牛肉面 1份 卤蛋 2个", remark="少辣，不要葱")
case("b16", "shuang", "sans", 1, "tilt", "foam", ("焦*", "133******98", "上海市松江区方松街道文诚路290弄17号****"),
     ("象山渔获合作社", "0574-******37", "浙江省宁波市象山县石浦镇渔港中路188号"), traps=["organisation as sender", "landline masked"], goods="带鱼 2kg 冷冻")
case("b17", "shuang", "bold", 1, "", "foam", ("晏*", "*******2297", "江苏省常州市新北区三井街道太湖东路108号5幢****"),
     ("舟山海味仓", "400-619-7705", "浙江省舟山市普陀区沈家门街道东海中路9号"), faults=["door code in the remark"], remark="!小区东门密码 7719#，放恒温柜", goods="虾仁 3袋")
case("b18", "helu", "bold", 2, "tilt film", "blackbag", ("米*", "*******8035", "河北省邢台市信都区钢铁路街道守敬北路155号****"),
     ("项**", "137******14", "浙江省台州市临海市杜桥镇府前街31号***"))
case("b19", "table", "sans", 1, "", "carton", ("!齐志宏", "!0576-84217730", "浙江省台州市椒江区葭沚街道东环大道420号"),
     ("横溪木业加工厂", "0579-******06", "浙江省金华市兰溪市横溪镇工业路3号"), faults=["receiver name whole", "landline whole"], traps=["organisation as sender", "landline masked"], goods="木托盘 20个")
case("b20", "langang", "sans", 1, "", "sack", ("Kwok W*** L***", "+852 ******31", "FLAT ****, 9/F, 28 PEI HO STREET, SHAM SHUI PO, KOWLOON, HONG KONG"),
     ("Zhou *", "*******6618", "浙江省金华市义乌市江东街道宗泽东路210号***"), traps=["Latin name masked", "Hong Kong phone masked", "floor shown"], goods="HAIR CLIPS")
# -- b21 to b40: the second hall -----------------------------------------------------------------------
case("b21", "letter", "serif", 1, "tilt", "envelope", ("平*", "*******1930", "!浙江省宁波市海曙区月湖街道镇明路36号5幢402室"),
     ("拾光读书会", "400-733-9081", "浙江省宁波市江北区人民路132号"), faults=["receiver room shown"], traps=["organisation as sender", "400 number"], post="315010", goods="贺卡")
case("b22", "huisuo", "sans", 1, "", "bag", ("果芽童鞋售后仓", "400-688-2716", "浙江省温州市瓯海区仙岩街道穗丰路70号4号楼1楼退货口"),
     ("岑*", "*******9542", "广西壮族自治区桂林市象山区南门街道民主路15号***"), traps=["organisation as receiver", "400 number", "floor shown"], remark="鞋码大一号")
case("b23", "bochuan", "sans", 2, "dark torch", "rubber", ("冷**", "182******07", "辽宁省营口市站前区建设街道渤海大街西20号****"),
     ("凌*", "*******3715", "浙江省绍兴市上虞区百官街道凤山路260号***"))
case("b24", "lanqiao", "bold", 1, "", "carton", ("邱*", "139******83", "江西省赣州市章贡区解放街道文清路40号***"),
     ("花间针织", "*******2011", "浙江省嘉兴市桐乡市濮院镇凯旋路88号"), faults=["second ply unmasked"], rn2="!邱海燕", rp2="!13979746183", traps=["organisation as sender"])
case("b25", "yanshan", "narrow", 2, "tilt shadow", "carton", ("靳*", "158******41", "山西省长治市潞州区英雄中路街道太行西街11号8号楼****"),
     ("卫**", "*******6790", "浙江省杭州市萧山区瓜沥镇航坞路120号***"))
case("b26", "helu", "sans", 2, "cut", "bag", ("桂*", "*******5164", "湖南省邵阳市双清区兴隆街道宝庆东路67号****"),
     ("敖*", "189******32", "浙江省温州市乐清市柳市镇柳青路6号***"), unreadable=True, order="n/p/a")
case("b27", "helu", "narrowbold", 1, "", "bag", ("!爱吃芒果的鱼", "*******0873", "重庆市沙坪坝区覃家岗街道天星桥正街21号***"),
     ("时*", "134******59", "浙江省金华市浦江县浦阳街道和平南路43号***"), faults=["nickname whole"])
case("b28", "zhongyue", "narrowbold", 2, "persp", "cage", ("庞**", "*******4427", "湖南省永州市冷水滩区梅湾街道零陵中路160号"),
     ("恒岭水暖器材", "400-655-1893", "浙江省台州市玉环市清港镇楚柚路100号"), traps=["organisation as sender", "400 number"], piece="011/014", goods="角阀 14箱", remark="送货前一日短信通知")
case("b29", "cang", "bold", 1, "", "belt", ("童*", "176******55", "广东省惠州市惠城区桥东街道东平大道8号***"),
     ("木末文具店", "400-612-5507", "浙江省宁波市慈溪市周巷镇兴业路50号2号库"), faults=["code holds the person"], traps=["400 number"], qr="!收件人:童佳琪|17688013255|惠州市惠城区东平大道8号3栋1602")
case("b30", "cang", "sans", 1, "tilt", "carton", ("支*", "17281940365-6107\n隐私号有效期至2026-12-20", "广东省湛江市赤坎区寸金街道康宁路33号6栋****"),
     ("绒绒宠物用品", "400-697-3142", "浙江省温州市平阳县水头镇金凤路1号"), traps=["virtual number with date and extension", "400 number"], goods="猫砂 1袋")
case("b31", "lanqiao", "sans", 2, "shadow", "bag", ("翁*", "!17281940367-2284\n有效期至2026-11-12", "福建省龙岩市新罗区西城街道龙腾中路590号***"),
     ("盛*", "*******9906", "浙江省台州市三门县海游街道广场路25号***"), faults=["virtual number past its date"], traps=["virtual number with date and extension"])
case("b32", "bochuan", "bold", 2, "film curve", "bag", ("查*", "*******3321", "安徽省黄山市屯溪区昱中街道新安北路52号****"),
     ("戎*", "155******06", "浙江省宁波市余姚市泗门镇四海大道7号***"))
case("b33", "yinghuo", "sans", 1, "", "bag", ("!周女士", "*******8164", "浙江省杭州市滨江区长河街道江汉路1515号4幢"),
     ("深夜便利(长河店)", "*******3300", "浙江省杭州市滨江区江汉路1480号1层"), faults=["title for a given name"], traps=["organisation as sender", "floor shown"], hub="长河站", goods="关东煮 1份 矿泉水 2瓶", order="np/a")
case("b34", "table", "narrow", 1, "tilt", "steel", ("安泰起重设备公司 荆*", "*******5540", "江苏省南通市如东县掘港街道友谊西路80号3号库"),
     ("浙中钢绳经营部", "0579-******42", "浙江省金华市金东区孝顺镇金港大道300号"), traps=["organisation with masked contact", "warehouse hall shown", "landline masked"], goods="钢丝绳 4卷")
case("b35", "xikou", "serifbold", 1, "", "kraft", ("麻**", "*******6638", "!浙江省温州市泰顺县泗溪镇下桥村4组27号"),
     ("闻*", "187******90", "浙江省衢州市龙游县湖镇镇通衢街8号***"), faults=["household behind the group"], traps=["village group"], post="325500", goods="电热毯 1条")
case("b36", "xikou", "serif", 2, "curve", "sack", ("蓝*", "151******72", "浙江省丽水市景宁畲族自治县大均乡伏叶村2组***"),
     ("雷**", "*******0147", "浙江省丽水市莲都区碧湖镇人民街33号***"), traps=["village group without household"], post="323500", goods="菌种 1箱")
case("b37", "bochuan", "narrowbold", 1, "", "carton", ("简*", "*******9258", "云南省玉溪市红塔区玉兴街道玉江路74号****"),
     ("褚*", "133******19", "!浙江省金华市义乌市福田街道商城二区F座3楼19街16027号商位"), faults=["sender stall shown"], traps=["floor shown"])
case("b38", "lanqiao", "narrow", 2, "jpeg tilt", "blackbag", ("皮*", "*******1775", "贵州省安顺市西秀区东街街道塔山东路28号***"),
     ("苗**", "138******93", "浙江省杭州市富阳区新登镇贤明路190号***"))
case("b39", "notice", "sans", 1, "tilt torch", "steel", (None, None, None), (None, None, None), heading="夜班交接须知", unreadable=True, kind="other", traps=["no label"], stamp="江东枢纽",
     extra=["1. 22:00前完成一号线清场，空笼车推至C区。", "2. 超过30kg的件走大件口，不得上皮带。", "3. 破损件拍照登记，贴黄标后入异常笼。", "4. 抽检组进场时，线长陪同并提供面单样本。", "江东枢纽 分拣二班  2026年11月21日"])
case("b40", "cang", "narrowbold", 1, "", "bag", ("厉*", "*******7486", "!浙江省杭州市钱塘区白杨街道学源街258号东区7栋418室3床"),
     ("山行户外店", "400-701-2936", "浙江省绍兴市新昌县七星街道人民西路99号"), faults=["receiver dormitory room and bed shown"], traps=["400 number"], goods="登山杖 1副")
# -- b41 to b60: the third hall ------------------------------------------------------------------------
case("b41", "letter", "sans", 1, "", "envelope", ("衢江区教育志编纂室", "0570-******8", "浙江省衢州市衢江区信安东路66号"),
     ("古籍影印社", "010-******40", "北京市西城区牛街街道南横西街103号"), traps=["organisation as receiver", "organisation as sender", "landline masked"], post="324022", goods="校样")
case("b42", "shuang", "narrow", 1, "tilt", "foam", ("归*", "!139*****662", "江苏省苏州市昆山市玉山镇前进中路320号11幢****"),
     ("岱山贡干行", "0580-******4", "浙江省舟山市岱山县高亭镇长河路27号"), faults=["phone hides five"], traps=["landline masked"], goods="虾干 500g")
case("b43", "yanshan", "bold", 2, "curve", "carton", ("景**", "*******2603", "甘肃省白银市白银区人民路街道北京路305号***"),
     ("娄*", "188******47", "浙江省嘉兴市海盐县武原街道枣园西路14号***"))
case("b44", "yinghuo", "narrow", 2, "shadow", "bag", ("权*", "*******5912", "浙江省金华市婺城区城西街道丹溪路1188号"),
     ("橘子水果铺", "*******4448", "浙江省金华市婺城区丹溪路1102号1层"), faults=["name and phone in the remark"], traps=["organisation as sender", "floor shown"], hub="丹溪站", remark="!联系权志远 13758926044 再上楼", goods="车厘子 1盒")
case("b45", "bochuan", "sans", 2, "small", "rubber", ("佘*", "*******8890", "山东省德州市德城区新湖街道三八中路61号****"),
     ("狄*", "130******25", "浙江省湖州市长兴县雉城街道县前街7号***"), traps=["a neighbour's label in view"], size=(1920, 1440), fill=0.82, off=(-42, 0), second="b45b", second_at=(88, 3, -0.05))
case("b46", "helu", "sans", 2, "small", "rubber", ("燕*", "159******77", "河南省许昌市魏都区文峰街道建安大道88号***"),
     ("仲*", "*******1146", "浙江省绍兴市嵊州市三江街道官河路509号***"), faults=["the neighbour's name and phone whole"], traps=["a neighbour's label in view"], size=(1920, 1440), fill=0.82, off=(-40, 2), second="b46b", second_at=(86, -4, 0.05))
case("b47", "bochuan", "mono", 1, "tilt", "sack", ("国*", "*******6159", "内蒙古自治区赤峰市松山区振兴街道临潢大街43号****"),
     ("巩**", "177******38", "浙江省温州市瑞安市塘下镇塘川路22号***"), traps=["sorter's pen mark"], pen="C3-07", pen_h=6, order="np/a")
case("b48", "cang", "sans", 1, "", "carton", ("原*", "*******0294", "黑龙江省佳木斯市前进区站前街道中山路180号***"),
     ("拙木家具馆", "400-626-8805", "浙江省湖州市安吉县灵峰街道阳光大道5号"), faults=["name and phone in pen"], traps=["400 number"], pen="!原丽娟13614549077", pen_h=4, goods="折叠凳 2个", dots=12)
case("b49", "jinshu", "narrow", 2, "persp lamp", "white", ("阿**·卡德尔", "*******3052", "新疆维吾尔自治区阿克苏地区库车市热斯坦街道天山路109号****"),
     ("浙西职业技术学院招生办", "0570-******6", "浙江省衢州市柯城区石室街道学院路18号"), traps=["dotted name", "organisation as sender", "landline masked"], goods="录取材料")
case("b50", "lanqiao", "mono", 1, "lamp", "carton", ("!热依汗·艾合买提", "152******88", "新疆维吾尔自治区伊犁哈萨克自治州伊宁市艾兰木巴格街道解放西路75号***"),
     ("单*", "*******4170", "浙江省金华市武义县壶山街道明招路90号***"), faults=["dotted name whole"], traps=["dotted name"])
case("b51", "shuang", "sans", 2, "glareout", "foam", ("祁*", "*******7724", "江苏省淮安市清江浦区淮海街道健康西路16号***"),
     ("湖鲜驿铺", "400-690-1127", "浙江省湖州市南浔区菱湖镇环湖路2号"), unreadable=True, goods="湖蟹 6只")
case("b52", "huisuo", "bold", 1, "tilt", "bag", ("鹿野服饰退货部", "400-719-6634", "浙江省杭州市临平区南苑街道雪海路9号B仓"),
     ("楚*", "135******61", "天津市红桥区西于庄街道光荣道40号***"), traps=["organisation as receiver", "400 number", "order number like a phone", "warehouse hall shown"],
     extra=["原订单 15924067138", "退货单 202611221390517"], remark="颜色不符")
case("b53", "jinshu", "bold", 1, "", "white", ("启帆信息咨询有限公司 司*", "*******5593", "!江苏省南京市建邺区沙洲街道江东中路311号中泰广场B座1906"),
     ("明律事务所", "0571-******75", "浙江省杭州市西湖区文三路508号"), faults=["receiver office shown"], traps=["organisation with masked contact", "organisation as sender", "landline masked"], goods="合同 2份")
case("b54", "yanshan", "serif", 1, "tilt", "bag", ("尉迟*", "138******02", "陕西省宝鸡市金台区中山东路街道东风路12号***"),
     ("上官**", "*******8417", "浙江省宁波市北仑区大碶街道黄山西路150号***"), traps=["compound surname"])
case("b55", "bochuan", "narrow", 3, "tilt curve noise", "rubber", ("鞠*", "*******2568", "!山东省潍坊市奎文区广文街道胜利东街229号金都花园3-2-501"),
     ("符*", "187******73", "浙江省金华市磐安县安文街道海螺街18号***"), faults=["receiver unit and room shown"], traps=["compact room"])
case("b56", "helu", "serif", 2, "crease torch", "carton", ("邝●", "●●●●●●●3471", "湖南省郴州市苏仙区苏仙岭街道郴州大道55号王婶小卖部代收点"),
     ("逄●●", "150●●●●●●29", "浙江省舟山市定海区盐仓街道兴舟大道10号●●●"), traps=["round masks", "collection point named after a person"])
case("b57", "langang", "sans", 1, "cut", "sack", ("!Marisol Quintana", "+34 *******18", "14 CARRER DE LA MARINA, PISO ***, 08013 BARCELONA, SPAIN"),
     ("Fang **", "*******7002", "浙江省宁波市鄞州区下应街道兴宁路600号***"), faults=["Latin name whole"], traps=["receiver's address beyond the picture", "Latin name", "foreign phone masked"], goods="LED LAMP")
case("b58", "lanqiao", "sans", 3, "persp shadow blur", "blackbag", ("暴*", "*******9037", "吉林省延边朝鲜族自治州延吉市北山街道公园路84号****"),
     ("水**", "134******50", "浙江省杭州市建德市新安江街道新电路77号***"), traps=["rare surname"], stamp="抽检")
case("b59", "bochuan", "sans", 2, "motion", "rubber", ("羊*", "139******24", "海南省儋州市那大镇人民中路102号***"),
     ("鄢*", "*******6083", "浙江省绍兴市柯桥区华舍街道信心路5号***"), faults=["code holds an order's URL"], qr="!https://m.bochuan-demo.example/order/detail?orderNo=8820061955304&uid=55172")
case("b60", "zhongyue", "narrow", 2, "ruin", "roller", ("宗*", "*******1368", "安徽省宿州市埇桥区道东街道胜利东路9号"),
     ("东浦铝材门市", "400-677-4051", "浙江省绍兴市越城区东浦街道大川路2号"), unreadable=True, goods="铝条 3捆")

# the labels beside b45 and b46
case("b45b", "helu", "narrow", 1, "", "carton", ("幸*", "176******91", "宁夏回族自治区吴忠市利通区胜利镇裕民东街30号***"),
     ("牧*", "*******4033", "浙江省台州市温岭市泽国镇文昌路68号***"))
case("b46b", "bochuan", "sans", 1, "", "carton", ("!辛佳慧", "!18758302946", "江苏省镇江市丹阳市云阳街道新民中路33号***"),
     ("扶**", "*******5501", "浙江省金华市永康市江南街道金都路12号***"))

CASES["b03"]["size"] = (1728, 2304)
CASES["b10"]["size"] = (2448, 3264)
CASES["b37"]["size"] = (2448, 3264)
CASES["b43"]["size"] = (1728, 2304)
CASES["b54"]["size"] = (2736, 3648)
CASES["b58"]["size"] = (1728, 2304)
CASES["b05"]["dist"] += " exif6"
CASES["b38"]["dist"] += " exif8"
CASES["b25"]["dist"] += " turn90"
CASES["b47"]["dist"] += " turn180"
CASES["b02"]["remark"] = "工作日送，放门卫"
CASES["b04"]["remark"] = "易碎轻放"
CASES["b09"]["extra"] = ["平台订单 2026112218806174"]
CASES["b24"]["remark"] = "谢谢"
CASES["b30"]["extra"] = ["订单 240917735620118"]
CASES["b01"]["stamp"] = "抽检"
CASES["b07"]["stamp"] = "已验视"
CASES["b34"]["stamp"] = "回单"
CASES["b20"]["route"] = "HKG-03"
CASES["b57"]["route"] = "BCN-11"
CASES["b23"]["goods"] = "血压计 1台 钙片"
CASES["b23"]["traps"].append("goods of health")
CASES["b32"]["extra"] = ["客服 400-820-7731"]
