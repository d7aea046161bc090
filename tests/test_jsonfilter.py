"""The stand-in for jsonfilter does what its source says, for the paths that the agent uses."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import jsonfilter

WIRELESS = '{"radio0": {"up": true, "interfaces": [{"ifname": "wlan0"}, {"ifname": "wlan1"}]}, "none": null}'


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("@.radio0.up", "true\n"),
        ("UP=@.radio0.up", "export UP=1; "),
        ('N=@["radio0"].interfaces', "export N=0\\ 1; "),
        ("N=@.radio0.interfaces[*].ifname", "export N='wlan0'\\ 'wlan1'; "),
        ("N=@.radio0.interfaces[1].ifname", "export N='wlan1'; "),
        ('N=@.radio0.interfaces[@.ifname="wlan1"].ifname', "export N='wlan1'; "),
        ("KEYS=@", "export KEYS='radio0'; "),
    ],
)
def test_what_a_path_prints(capsys: pytest.CaptureFixture[str], path: str, text: str) -> None:
    assert jsonfilter.main(["-e", path], WIRELESS) == 0
    assert capsys.readouterr().out == text


def test_nothing_found_is_1_and_no_json_126(capsys: pytest.CaptureFixture[str]) -> None:
    assert jsonfilter.main(["-e", "@.radio9", "-e", "@.radio0.up"], WIRELESS) == 1
    assert capsys.readouterr().out == "true\n"
    assert jsonfilter.main(["-e", "@"], "<html>") == 126


@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_any_text_survives_the_shell(text: str) -> None:
    exported = jsonfilter.exported("WORD", jsonfilter.matches({"word": text}, "@.word"))
    assert shlex.split(exported.removeprefix("export WORD=").removesuffix("; ")) == [text]
