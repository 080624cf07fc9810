"""Decide whether a request in a text is meant, refused, or only reported.

"请勿添加微信" refuses, "骗子要求添加微信" reports, "请添加微信" requests. A fraudster may append a warning. Therefore a refusal
ends with its sentence, a reported request counts if it contains an account that the reader could use, and a direct
request ("请您…") outside quotation marks is never treated as reported.
"""

from bisect import bisect_left, bisect_right

from waybillguard.on_demand import pattern_on_use

_SENTENCE_END = pattern_on_use(r"[。！？!?;；\n]+")
_CLAUSE_END = pattern_on_use(r"[ ～~，,、:：。！？!?;；\n(（]")
_NOT_REFUSED = r"(?!担心|着急|紧张|慌|急|误会|错过|告诉(?:任何|别|他|家)|挂|害怕|客气|介意|小看|怀疑|惊慌|影响|泄露您|退货|再?等|犹豫|关机|外传|声张|声明|理解|好意思|用担心|会影响|额外|清楚|知道|懂|明白)"
#: The reader is told not to use the official way; requests after this clause are not refused ("别投诉平台，加我微信").
_KEPT_FROM = r"(?!(?:[您你]|去|再|直接)*(?:投诉|举报|申诉|(?:找|联系|走|通过)(?:平台|官方|商家|卖家|店家))[^，。,！!；;\n]{0,8}[，,])"
#: Refuses everything up to the end of the sentence.
_STRONG_NO = pattern_on_use(
    rf"(?:不要|请勿|切勿|切莫|勿|千万别|(?<![识特个级类鉴辨性判区分])别(?!的|人|墅|名|处|克)|不会|do not |don't |never |will not |won't |不得|绝不|从不|莫(?!名|非|大|过)|不能|不可|不应|不该|不索要|不要求|不建议|谨防|警惕|当心|小心|(?<!为)(?<!为了)(?:防止|避免)|防范|禁止|严禁|拒绝|杜绝|远离|慎重){_NOT_REFUSED}{_KEPT_FROM}"
)
#: Refuses only its own clause.
_WEAK_NO = pattern_on_use(
    rf"(?:(?<![是能要会可好行对])不(?![同仅但好足良慎过久幸定清断论管只])|(?<!有)没有?|未(?!来|缴|付|交|支付|结|还|领|取|处理)|无需|无须|勿|(?<![识特个级类鉴辨性判区分])别(?!的|人|墅|名|处|克)|凡|任何|如遇|遇到|一旦|若有|如有|有人|如果有|以免|免得){_NOT_REFUSED}"
)
#: The sentence changes from what not to do to what to do.
_TURN = pattern_on_use(
    r"请(?!勿|不要|大家|广大|市民|各位|居民|提高|切|务必提高|谨|警|立即(?:挂|拨|报)|及时(?:挂|拨|报))|但是?|而是|只需|只要|麻烦|现在|马上(?!挂|报)|尽快|如需|需要[您你]|(?<!要求)(?<!让)(?<!请)(?<!引导)您(?:需|加|把|先|可以)|我(?:加|给|帮|们(?:加|给|帮|为))"
)
#: The text reports a fraud.
_STORY = pattern_on_use(
    r"冒充|谎称|假冒|(?<!防止)(?<!防)(?<!谨防)骗子|骗局|自称|(?:诈骗|不法|犯罪)分子(?=.{0,14}(?:冒充|谎称|为由|会|假|伪|往往|常|诱导|声称|打着|发送|要求|引导|骗))|(?<!您)(?<!防止您)(?<!避免您)(?<!以免)(?<!以防)(?:被骗|受骗)|上当|骗取|诱导|诱骗|声称|伪装|实际(?:上)?是(?:拉|骗|为了|想|诈)|(?:物业|社区|学校|我们?|家人|邻居)已?经?(?:报了?警|报过警)|(?:公安|警方|民警|反诈(?:中心)?|派出所|社区|学校|老师|银行|工信部)(?:机关)?(?:温馨)?(?:提示|提醒|宣讲|预警)|骗子(?:会|先|常)|记者|本报讯|律师(?:称|说|表示|认为|提醒)|据(?:悉|了解|报道)|卧底|都是(?:诈骗|骗|假)|可能(?:会)?有人|有人(?:可能|会|可能会)?以|收到(?:这样|此类|这类|类似)|(?:一律|全|就|均|都|肯定|绝对|统统|多半|可能|属于|这)(?:是|为|属)?(?:诈骗|骗)|(?:凡|要求|索要|[让叫][您你]).{0,60}?(?:一律|全|均|都|皆)(?:不(?:可信|可靠|属实|能信|要信)|勿信)|以.{1,24}?为由|以(?!本人|个人|您).{1,24}?名义(?=.{0,8}(?:骗|要求|诱))|(?:(?:此|该|这)(?:人|类|款|种|活动|行为|电话|短信|卡)|活动|卡片|刮刮卡|二维码|传单)[^，。,逾期失效扣费责损罚]{0,6}与(?:本|我)[^，。,]{0,6}无关|冒牌|不是我们(?:的人|学校|公司|平台|店|单位|客服|员工|老师)?的?(?=[，,。！!]|$)|任何.{0,40}?(?:要求|索要|索取)|别信|不要相信|手法|案例|剧本|(?<!外)套路(?!上)|话术|是假的|(?<!涉嫌)(?<!涉及)(?<!跨境)电诈(?!案)|作案|情景演练|反面教材|posing as|pretend|impersonat|scammer|fraudster|beware of|假客服|假快递|行骗|非[^，。,]{0,8}(?:投放|发放|附赠)|不是[^，。,]{0,8}(?:投放|附赠)|(?<!我)(?<!咱)(?<!我们)(?:叫|喊|哄|(?<!没)(?<!不)(?<!会)(?<!敢)骗)[你您](?:们)?(?!起|吃|回|来)|(?<!涉嫌)(?<!涉及)(?<!参与)(?<!群发)(?<!发送)(?<!(?:那|这)个)(?<!(?:接|收)到)(?<!(?:接|收)到了)诈骗(?:电话|短信|手段|方式|高发|新|套路|信息)|(?:新型|典型|这类|此类|类|是|的)诈骗|凡是|接到.{0,16}(?:电话|来电|短信).{0,20}(?:挂断|勿|不要|别|核实|报警)"
)
_SOFT_WARNING = pattern_on_use(r"诈骗|谨防|反诈|警惕|96110|可疑|陷阱|防骗|提高防范|骗")
#: The writer reports or asks about something that happened to themself.
_OWN_STORY = pattern_on_use(
    r"(?:让|叫|要|喊|催|教|骗|求|引导|指导)(?:我(?!们?来?(?:私下|单独|悄悄|这边|主动)?(?:联系|给|通知|告诉|加|跟|和|为|帮|向|退|赔|补|转)一?下?(?:给)?[您你])|俺|他|她|其|我妈|我爸|事主|受害人|市民|老人|对方)|说(?:是|有)?(?:我(?!们)|俺|他|她|其)|(?:跟|和|给|问|对)我说|自称|声称|称其|称他|称她|真的假的|是真的吗|是不是(?:骗|诈|真|假)|靠谱吗|我没(?:理|加|信|点|给|转)|我(?:已经?|就|直接|赶紧)?(?:截图|报警|报了警|挂断|挂了|拉黑)|(?:一上来|上来|开口|张嘴)就(?:让|叫|要)|(?<![您你])(?:我|刚|刚才|昨天|今天|女士|先生|市民|有人|居民|大爷|阿姨).{0,8}?(?<!有没有)(?<!是否)(?<!是不是)(?:接|收)到(?:了|个|一个|一条|条)*.{0,8}(?:电话|短信|信息|来电)|打(?:来|了个?)?电话(?:来|说|过来)|我(?:的|那个|买的|昨天|前天|今天)?(?:快递|包裹|件|货|东西|鞋|衣服)|(?<!户名)(?<!户名[: ：])(?<!收款人)(?<!姓名)[王李张刘陈杨赵黄周吴徐孙马朱胡](?:某|xx|\*)|(?:女士|先生|阿姨|大爷|市民|居民|一男子|一女子).{0,8}(?:接到|被|遭|收到|反映|报警|损失)|我邻居|[她他](?:们)?(?:最后|又|便|从|被)|对方(?:以|要|让|称|说|提|又|便|就|发)|随后(?:被|对方|又|便|她|他|骗|要求其)"
)
_DIRECT = pattern_on_use(
    r"(?:请|麻烦|劳烦|烦请|需要|希望|您|你|我们?|咱们?|可以|可|现在|立即|马上|尽快|只需|先|再|然后|方便)[^，,。！？!?；;\n]{0,10}$|^[^，,。！？!?；;\n]{0,4}$"
)
_PLEASE = pattern_on_use(
    r"(?:请|麻烦|劳烦|烦请|需要)[您你]?(?!勿|不要|大家|广大|市民|谨慎|切勿)[^，,。！？!?；;\n]{0,12}$"
)
#: An account that the reader could use: letters with digits, or at least five digits; not a published short number.
_HANDLE = pattern_on_use(
    r"(?<![0-9])(?:[0-9]{4} ){3}[0-9]{1,7}(?![0-9])|(?<![a-z0-9])(?!(?:96110|110|12[0-9]{3}|95[0-9]{3,4}|953[0-9]{2}|1118[35]|400[0-9-]{7,9})(?![0-9]))(?=[a-z_-]*[0-9])[a-z0-9_-]{5,20}"
)
_QUOTES = pattern_on_use(r"[“\"「『‘][^”\"」』’\n]{0,200}[”\"」』’]")


