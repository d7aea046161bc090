"""What a classroom PC does not use stays out of its memory."""

import subprocess
import sys

HEAVY = (
    "http.client",
    "email",
    "asyncio",
    "dis",
    "importlib.metadata",
    "multiprocessing",
    "concurrent.futures",
    "unittest",
)


def said_by(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_the_agent_loads_nothing_heavy() -> None:
    loaded = said_by("import sys, sonca.command_agent, agent.run, agent.work; print(*sys.modules)").split()
    assert "paho.mqtt.client" in loaded
    assert [name for name in HEAVY if name in loaded] == []
    assert [name for name in loaded if "pjlink" in name or "projector" in name] == []


def test_a_lazy_module_works_as_soon_as_something_of_it_is_used() -> None:
    code = """
import sys, urllib
from agent.lazily import import_lazily
import_lazily("urllib.request")
import urllib.request
before = "http.client" in sys.modules
print(before, urllib.request.getproxies.__name__, "http.client" in sys.modules, urllib.request.Request.__name__)
"""
    assert said_by(code) == "False getproxies_environment True Request"


def test_a_module_that_is_there_already_is_left_alone() -> None:
    code = """
import json, sys
from agent.lazily import import_lazily
import_lazily("json")
print(sys.modules["json"] is json)
"""
    assert said_by(code) == "True"
