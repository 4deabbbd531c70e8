"""Handing in on a real phone's screen: one screen, few taps, big targets, places suggested, and no picture taken."""

import json
import re
import time
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from collectors.tips_code import TipCodes
from review_ui.report.places import suggested
from signals.post import Post
from tests.review_ui.conftest import Site
from tests.review_ui.test_screens import _faults
from tests.review_ui.world import PASSWORD

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
PASTE = """selector => {
  const data = new DataTransfer();
  data.items.add(new File(["x"], "scherm.png", {type: "image/png"}));
  const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
  document.querySelector(selector).dispatchEvent(event);
}"""
SHARE = """([action, fields, photo]) => {
  const form = document.createElement("form");
  Object.assign(form, {method: "post", action, enctype: "multipart/form-data"});
  for (const [name, value] of Object.entries(fields)) {
    const field = document.createElement("textarea");
    Object.assign(field, {name, value});
    form.append(field);
  }
  if (photo) {
    const field = document.createElement("input");
    Object.assign(field, {type: "file", name: "bestand"});
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(2_000_000)], "IMG_1.jpg", {type: "image/jpeg"}));
    field.files = data.files;
    form.append(field);
  }
  document.body.append(form);
  form.submit();
}"""


def share(page: Page, photo: bool = False, **fields: str) -> None:
    """What the browser posts when someone shares to the installed app."""
    page.evaluate(SHARE, ["/melden/deel", fields, photo])


def test_an_observation_is_one_screen_and_three_taps_on_a_phone(site: Site) -> None:
    suggested("zaan")  # the gazetteer is loaded by whoever asks first
    page = site.page("anna", **PHONE)
    page.goto("/melden/waarneming")
    send = page.get_by_role("button", name="Melden")
    expect(send).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    for target in page.locator("main input:not([type=hidden]), main textarea, main button:visible").all():
        box = target.bounding_box()
        assert box is not None
        assert box["height"] >= 44
    began = time.monotonic()
    page.get_by_label("Wat zag of hoorde u?").tap()
    page.keyboard.type("groep van buiten staat te wachten")
    page.get_by_label("Waar?").tap()
    page.keyboard.type("station krom")
    expect(page.locator('#plaatsen option[value="station Krommenie-Assendelft"]')).to_be_attached()
    page.get_by_label("Waar?").fill("station Krommenie-Assendelft")
    send.tap()
    expect(page.get_by_text("Dank u.")).to_be_visible()
    assert time.monotonic() - began < 60
    (post,) = site.world.sink.posts
    assert isinstance(post, Post)
    assert post.text == "Waarneming: groep van buiten staat te wachten, bij station Krommenie-Assendelft, nu."
    assert page.problems == []  # type: ignore[attr-defined]


def test_without_javascript_a_place_is_found_on_the_page_itself(site: Site) -> None:
    page = site.page("anna", java_script_enabled=False, **PHONE)
    page.goto("/melden/waarneming")
    page.get_by_label("Wat zag of hoorde u?").fill("groep staat te wachten")
    page.get_by_label("Waar?").fill("krom assend")
    page.get_by_role("button", name="Zoek deze plaats op").click()
    page.get_by_label("station Krommenie-Assendelft").check()
    page.get_by_role("button", name="Melden").click()
    expect(page.get_by_text("Dank u.")).to_be_visible()
    (post,) = site.world.sink.posts
    assert isinstance(post, Post)
    assert "station Krommenie-Assendelft" in post.text


@pytest.mark.parametrize(("path", "field"), [("/melden/tip", "#tekst"), ("/melden/waarneming", "#wat")])
def test_a_pasted_picture_is_refused_with_what_to_do_instead(site: Site, path: str, field: str) -> None:
    page = site.page("anna", **PHONE)
    page.goto(path)
    refusal = page.get_by_text("nemen wij niet aan")
    expect(refusal).to_be_hidden()
    page.evaluate(PASTE, field)
    expect(refusal).to_be_visible()
    expect(page.get_by_text("Typ over wat er staat, of beschrijf")).to_be_visible()
    assert page.problems == []  # type: ignore[attr-defined]


