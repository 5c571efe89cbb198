"""The printed forms as data: shipped ones match the notice, wrong ones name their line."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.data_files import data_folder
from engine.errors import FileWrong, NotFound, StoreUnavailable
from reports.form_head import BLANK_ZH, FormHead, filled
from reports.forms import Form, HeadForm, ListForm, form_document, form_from, read_form, shipped_form, shipped_forms

HEAD = FormHead(campaign="剑网2018", unit="苏州市版权局", period="2018年9月")


def changed(tmp_path: Path, form_id: str, old: str, new: str) -> Path:
    text = (data_folder() / "forms" / f"{form_id}.yaml").read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "form.yaml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return file


def test_the_forms_are_shipped_with_their_printed_titles() -> None:
    titles = {form.id: filled(form, form, HEAD) for form in shipped_forms()}

    assert titles == {
        "statistics": "“剑网2018”专项行动工作情况统计表",
        "cases": "“剑网2018”专项行动查处案件信息表",
        "sites": "“剑网2018”主动监管网站名单统计表",
        "statistics_2015": "“剑网2018”工作情况统计表",
        "cases_2015": "“剑网2018”查处案件信息表",
        "counterfeit_2017": "宿迁市互联网领域侵权假冒专项治理工作报表（2018年9月）",
    }


def test_what_the_source_does_not_print_of_a_form_is_said_with_how_sure_it_is() -> None:
    readings = {form.id: form.reading.confidence for form in shipped_forms() if form.reading is not None}

    # Of the two of 2015 only the names are published; of the one of 2017 only the head, which is certain.
    assert readings == {"statistics_2015": "inference", "cases_2015": "inference", "counterfeit_2017": "V1"}


def test_a_form_without_known_columns_has_its_head_and_none_is_made_up() -> None:
    head_only = shipped_form("counterfeit_2017")

    assert isinstance(head_only, HeadForm)
    assert [filled(field, head_only, HEAD).partition("：")[0] for field in head_only.fields] == (
        ["单位", "负责人", "联系人", "电话"]
    )
    assert not hasattr(head_only, "columns")


def test_list_forms_have_the_printed_columns_and_sites_are_restricted() -> None:
    cases, sites = shipped_form("cases"), shipped_form("sites")

    assert isinstance(cases, ListForm)
    assert isinstance(sites, ListForm)
    # 苏知法〔2018〕75号附件2、附件3
    assert [c.zh for c in cases.columns] == ["编号", "案件名称", "办案单位", "案件来源", "案情简介", "查处结果", "备注"]
    assert [c.zh for c in sites.columns] == (
        [
            "编号",
            "网站名称",
            "首页网址",
            "备案登记号",
            "网站IP地址",
            "网站经营者（所有者）名称",
            "负责人姓名",
            "电话",
            "地址",
        ]
    )
    assert (cases.restricted, sites.restricted) == (False, True)
    assert [c.id for c in sites.columns if c.personal] == ["person_in_charge", "phone", "address"]


@pytest.mark.parametrize("form", shipped_forms(), ids=lambda form: form.id)
def test_the_database_copy_reads_back_equal(form: Form) -> None:
    assert form_from(form_document(form)) == form


def test_a_damaged_database_copy_is_said_to_be_damaged() -> None:
    document = form_document(shipped_form("cases")) | {"columns": []}

    with pytest.raises(StoreUnavailable) as caught:
        form_from(document)

    assert caught.value.code == "form.damaged"


def test_an_unknown_form_names_the_known_ones() -> None:
    with pytest.raises(NotFound) as caught:
        shipped_form("../statistics")

    assert caught.value.remedy is not None
    assert "statistics" in caught.value.remedy.en


def test_what_is_unknown_is_printed_as_a_blank_and_values_are_not_filled_in_again() -> None:
    cases = shipped_form("cases")
    head = FormHead(campaign="剑网2018", unit="{phone}", period="2018年9月", phone="0512")

    assert isinstance(cases, ListForm)
    assert cases.head is not None
    assert filled(cases.head, cases, head) == "地区：　　　　　　市（县）、区"
    assert filled(cases.foot[0], cases, head) == "填报单位（盖章）：{phone}"
    assert filled(cases.foot[1], cases, head) == f"填报人：{BLANK_ZH}"


WRONG = [  # form, old text, new text, part of the English sentence
    ("statistics", "{campaign}”专项", "{champaign}”专项", "there is no placeholder 'champaign'"),
    ("statistics", "填报期间：{period}", "填报期间", "different placeholders"),
    ("statistics", "id: penalties,", "id: filed,", "'filed' stands there twice"),
    ("statistics", "group: referral", "group: court", "names the group 'court'"),
    ("statistics", "kind: count, width", "kind: count, group: penalty, width", "must be neighbours"),
    ("statistics", "measure: fines_fen", "measure: fines", "takes a measure ending in _fen"),
    ("statistics", "width: 18", "width: wide", "'wide' is not a whole number"),
    ("statistics", "kind: figures", "kind: figure", "'figure' is not among figures"),
    ("sites", "restricted: yes\n", "", "must say restricted"),
    ("cases", "sheet: {zh: 查处案件信息表", "sheet: {zh: 查处/案件", "must match"),
    ("cases_2015", "confidence: inference", "confidence: guessed", "'guessed' is not among"),
    ("cases_2015", "rows: cases", "rows: works", "'works' is not among"),
    ("counterfeit_2017", "单位：{unit}", "单位：", "different placeholders"),
    ("counterfeit_2017", "fields:\n", "columns: []\nfields:\n", "columns"),
    ("counterfeit_2017", "reading:\n", "foot: []\nunread:\n", "unread"),
]


@pytest.mark.parametrize(("form_id", "old", "new", "sentence"), WRONG)
def test_a_wrong_form_is_refused_with_a_reason(tmp_path: Path, form_id: str, old: str, new: str, sentence: str) -> None:
    file = changed(tmp_path, form_id, old, new)

    with pytest.raises(FileWrong) as caught:
        read_form(file)

    assert sentence in str(caught.value)
