"""The XML that makes Windows' Task Scheduler start a service of SonCa, by the schema of [MS-TSCH] 2.5."""

import subprocess
from collections.abc import Mapping
from xml.etree import ElementTree

from sonca.service.wanted import AGENT, Wanted

NAMESPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"
LOCAL_SYSTEM = "S-1-5-18"
OURS = "Written by `sonca service install`"
# Windows tries a task again that could not be started, but not one that ended: the trigger's repetition does that, and
# IgnoreNew leaves the one that runs alone.
LOOK_AGAIN = "PT5M"

Tree = Mapping[str, "str | Tree"]


def task_text(wanted: Wanted, user: str) -> str:
    """The XML. `user` installs it, and `sonca up` runs as them; the agent as the system itself, for the disks' sake."""
    tree: Tree = {
        "RegistrationInfo": {"Description": f"{wanted.meaning}. {OURS} {wanted.kind}`."},
        "Triggers": {"BootTrigger": {"Enabled": "true", "Repetition": {"Interval": LOOK_AGAIN}}},
        "Principals": {"Principal": _system() if wanted.kind == AGENT else _somebody(user)},
        "Settings": {
            "RestartOnFailure": {"Interval": "PT1M", "Count": "255"},
            "MultipleInstancesPolicy": "IgnoreNew",
            "DisallowStartIfOnBatteries": "false",
            "StopIfGoingOnBatteries": "false",
            "StartWhenAvailable": "true",
            "RunOnlyIfNetworkAvailable": "false",
            "IdleSettings": {"StopOnIdleEnd": "false", "RestartOnIdle": "false"},
            "ExecutionTimeLimit": "PT0S",  # none
            "RunOnlyIfIdle": "false",
        },
        "Actions": {"Exec": _exec(wanted)},
    }
    root = ElementTree.Element("Task", {"version": "1.2", "xmlns": NAMESPACE})
    _grow(root, tree)
    _attributed(root, "Principals/Principal", "id")
    _attributed(root, "Actions", "Context")
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-16"?>\n{ElementTree.tostring(root, "unicode")}\n'


def _system() -> Tree:
    return {"UserId": LOCAL_SYSTEM, "RunLevel": "HighestAvailable"}


def _somebody(user: str) -> Tree:
    # S4U: at boot, without a password that would have to be stored.
    return {"UserId": user, "LogonType": "S4U", "RunLevel": "LeastPrivilege"}


def _exec(wanted: Wanted) -> Tree:
    program, *arguments = wanted.command
    return {"Command": program, "Arguments": subprocess.list2cmdline(arguments)}


def _grow(element: ElementTree.Element, tree: Tree) -> None:
    for name, value in tree.items():
        child = ElementTree.SubElement(element, name)
        if isinstance(value, str):
            child.text = value
        else:
            _grow(child, value)


def _attributed(root: ElementTree.Element, path: str, attribute: str) -> None:
    element = root.find(path)
    assert element is not None
    element.set(attribute, "SonCa")