def test_a_share_goes_through_the_log_in_to_the_queue(site: Site) -> None:
    page = site.page(**PHONE)
    page.goto("/inloggen")
    share(page, text="kom allemaal naar het plein\nvanavond https://p.example.org/1", title="", url="")
    expect(page.get_by_text("Wat u wilt melden, blijft bewaard")).to_be_visible()
    page.get_by_label("Naam").fill("anna")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Inloggen").click()
    expect(page.get_by_label("Wat staat er?")).to_have_value("kom allemaal naar het plein\nvanavond")
    expect(page.get_by_label("Link naar de post")).to_have_value("https://p.example.org/1")
    assert "plein" not in page.url
    page.get_by_role("button", name="Melden").click()
    expect(page.get_by_text("Dank u.")).to_be_visible()
    assert len(site.world.sink.posts) == 1
    assert page.problems == []  # type: ignore[attr-defined]


def test_a_shared_photo_is_refused_on_the_phone(site: Site) -> None:
    page = site.page("anna", **PHONE)
    share(page, photo=True, text="")
    expect(page.get_by_text("nemen wij niet aan").first).to_be_visible()
    assert site.world.sink.posts == []


def test_the_browser_accepts_the_manifest_with_its_share_target_and_pictures(site: Site) -> None:
    page = site.page("anna", **PHONE)
    answer = page.context.new_cdp_session(page).send("Page.getAppManifest")
    assert answer["errors"] == []
    manifest = json.loads(answer["data"])
    assert manifest["share_target"]["action"] == "/melden/deel"
    for icon in manifest["icons"]:
        assert page.request.get(f"/static/{icon['src']}").ok
    installing = page.context.new_cdp_session(page).send("Page.getInstallabilityErrors")
    assert [
        error["errorId"] for error in installing["installabilityErrors"] if error["errorId"] != "in-incognito"
    ] == []


@pytest.mark.parametrize(("scheme", "language"), [("light", "nl"), ("dark", "nl"), ("dark", "en")])
def test_no_screen_of_handing_in_and_following_has_an_accessibility_fault(
    site: Site, scheme: str, language: str
) -> None:
    dependencies = site.world.app.state.dependencies
    reporting = replace(dependencies.reporting, codes=TipCodes(b"c" * 32))
    site.world.app.state.dependencies = replace(dependencies, reporting=reporting)
    page = site.page("anna", color_scheme=scheme, **PHONE)
    page.context.add_cookies([{"name": "seinpost_language", "value": language, "url": site.address}])
    found = {path: _faults(page, path) for path in ("/melden", "/melden/tip", "/melden/waarneming", "/tip/volgen")}
    page.goto("/melden/tip")
    page.evaluate(PASTE, "#tekst")
    found["pasted"] = _faults(page)
    page.locator("#tekst").fill("foto.jpg")
    page.locator("main form button").click()
    found["refused"] = _faults(page)
    page.locator("#tekst").fill("kom allemaal naar het plein")
    page.locator("main form button").click()
    found["code"] = _faults(page)
    code = page.locator("code").inner_text()
    assert re.fullmatch(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){2}", code)
    stranger = site.page(color_scheme=scheme, **PHONE)
    for name, typed in (("wrong code", "0000-0000-0000"), ("right code", code)):
        stranger.goto("/tip/volgen")
        stranger.locator("#code").fill(typed)
        stranger.locator("main form button").click()
        found[name] = _faults(stranger)
    share(stranger, text="kom allemaal")
    stranger.locator("#username").wait_for()
    found["log in with a share"] = _faults(stranger)
    share(stranger, photo=True)
    stranger.get_by_role("link", name="Meld het in woorden").or_(
        stranger.get_by_role("link", name="Report it")
    ).wait_for()
    found["photo"] = _faults(stranger)
    assert {name: faults for name, faults in found.items() if faults} == {}