_DENIAL = pattern_on_use(r"不(?:要|用|能|了|必|支持|可)|别|无法|没法|勿|没有|不在")
#: The contact is the speaker: "加我企业微信", "报给我".
_FIRST_PERSON = pattern_on_use(
    r"(?:加|添加|联系|发|找|转|告诉|报|念|给|跟)(?:给|一下|下)?(?:我|咱)(?!妈|爸|们不|的(?:快递|包裹))"
)
#: Consequences of a request are reported, not requested.
_CONSEQUENCE = pattern_on_use(
    r"[^，。！？!?；;\n]{0,6}(?:可能|会|易|将)(?:会|导致|造成|使|被|泄露|让骗子)|[^，。！？!?；;\n]{0,4}(?:有|存在)风险"
)
#: Colleagues are told what customers are made to do.
_OF_OTHERS = pattern_on_use(
    r"(?<![需请])(?<!系统)(?<!平台)(?<!公司)(?:让|叫|引导)(?:客户|买家|顾客|用户|会员|业主|人家)[^，。,]{0,4}$"
)
#: The reader is told to follow the speaker's instructions.
_OBEY = pattern_on_use(r"按照?我们?(?:说|教|讲|的)|听我(?:的|说|指)|[您你](?:现在|马上|立刻)")


