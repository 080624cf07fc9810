# ruff: noqa: ARG001 - fixtures are asked for by name; Django is imported late
"""Content of the pages in both languages, and their number of database queries."""

from collections.abc import Callable
from datetime import date
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from django_scopes import scope

from waybillguard.service.identity.models import Role, User
from waybillguard.service.inspections.models import Inspection
from waybillguard.service.platform.errors import VaultError
from waybillguard.service.platform.navigation import entries
from waybillguard.service.platform.views import csv_cell
from waybillguard.service.vault.models import Batch, Order
from waybillguard.service.vault.search import SearchResult
from waybillguard.service.web import error_pages as errors
from waybillguard.service.web.home import segments

pytestmark = pytest.mark.usefixtures("no_keyd")

SHOWN = (
    "home",
    "lanes",
    "imports",
    "orders",
    "printing",
    "people",
    "register",
    "tokens",
    "mfa_index",
    "usersessions_list",
)
MOST_QUERIES = 20


@pytest.fixture
def owner(warehouse: SimpleNamespace, signed_in: Callable[..., Client]) -> Client:
    return signed_in(warehouse.owner)


@pytest.mark.parametrize("name", SHOWN)
@pytest.mark.parametrize(("language", "brand"), [("zh-hans", "面单卫士"), ("en", "Waybill Guard")])
def test_a_page_speaks_the_readers_language(
    name: str, language: str, brand: str, warehouse: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(warehouse.owner, **{"accept-language": language})
    page = client.get(reverse(name))
    assert page.status_code == 200
    assert brand in page.content.decode()
    assert f'<html lang="{language}">' in page.content.decode()


@pytest.mark.parametrize("name", SHOWN)
def test_a_page_asks_the_database_little(name: str, owner: Client) -> None:
    owner.get(reverse(name))
    with CaptureQueriesContext(connection) as queries:
        owner.get(reverse(name))
    assert len(queries) <= MOST_QUERIES, [query["sql"][:160] for query in queries]


def test_an_order_list_asks_as_little_for_fifty_rows_as_for_one(
    warehouse: SimpleNamespace, made_up: ModuleType, owner: Client
) -> None:
    owner.get(reverse("orders"))
    with CaptureQueriesContext(connection) as few:
        owner.get(reverse("orders"))
    made_up.make_batch(warehouse.owner, orders=120)
    with CaptureQueriesContext(connection) as many:
        owner.get(reverse("orders"))
    assert len(many) == len(few)
    assert not [q for q in many.captured_queries if "COUNT(*)" in q["sql"] and "vault_order" in q["sql"]]


def test_content_security_policy_allows_nothing_inline(owner: Client) -> None:
    page = owner.get(reverse("home"))
    policy = page["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    nonce = policy.partition("'nonce-")[2].partition("'")[0]
    assert nonce
    assert page.content.decode().count(f'nonce="{nonce}"') >= 3


def test_a_page_of_orders_is_not_kept_by_caches_of_others(owner: Client) -> None:
    assert "Cookie" in owner.get(reverse("orders"))["Vary"]


def test_an_empty_warehouse_is_led_to_the_upload(
    made_up: ModuleType, signed_in: Callable[..., Client], db: None
) -> None:
    owner = made_up.make_user(made_up.make_tenant("empty"), "alone", Role.OWNER)
    page = signed_in(owner).get(reverse("home")).content.decode()
    assert "Import the first orders" in page
    assert reverse("imports") in page


def test_home_shows_a_lane_that_is_not_at_zero(owner: Client) -> None:
    page = owner.get(reverse("todo")).content.decode()
    assert "came in as plaintext" in page


def test_the_bar_fills_its_width_and_shows_small_lanes() -> None:
    laid = segments({"A": 999_999, "B": 1, "C": 0})
    assert sum(s.width for s in laid) == pytest.approx(1000, abs=0.05)
    assert laid[1].width >= 5.9
    assert laid[2].width == 0
    assert [s.width for s in segments({})] == [0, 0, 0]


def test_filters_live_in_the_address(owner: Client) -> None:
    page = owner.get(reverse("orders"), {"lane": "C", "printed": "no"}).content.decode()
    assert '<option value="C" selected>' in page
    assert '<option value="no" selected>' in page


def test_nonsense_filters_filter_nothing(owner: Client) -> None:
    page = owner.get(reverse("orders"), {"from": "yesterday", "batch": "x" * 40, "cursor": "<<", "lane": "Z"})
    assert page.status_code == 200
    assert page.content.decode().count("data-row>") == 8


def test_paging_goes_on_and_comes_back(
    warehouse: SimpleNamespace, made_up: ModuleType, owner: Client
) -> None:
    made_up.make_batch(warehouse.owner, orders=60)
    first = owner.get(reverse("orders")).context["page"]
    second = owner.get(reverse("orders"), {"cursor": first.next_cursor}).context["page"]
    back = owner.get(reverse("orders"), {"cursor": second.previous_cursor}).context["page"]
    assert [o.pk for o in back.orders] == [o.pk for o in first.orders]
    assert {o.pk for o in second.orders} & {o.pk for o in first.orders} == set()


def test_a_search_never_stands_in_an_address(
    warehouse: SimpleNamespace, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def search(user: User, kind: str, value: str, **rest: Any) -> SearchResult:
        asked.append((user.pk, kind, value, rest["shop"]))
        with scope(tenant=warehouse.tenant):
            return SearchResult(list(Order.objects.all()[:2]), truncated=True)

    monkeypatch.setattr("waybillguard.service.lookups.views_orders.search_orders", search)
    page = owner.post(reverse("order_search"), {"kind": "last4", "value": "0001", "shop": "测试旗舰店"})
    assert asked == [(warehouse.owner.pk, "last4", "0001", "测试旗舰店")]
    assert page.content.decode().count("data-row>") == 2
    assert "There are more" in page.content.decode()
    assert "0001" not in page.request["QUERY_STRING"]
    assert page["Cache-Control"] == "no-store"
    assert 'value="0001"' not in page.content.decode()


@pytest.mark.parametrize(
    ("form", "day", "also"),
    [
        ({"kind": "name", "day": "2026-11-20", "also_kind": "last4", "also_value": " 0001"}, date(2026, 11, 20), [("last4", " 0001")]),
        ({"kind": "order", "also_kind": "phone", "also_value": " "}, None, []),
        ({"kind": "address", "day": "2026-11-20"}, date(2026, 11, 20), []),
        ({"kind": "last4"}, None, []),
        ({"kind": "name", "also_kind": "last4", "also_value": "0001"}, None, [("last4", "0001")]),
    ],
)  # fmt: skip
def test_a_search_takes_shop_and_day_with_any_term_and_a_second_one(
    owner: Client, monkeypatch: pytest.MonkeyPatch, form: dict[str, str], day: date | None, also: list[Any]
) -> None:
    asked: list[dict[str, Any]] = []

    def search(_user: User, _kind: str, _value: str, **rest: Any) -> SearchResult:
        asked.append(rest)
        return SearchResult([], truncated=False)

    monkeypatch.setattr("waybillguard.service.lookups.views_orders.search_orders", search)
    page = owner.post(reverse("order_search"), {"value": "x", "shop": "测试旗舰店", **form})
    assert [(one["shop"], one["day"], one["also"]) for one in asked] == [("测试旗舰店", day, also)]
    if also:
        assert f'<option value="{also[0][0]}" selected>' in page.content.decode()
        assert 'value="0001"' not in page.content.decode()


def test_the_last_four_say_how_far_back_they_were_looked_for(
    owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = SearchResult([], truncated=False, last_four=True)
    monkeypatch.setattr("waybillguard.service.lookups.views_orders.search_orders", lambda *_, **__: found)
    asked = {"kind": "any", "value": "0001"}
    assert "of the last 30 days" in owner.post(reverse("order_search"), asked).content.decode()
    named = owner.post(reverse("order_search"), {**asked, "day": "2026-11-20"}).content.decode()
    assert "of the last 30 days" not in named


def test_an_empty_search_for_a_person_says_how_orders_of_lane_a_are_found(
    owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = "Orders of lane A have no contact here"
    for for_person in (True, False):
        found = SearchResult([], truncated=False, last_four=for_person, for_person=for_person)
        monkeypatch.setattr(
            "waybillguard.service.lookups.views_orders.search_orders", lambda *_, found=found, **__: found
        )
        page = owner.post(reverse("order_search"), {"kind": "any", "value": "0001"}).content.decode()
        again = owner.get(reverse("order_search")).content.decode()
        assert (told in page, told in again) == (for_person, for_person)


def test_back_and_reload_show_what_was_found_without_searching_again(
    warehouse: SimpleNamespace, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert owner.get(reverse("order_search")).url == reverse("orders")
    asked: list[str] = []

    def search(_user: User, _kind: str, value: str, **_rest: Any) -> SearchResult:
        asked.append(value)
        with scope(tenant=warehouse.tenant):
            return SearchResult(list(Order.objects.all()[:2]), truncated=False)

    monkeypatch.setattr("waybillguard.service.lookups.views_orders.search_orders", search)
    found = owner.post(reverse("order_search"), {"kind": "name", "value": "王"})
    again = owner.get(reverse("order_search"))
    assert {one.pk for one in again.context["orders"]} == {one.pk for one in found.context["orders"]}
    assert asked == ["王"]
    assert "王" not in str(owner.session["last_search"])


@pytest.mark.parametrize("digits", ["138000", "1380000", "000123"])
def test_a_piece_of_a_phone_is_not_searched_as_a_whole_one(
    warehouse: SimpleNamespace, owner: Client, digits: str
) -> None:
    page = owner.post(reverse("order_search"), {"kind": "phone", "value": digits}).content.decode()
    assert "type the whole phone" in page


def test_an_address_of_a_form_leads_to_its_page(owner: Client) -> None:
    page = owner.get(reverse("export_new"))
    assert page.status_code == 405
    assert f'href="{reverse("exports")}"' in page.content.decode()


def test_each_entry_and_tab_of_the_menu_is_the_heading_of_its_page(owner: Client) -> None:
    wrong = {}
    for entry in entries():
        for name, label in {entry.name: entry.label, **{tab.name: tab.label for tab in entry.tabs}}.items():
            page = owner.get(reverse(name))
            if page.status_code == 200 and name != "town":  # a town's page bears the town's name
                heading = page.content.decode().partition("<h1>")[2].partition("</h1>")[0]
                if heading not in {str(label), str(entry.label)}:
                    wrong[name] = heading
    assert wrong == {}


def test_each_entry_of_the_menu_has_an_icon_of_its_own() -> None:
    icons = [entry.icon for entry in entries()]
    assert sorted(icons) == sorted(set(icons))


def test_searches_are_limited(owner: Client) -> None:
    for _ in range(60):
        owner.post(reverse("order_search"), {"kind": "order", "value": ""})
    assert owner.post(reverse("order_search"), {"kind": "order", "value": ""}).status_code == 429


@pytest.mark.parametrize(
    ("page", "asked"), [("export_new", {"numbers": "SN-1 SN-2"}), ("label_check", {"text": "no code"})]
)
def test_other_ways_to_look_orders_up_count_with_searches(
    page: str, asked: dict[str, str], owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("waybillguard.service.exports.views.find_numbers", lambda *_: {})
    assert owner.post(reverse(page), asked).status_code != 429
    for _ in range(59):
        assert owner.post(reverse("order_search"), {"kind": "order", "value": ""}).status_code != 429
    assert owner.post(reverse(page), asked).status_code == 429


def test_a_search_says_when_the_key_process_is_away(owner: Client) -> None:
    page = owner.post(reverse("order_search"), {"kind": "order", "value": "T1"}).content.decode()
    assert "the key process does not answer" in page
    assert "Nothing was searched." in page


def test_an_order_opens_as_a_drawer_and_as_a_page(warehouse: SimpleNamespace, owner: Client) -> None:
    with scope(tenant=warehouse.tenant):
        order = Order.objects.filter(lane="B").first()
    assert order is not None
    address = reverse("order_detail", args=[order.pk])
    assert "<html" in owner.get(address).content.decode()
    drawer = owner.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in drawer
    assert 'id="drawer-title"' in drawer


def test_an_order_of_an_unconfirmed_import_is_not_there(
    warehouse: SimpleNamespace, made_up: ModuleType, owner: Client
) -> None:
    batch = made_up.make_batch(warehouse.owner, Batch.State.PREVIEW)
    with scope(tenant=warehouse.tenant):
        hidden = Order.objects.filter(batch=batch).first()
    assert hidden is not None
    assert owner.get(reverse("order_detail", args=[hidden.pk])).status_code == 404


def test_the_preview_of_a_label_that_cannot_be_drawn_says_why(
    warehouse: SimpleNamespace, owner: Client
) -> None:
    with scope(tenant=warehouse.tenant):
        order = Order.objects.filter(lane="B").first()
        assert order is not None
        Order.objects.filter(pk=order.pk).update(goods_class="<b>not a class</b>")
    picture = owner.get(reverse("order_label", args=[order.pk]), headers={"accept-language": "zh-hans"})
    assert picture["Content-Type"] == "image/svg+xml"
    assert "物品类别".encode() in picture.content
    assert b"<b>" not in picture.content


def test_a_label_preview_is_a_picture(warehouse: SimpleNamespace, owner: Client) -> None:
    with scope(tenant=warehouse.tenant):
        order = Order.objects.filter(lane="B").first()
    assert order is not None
    picture = owner.get(reverse("order_label", args=[order.pk]))
    assert picture.content[:8] == b"\x89PNG\r\n\x1a\n"
    assert picture["Cache-Control"] == "no-store"


def test_a_preview_shows_lanes_samples_and_reasons(
    warehouse: SimpleNamespace, made_up: ModuleType, owner: Client
) -> None:
    batch = made_up.make_batch(warehouse.owner, Batch.State.PREVIEW)
    page = owner.get(reverse("import_detail", args=[batch.pk])).content.decode()
    assert "Confirm the import" in page
    assert "There is no phone number." in page
    assert "*******0001" in page


def test_an_import_that_is_read_asks_again_by_itself(
    warehouse: SimpleNamespace, made_up: ModuleType, owner: Client
) -> None:
    batch = made_up.make_batch(warehouse.owner, Batch.State.READING, orders=0, refused=0)
    page = owner.get(reverse("import_body", args=[batch.pk])).content.decode()
    assert 'hx-trigger="every 4s"' in page
    done = made_up.make_batch(warehouse.owner, Batch.State.PREVIEW)
    assert "hx-trigger" not in owner.get(reverse("import_body", args=[done.pk])).content.decode()


def test_refused_rows_come_as_a_table_without_contents(warehouse: SimpleNamespace, owner: Client) -> None:
    response = owner.get(reverse("import_refused", args=[warehouse.batch.pk]))
    lines = b"".join(response).decode("utf-8-sig").splitlines()  # type: ignore[arg-type] # a streaming response
    assert lines[0] == '"sheet","row","code","reason"'
    assert lines[1] == '"Sheet1",2,"no_phone","There is no phone number."'
    assert len(lines) == 4


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_sheet_name_never_runs_as_a_formula(start: str) -> None:
    assert csv_cell(f"{start}1+1").startswith("\"'")


def test_quotes_in_a_sheet_name_stay_in_their_cell() -> None:
    assert csv_cell('a"b,c') == '"a""b,c"'


def test_an_order_number_in_a_csv_stays_text_in_a_spreadsheet() -> None:
    assert csv_cell("2026112812345678") == '"2026112812345678\t"'
    assert csv_cell("A-1001") == '"A-1001"'


def test_an_upload_without_a_file_says_so(owner: Client) -> None:
    page = owner.post(reverse("imports"), {"password": ""})
    assert page.status_code == 422
    assert "Choose a file first." in page.content.decode()


def test_an_upload_that_fails_answers_the_script_in_words(owner: Client) -> None:
    answer = owner.post(
        reverse("imports"),
        {"password": ""},
        headers={"X-Requested-With": "XMLHttpRequest", "accept-language": "zh-hans"},
    )
    assert answer.json() == {"problem": "请先选择文件。"}


def test_a_stranger_cannot_make_the_service_read_a_file(db: None) -> None:
    answer = Client().post(reverse("imports"), {"file": SimpleUploadedFile("x.csv", b"a,b\n")})
    assert answer.status_code == 302


def test_an_action_that_is_not_possible_is_said_in_words(
    warehouse: SimpleNamespace, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(user: User, batch: Batch) -> Batch:
        raise VaultError(code="not_now", zh="不能", en="not now, it was printed")

    monkeypatch.setitem(
        __import__("waybillguard.service.vault.views.imports", fromlist=["_ACTIONS"])._ACTIONS, "undo", refuse
    )
    page = owner.post(reverse("import_act", args=[warehouse.batch.pk, "undo"]), follow=True)
    assert "not now, it was printed" in page.content.decode()


def test_an_unknown_action_is_not_found(warehouse: SimpleNamespace, owner: Client) -> None:
    assert owner.post(reverse("import_act", args=[warehouse.batch.pk, "delete"])).status_code == 404


def test_a_selection_reaches_the_print_page(warehouse: SimpleNamespace, owner: Client) -> None:
    page = owner.post(reverse("printing"), {"id": ["1", "2", "x", "99999999999999999999"]})
    assert page.context["chosen"] == [1, 2]
    assert 'name="ids" value="1,2"' in page.content.decode()


def test_all_that_match_a_filter_can_be_chosen(warehouse: SimpleNamespace, owner: Client) -> None:
    page = owner.post(reverse("printing"), {"all_matching": "1", "filter": "lane=C"})
    with scope(tenant=warehouse.tenant):
        expected = list(Order.objects.filter(lane="C").order_by("pk").values_list("pk", flat=True))
    assert page.context["chosen"] == expected


def test_printing_an_import_takes_that_import_in_batches_and_no_lane_a(
    warehouse: SimpleNamespace, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("waybillguard.service.print_room.runs.services.MAX_AT_ONCE", 2)
    with scope(tenant=warehouse.tenant):
        waiting = Order.objects.filter(batch=warehouse.batch, printed_at=None).exclude(lane="A")
        expected = list(waiting.order_by("pk").values_list("pk", flat=True))
    asked = {"all_matching": "1", "filter": f"batch={warehouse.batch.pk}&printed=no"}
    first = owner.post(reverse("printing"), asked)
    assert (first.context["chosen"], first.context["matching"]) == (expected[:2], len(expected))
    second = owner.post(reverse("printing"), {**asked, "after": expected[1]})
    assert second.context["chosen"] == expected[2:4]
    by_address = owner.get(reverse("printing"), {"batch": warehouse.batch.pk})
    assert by_address.context["chosen"] == expected[:2]


def test_an_address_that_names_no_import_chooses_nothing(owner: Client) -> None:
    for batch in ("", "x", "-1", "999999999"):
        assert owner.get(reverse("printing"), {"batch": batch}).context["chosen"] == []


def test_confirming_an_import_leads_to_its_printing_where_asked(
    warehouse: SimpleNamespace, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from waybillguard.service.vault.views import imports

    monkeypatch.setitem(imports._ACTIONS, "commit", lambda _user, _batch: None)
    address = reverse("import_act", args=[warehouse.batch.pk, "commit"])
    printed = owner.post(address, {"then": "print"})
    assert printed["Location"] == f"{reverse('printing')}?batch={warehouse.batch.pk}"
    assert owner.post(address)["Location"] == reverse("import_detail", args=[warehouse.batch.pk])


def test_an_order_tells_its_story_as_a_part_of_its_page(warehouse: SimpleNamespace, owner: Client) -> None:
    with scope(tenant=warehouse.tenant):
        order = Order.objects.filter(batch=warehouse.batch, lane="B").order_by("pk").first()
    assert order is not None
    owner.get(reverse("order_detail", args=[order.pk]))
    story = owner.get(reverse("order_activity", args=[order.pk]), headers={"HX-Request": "true"})
    text = story.content.decode()
    assert "<html" not in text
    assert "Looked, masked" in text
    assert str(warehouse.owner) in text


def test_a_run_names_what_it_refused(warehouse: SimpleNamespace, owner: Client) -> None:
    page = owner.get(reverse("run_detail", args=[warehouse.run.pk])).content.decode()
    assert "has no glyph" in page
    assert "Download PDF" in page


def test_a_missing_page_says_so_without_sign_in(db: None) -> None:
    page = Client(headers={"accept-language": "en"}).get("/nothing/")
    assert page.status_code == 404
    assert "Page not found" in page.content.decode()


def test_an_old_form_is_explained(rf: Any) -> None:
    with override("zh-hans"):
        page = errors.csrf_failure(rf.get("/"))
    assert page.status_code == 403
    assert "表单" in page.content.decode()


def test_the_page_for_a_fault_needs_neither_database_nor_sign_in(rf: Any) -> None:
    assert errors.broken(rf.get("/")).status_code == 500


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_language_switch_stays_on_the_page(language: str, owner: Client) -> None:
    owner.post(reverse("set_language"), {"language": language, "next": "/lanes/"})
    assert f'<html lang="{language}">' in owner.get("/lanes/").content.decode()


def test_orders_without_a_shop_do_not_empty_the_shop_box(
    warehouse: SimpleNamespace, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("waybillguard.service.lookups.views_orders.shops", lambda _tenant: ["", "山里干货"])
    page = owner.post(reverse("order_search"), {"kind": "order", "value": ""}).content.decode()
    assert "<option selected></option>" not in page
    assert "<option>山里干货</option>" in page


def test_in_a_new_installation_the_health_check_leads_the_menu(
    owner: Client, warehouse: SimpleNamespace
) -> None:
    def first() -> str:
        cache.clear()
        return (
            owner.get(reverse("orders"))
            .content.decode()
            .partition('<nav class="wg-nav"')[2]
            .partition("href=")[2]
        )

    assert first().startswith(f'"{reverse("health_check")}"')
    with scope(tenant=warehouse.tenant):
        Inspection.objects.create(
            tenant=warehouse.tenant, state=Inspection.State.DONE, started_by=warehouse.owner
        )
    assert first().startswith(f'"{reverse("home")}"')
