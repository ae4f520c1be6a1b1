"""The verbs of the command line that need no screen, each in a file of its own."""

from __future__ import annotations

from collections.abc import Mapping

VERBS: Mapping[str, str] = {
    "add": "zoho.commands.add",
    "doctor": "zoho.commands.doctor",
    "export": "zoho.commands.export",
    "forget": "zoho.commands.forget",
    "import": "zoho.commands.import_file",
    "log": "zoho.commands.log",
    "login": "zoho.commands.login",
    "logout": "zoho.commands.logout",
    "prepare-org": "zoho.commands.prepare_org",
    "purge": "zoho.commands.purge",
    "sandbox": "zoho.commands.sandbox",
    "script": "zoho.commands.script",
    "send": "zoho.commands.send",
}
"""Each verb and the module that holds its click command, under its own name; loaded when it is called."""