def please_of(clause: str) -> bool:
    """Return whether a clause ends in the opening words of a polite request ("请您…")."""
    return _PLEASE.search(clause) is not None


#: Maximum characters of a sentence on each side of a position.
_MAX_SENTENCE = 400


class Reading:
    """Analysis of a normalised text: warnings, reports and refusals. Create one per text."""

    def __init__(self, text: str) -> None:
        """Find the sentences and the marks of reports in ``text``."""
        self.text = text
        marks = [match.span() for match in _SENTENCE_END.finditer(text)]
        self._starts = [start for start, _ in marks]
        self._ends = [end for _, end in marks]
        self.story = [match.start() for match in _STORY.finditer(text)]
        self.soft = len(_SOFT_WARNING.findall(text))
        self.own_story = bool(_OWN_STORY.search(text))
        self._quotes = [match.span() for match in _QUOTES.finditer(text)] if self.story else []

    @property
    def warns(self) -> bool:
        """Whether the text as a whole warns of a fraud or reports one."""
        return bool(self.story) or self.soft > 1

    def sentence(self, at: int) -> tuple[int, int]:
        """Return the range of the sentence around position ``at``."""
        before = bisect_right(self._ends, at)
        start = self._ends[before - 1] if before else 0
        end = self._starts[before] if before < len(self._starts) else len(self.text)
        return max(start, at - _MAX_SENTENCE), max(at, min(end, at + _MAX_SENTENCE))

    def claims(self, start: int, end: int, *, asked: bool) -> bool:
        """Return whether the statement at ``start``–``end`` is about the reader's own case.

        It is not if the sentence negates it ("客服不会因丢件…") or reports a fraud. If something is ``asked``, the
        statement counts even inside a report.
        """
        sentence_start, sentence_end = self.sentence(start)
        clause = _CLAUSE_END.split(self.text[sentence_start:start])[-1]
        if _STRONG_NO.search(clause):
            return False
        if asked:
            return True
        if not self.story:
            return self.soft < 2 or not self.own_story  # noqa: PLR2004 - see means
        told_here = self._tells(sentence_start, sentence_end)
        quoted = any(first <= start and end <= last for first, last in self._quotes)
        return not told_here and not quoted

    def has_handle(self, start: int, end: int) -> bool:
        """Return whether the range contains, or is followed by, an account or number that the reader could use."""
        return _HANDLE.search(self.text, start, min(len(self.text), end + 16)) is not None

    def _tells(self, start: int, end: int) -> bool:
        """Return whether a range contains a mark of a report."""
        first = bisect_left(self.story, start)
        return first < len(self.story) and self.story[first] < end

    def is_denied(self, start: int, end: int) -> bool:
        """Return whether the clause around ``start``–``end`` negates it ("不要联系商家", "走不了原路")."""
        before = _CLAUSE_END.split(self.text[max(0, start - 24) : start])[-1]
        return _DENIAL.search(before[-10:] + self.text[start:end]) is not None

    def means(self, start: int, end: int) -> bool:
        """Return whether the request at ``start``–``end`` is directed at the reader, not refused or reported."""
        sentence_start, sentence_end = self.sentence(start)
        before = self.text[sentence_start:start]
        clause = _CLAUSE_END.split(before)[-1]
        inside = self.text[start:end]
        handle = self.has_handle(start, end)
        if not handle and (_CONSEQUENCE.match(self.text, end) or _OF_OTHERS.search(clause)):
            return False
        if self._refused(before, clause, inside, handle=handle):
            return False
        if not self.story and self.soft < 2 and not self.own_story:  # noqa: PLR2004 - two soft words make a warning
            return True
        return self._put_directly(start, end, (sentence_start, sentence_end), clause, handle=handle)

    def _refused(self, before: str, clause: str, inside: str, *, handle: bool) -> bool:
        near = clause[-14:] + inside
        weak = _WEAK_NO.search(near)
        # "不会请您提供" is no turn of the sentence: a turn does not follow the refusal immediately.
        if weak and not _TURN.search(near, weak.end() + 1, len(near) - len(inside)):
            return True
        refusals = [match.end() for match in _STRONG_NO.finditer(before)]
        return bool(refusals) and not handle and _TURN.search(before, refusals[-1] + 1) is None

    def _put_directly(
        self, start: int, end: int, sentence: tuple[int, int], clause: str, *, handle: bool
    ) -> bool:
        """Return whether a request in a text that warns or reports is nevertheless a direct request."""
        if any(first <= start and end <= last for first, last in self._quotes):
            return False
        if _FIRST_PERSON.search(self.text, start, min(len(self.text), end + 2)):
            return not self.own_story or please_of(clause)
        if _OBEY.search(clause) and not self.own_story:
            return True
        told_here = self._tells(*sentence) or _OWN_STORY.search(self.text, *sentence)
        please = please_of(clause)
        if told_here:
            return handle and please
        if self.story or self.own_story:
            return please or (handle and _DIRECT.search(clause) is not None)
        return handle or _DIRECT.search(clause) is not None
