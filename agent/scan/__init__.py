"""The short-lived child process of a sentinel that uses scapy; the agent itself never imports anything of it.

agent/probes/scan.py starts it. Only one module at a time is loaded, by the name of the question.
"""
