"""Settings that concern the source: what is refused, and with which words."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.settings import FetchSettings, load


def fetch(tmp_path: Path, **env: str) -> FetchSettings:
    folders = {"TALENT_RAW": str(tmp_path / "raw"), "TALENT_WAREHOUSE": str(tmp_path / "warehouse")}
    return load({**folders, **env}).fetch


def test_the_defaults_ask_nobody_and_rest_long(tmp_path: Path) -> None:
    ours = fetch(tmp_path)
    assert ours == FetchSettings()
    assert (ours.contact, ours.pause >= 5, ours.allow_loopback) == ("", True, False)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("TALENT_CONTACT", "reader", "e-mail or web address"),
        ("TALENT_CONTACT", "reader@example", "e-mail or web address"),
        ("TALENT_CONTACT", "reader@example.org (me)", "without brackets"),
        ("TALENT_CONTACT", "讀者@example.org", "ASCII"),
        ("TALENT_PAUSE", "0", "1 second or more"),
        ("TALENT_PAUSE", "soon", "must be numbers"),
        ("TALENT_PAUSE", "nan", "0 seconds or more"),
        ("TALENT_SETTLE_DAYS", "0", "1 day or more"),
        ("TALENT_SOURCE", "www.info.gov.hk", "scheme and host"),
        ("TALENT_SOURCE", "ftp://www.info.gov.hk", "scheme and host"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused_by_name(tmp_path: Path, name: str, value: str, said: str) -> None:
    with pytest.raises(ValueError, match=said) as caught:
        fetch(tmp_path, **{name: value})
    assert name in str(caught.value)


@pytest.mark.parametrize("contact", ["reader@example.org", "https://example.org/contact"])
def test_an_address_of_mail_or_web_is_a_contact(tmp_path: Path, contact: str) -> None:
    assert fetch(tmp_path, TALENT_CONTACT=f" {contact} ").contact == contact


def test_only_a_site_on_this_machine_is_asked_without_rests(tmp_path: Path) -> None:
    assert fetch(tmp_path, TALENT_PAUSE="0", TALENT_ALLOW_LOOPBACK="1").pause == 0
    assert fetch(tmp_path, TALENT_PAUSE="1").pause == 1
