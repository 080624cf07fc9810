"""Fill the demo warehouse through the normal code paths: spool, worker tasks, confirmation.

All people and accounts are invented.
"""

import sys
from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.utils import timezone
from django_scopes import scope

from waybillguard.service.contracts.terms import Terms, begin
from waybillguard.service.external_accounts.models import StaffOrAccountList
from waybillguard.service.external_accounts.services import apply_list, take_list
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.devices.services import authority_certificate, issue_code
from waybillguard.service.identity.models import DeviceKind, Employment, Merchant, MerchantShop, Role, User
from waybillguard.service.identity.sites.services import add_site, open_sites
from waybillguard.service.lookups.models import CallSetting
from waybillguard.service.operations.demo_station import STATION
from waybillguard.service.print_room.runs.services import start_run
from waybillguard.service.print_room.runs.tasks import draw_run
from waybillguard.service.print_room.stations.waves import make_wave_of
from waybillguard.service.tenancy.spool import SpoolWriter
from waybillguard.service.vault.listing import shops as shops_of_imports
from waybillguard.service.vault.models import Batch, Lane, Order
from waybillguard.service.vault.services import commit_import, start_import
from waybillguard.service.vault.tasks import read_import
from waybillguard.service.vault.uploads import SealedUpload
from waybillguard.simulate import Export, demo_exports

SEED = 20261124
LABELS = 24
SITES = (("YW-1", "义乌一号仓"), ("JH-2", "金华二号仓"))


def fill_demo(owner: User) -> None:
    """Import the demo's exports, leave the last one for the user to confirm, and print some labels."""
    tenant = tenant_of(owner)
    with scope(tenant=tenant):
        main, second = (add_site(owner, code, name, timezone.now()) for code, name in SITES)
        for username, role, shown, number, site in (
            ("supervisor", Role.SUPERVISOR, "主管小郑", "D00", None),
            ("clerk", Role.CLERK, "打单员小周", "D01", main),
            ("service", Role.SERVICE, "客服小吴", "D02", second),
        ):
            user = User.objects.create_user(username=username, tenant=tenant, role=role, display_name=shown)
            user.set_unusable_password()
            user.save()
            Employment.objects.create(
                tenant=tenant, user=user, number=number, identity_checked_on=timezone.localdate(), site=site
            )
        _fill_register(owner)
        CallSetting.objects.create(tenant=tenant, provider="simulator")
        exports = demo_exports(SEED, timezone.localtime())
        batches = [_import(owner, export) for export in exports]
        for batch in batches[:-1]:
            batch.refresh_from_db()
            commit_import(owner, batch)
        first = Order.objects.filter(tenant=tenant, batch=batches[0], lane=Lane.B).order_by("pk")
        run = start_run(owner, order_ids=list(first.values_list("pk", flat=True)[:LABELS]), station=STATION)
        draw_run.call(run.pk)
        make_wave_of(owner, list(first.values_list("pk", flat=True)[LABELS : 2 * LABELS]), timezone.now())
        _fill_contracts(owner)
    filled = [name for name in settings.APPLICATIONS if find_spec(f"{name}.demo")]
    # The inspection runs last, because it evaluates the data of the others.
    for name in sorted(filled, key=lambda name: name.endswith(".inspections")):
        import_module(f"{name}.demo").fill(owner)


def station_code(owner: User) -> str:
    """Make the code with which the demo's print station enrols."""
    certificate = authority_certificate(settings.CONFIG.tls_dir / "ca.pem")
    with scope(tenant=tenant_of(owner)):
        main = open_sites(tenant_of(owner)).get(code=SITES[0][0])
    return issue_code(
        owner,
        station=STATION,
        kind=DeviceKind.AGENT,
        holder=None,
        certificate=certificate,
        now=timezone.now(),
        site=main,
    ).text()


def _fill_contracts(owner: User) -> None:
    """Add two merchants' contracts: one runs for months, one ends within a month; other shops have none yet."""
    tenant, today = tenant_of(owner), timezone.localdate()
    shops = [shop for shop in shops_of_imports(tenant) if shop]
    for place, (name, left) in enumerate((("演示商贸", 280), ("样例百货", 18))):
        merchant = Merchant.objects.create(tenant=tenant, name=name)
        MerchantShop.objects.bulk_create(
            MerchantShop(tenant=tenant, merchant=merchant, shop=shop) for shop in shops[place : place + 1]
        )
        terms = Terms(
            purpose="代发货：打印面单、拣货、交寄", kinds="收件人姓名、电话、地址；订单；商品",
            method="导入即密封，打印脱敏面单，签收后按规则销毁", first_day=today - timedelta(days=365 - left),
            last_day=today + timedelta(days=left), measures="逐单加密；脱敏面单；导出须两人同意；每次查看均入台账",
            sub_entrusting=False, sub_entrusted="", contact=f"{name}数据负责人（演示）",
        )  # fmt: skip
        begin(owner, merchant, terms)


def _fill_register(owner: User) -> None:
    """Add staff and external accounts with typical findings: a leaver's active account, and one without a person."""
    today = timezone.localdate()
    long_ago, left, used = today - timedelta(days=500), today - timedelta(days=20), today - timedelta(days=3)
    staff = (
        "工号,姓名,入职日期,离职日期,用工形式,劳务公司,场地\n"
        f"D00,郑小禾,{long_ago},,正式,,\n"
        f"D01,周小满,{long_ago},,正式,,YW-1\n"
        f"D02,吴小桐,{long_ago},,正式,,JH-2\n"
        f"D03,郑小帆,{long_ago},{left},正式,,JH-2\n"
        f"D04,冯小可,{today - timedelta(days=9)},{today + timedelta(days=20)},临时工,演示劳务,YW-1\n"
    )
    accounts = (
        "系统,子账号,使用人,工号,状态,最后登录时间\n"
        f"演示店铺后台,yanshi:dadan01,周小满,D01,启用,{used} 09:12\n"
        f"演示店铺后台,yanshi:kefu01,吴小桐,D02,启用,{used} 10:30\n"
        f"演示店铺后台,yanshi:kefu02,郑小帆,D03,启用,{used} 02:47\n"
        f"演示 ERP,cangku,,,启用,{used} 23:18\n"
        f"演示 ERP,zheng,郑小帆,D03,停用,{left} 18:00\n"
        f"演示快递网点,wd-0571,冯小可,D04,启用,{used} 14:05\n"
    )
    kinds = StaffOrAccountList.Kind
    for kind, text in ((kinds.PAYROLL, staff), (kinds.ACCOUNTS, accounts)):
        apply_list(owner, take_list(owner, kind, "", None, text), timezone.now())


def _import(owner: User, export: Export) -> Batch:
    writer = SpoolWriter(tenant_of(owner), "import")
    writer.write(export.content)
    writer.finish()
    upload = SealedUpload(
        kind=export.name.rpartition(".")[2], writer=writer, size=len(export.content), too_large=False
    )
    batch = start_import(owner, upload)
    read_import.call(batch.pk)
    batch.refresh_from_db()
    if batch.state != Batch.State.PREVIEW:
        sys.stderr.write(f"demo: {export.name}: {batch.error_zh} / {batch.error_en}\n")
    return batch
