"""Errors of print PCs. Messages never name an account, a machine or a person."""

from waybillguard.errors import WaybillGuardError


class SensorServiceError(WaybillGuardError):
    """A report, an approval or a step is not accepted."""

    code = "sensor_service"


def report_unreadable() -> SensorServiceError:
    """Build the error for a file that is not a scan report."""
    return SensorServiceError(
        zh="这不是扫描结果文件，没有保存。请在打印电脑上运行 waybillguard sensor scan --json 文件名，再把该文件上传到这里。",
        en="This is no result of a scan; nothing was stored. Run waybillguard sensor scan --json FILE on the print PC"
        " and upload that file.",
    )


def report_too_large() -> SensorServiceError:
    """Build the error for a report over the size limit."""
    return SensorServiceError(
        zh="扫描结果超过 4 MB，没有保存。请只提交一台电脑的结果。",
        en="The result is larger than 4 MB and was not stored. Send the result of one PC at a time.",
    )


def step_out_of_order() -> SensorServiceError:
    """Build the error for a step that is not the next one."""
    return SensorServiceError(
        zh="这一步现在还不能做，请按页面上的顺序进行。",
        en="This step does not come next; follow the order on the page.",
    )


def not_proven_clean() -> SensorServiceError:
    """Build the error for a PC without a clean scan after its rebuild."""
    return SensorServiceError(
        zh="还不能确认干净：需要一份重装之后的扫描结果，且没有高、中级发现。",
        en="Not proven clean: a scan made after the rebuild, without high or medium findings, is needed.",
    )


def approval_too_long() -> SensorServiceError:
    """Build the error for an approval whose last day is past or too far away."""
    return SensorServiceError(
        zh="批准的截止日期要在今天之后、一年之内。",
        en="An approval ends after today and within a year.",
    )
