"""Collects what could not be judged and why; shown together with the alerts."""

from dataclasses import dataclass, field
from typing import Final

_TEXTS: Final = {
    "roster_row": ("花名册中 {n} 行没有账号，已跳过（第 {which} 行）", "{n} rows of the roster name no account and were left out (row {which})"),
    "roster_shift": ("花名册中 {n} 行班次无法理解，这些班次不用于判断（第 {which} 行）", "{n} rows of the roster have no usable shift; those shifts judge nothing (row {which})"),
    "roster_employment": ("花名册中 {n} 行入离职日期矛盾或无法理解，按在职处理（第 {which} 行）", "{n} rows of the roster have contradictory or unclear dates of employment; taken as employed (row {which})"),
    "roster_absent": ("{n} 个账号不在花名册中：离职和班次无法判断", "{n} accounts are not in the roster: employment and shifts cannot be judged"),
    "roster_doubted": ("{n} 个账号长期在班次之外正常干活，花名册班次可能有误，不据此告警", "{n} accounts do explained work out of shift most days; the roster's shifts are doubted and judge nothing"),
    "employment_doubted": ("{n} 个账号花名册已离职，但照常有打印、工单等正常工作，花名册可能有误", "{n} accounts go on with explained work after the roster's end of employment; the roster is doubted"),
    "no_explanations": ("{n} 个仓库的日志不写缘由（explained_by）：只能按数量、时间、地点判断", "the logs of {n} tenants never say what explains a look: judged by count, hour and place alone"),
    "no_exposed": ("{n} 个仓库的日志不写是否明文（exposed）：按揭示（没有揭示操作时按查看）和导出为明文处理", "the logs of {n} tenants never say what was exposed: reveals (or views, where nothing is revealed) and exports are taken as plaintext"),
    "no_stations": ("{n} 个仓库的日志没有工位：地点按网络地址判断", "the logs of {n} tenants name no station: places are judged by address"),
    "no_accounts": ("{n} 个仓库有未写账号的事件，无法归到个人", "events of {n} tenants name no account and cannot be laid to anybody"),
    "clock": ("{n} 天的事件远离其余日期（时钟错误？），未判断：{which}", "events of {n} days lie far from all others (a wrong clock?) and were not judged: {which}"),
    "gap": ("日志有 {n} 处连续两天以上没有事件（停止上报或放假），这些天未判断：{which}", "{n} times a log has no events for two days or more (a feed that stopped, or a holiday); those days were not judged: {which}"),
    "short_history": ("{n} 个仓库历史不足 3 天：只按时间、地点、岗位和当天同岗判断", "{n} tenants have less than 3 days of history: judged by hour, place, role and peers of the day"),
    "unscanned": ("日志不含扫描记录，打印后无人扫描出库的面单无法判断", "the log has no scans: labels that were printed and never scanned out cannot be judged"),
    "scans_missing": ("有 {n} 天大量面单没有扫描记录（扫描枪停用或扫描未保存？），这些天的面单未判断：{which}", "on {n} days many labels have no scan (a scanner that stood still, or scans not kept?); labels of those days were not judged: {which}"),
    "prints_missing": ("有 {n} 天大量扫描的面单没有打印记录（在别处打印，或日志缺日期？），这些扫描除诱饵订单外按扫描采信：{which}", "on {n} days many labels were scanned that the log does not show printed (printed elsewhere, or days are missing?); those scans were believed, but for decoys: {which}"),
    "unscanned_account": ("{n} 个账号打印的面单从来不扫描，未判断：{which}", "labels of {n} accounts are never scanned and were not judged: {which}"),
    "orders_incomplete": ("有 {n} 天的订单清单不全（时间未覆盖或缺店铺），未判断无订单的面单：{which}", "the list of orders is incomplete on {n} days (too short, or a shop is missing); labels of no order were not judged: {which}"),
    "finding_nowhere": ("{n} 条工位检查结果没有写工位或时间，无法对应到操作；请在该 JSON 中加上 workstation", "{n} sensor findings name no station or time and cannot be joined with activity; add workstation to that JSON"),
    "unusable": ("{which} 条事件没有租户或可信的时间，未判断", "{which} events name no tenant or no credible time and were not judged"),
    "finding_tenant": ("检查结果没有写租户（tenant），而日志属于多个租户，这些结果未用于判断：{which}", "sensor findings that name no tenant were not joined, because the log holds several: {which}"),
    "detector_failed": ("检测规则 {which} 出错，本次未判断", "detector {which} failed and judged nothing this time"),
}  # fmt: skip


@dataclass(slots=True)
class Notes:
    """Codes of what could not be judged, each with the distinct items it applies to."""

    _found: dict[str, dict[str, None]] = field(default_factory=dict)

    def add(self, code: str, which: str) -> None:
        """Note that ``which`` could not be judged. It must hold no personal data except an account name."""
        self._found.setdefault(code, {})[which] = None

    def codes(self) -> set[str]:
        """Return all codes noted."""
        return set(self._found)

    def lines(self) -> list[tuple[str, str]]:
        """Return the text of each note in Chinese and English."""
        return [
            tuple(text.format(n=len(which), which=", ".join(list(which)[:5])) for text in _TEXTS[code])  # type: ignore[misc]
            for code, which in self._found.items()
        ]
