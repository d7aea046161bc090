"""Runs in the classroom: probes, keeps what it measured until the collector has it, and stays light.

Imports the standard library, paho-mqtt, psutil, pyyaml and contract/ only.
"""

from agent.lazily import import_lazily

# paho imports it for SOCKS proxies only, and it brings http.client and email: 2.5 MiB of a classroom PC.
import_lazily("urllib.request")
# dataclasses uses it only to write the docstring of a class that has none, and here all have one: 1 MiB.
import_lazily("inspect")
