"""Answers one question about the network and ends: `QUESTION {"seconds": ..., ...}` in, one JSON object out."""

import json
import logging
import signal
import sys
from importlib import import_module
from typing import Any

QUESTIONS = ("sweep", "dhcp", "arp_watch", "trace")


def told(question: str, asked: dict[str, Any]) -> dict[str, Any]:
    """What the parent reads: `found`, or why there is nothing. Anything else that goes wrong ends the process."""
    try:
        return {"found": import_module(f"agent.scan.{question}").answer(**asked)}
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "scapy":
            raise
        return {"missing": error.name}
    except OSError as error:
        return {"errno": error.errno, "sentence": error.strerror or str(error)}


def main(question: str, asked: dict[str, Any]) -> None:
    signal.alarm(int(asked.pop("seconds_to_live")))  # a parent that was killed cannot end it
    logging.getLogger("scapy").setLevel(logging.CRITICAL)  # its warnings would stand among the answer
    print(json.dumps(told(question, asked)))


if __name__ == "__main__":
    main(QUESTIONS[QUESTIONS.index(sys.argv[1])], json.loads(sys.argv[2]))
