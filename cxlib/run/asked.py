"""What the command line may say (`commands.toml`), and what is said to somebody who mistypes it."""

import argparse
import os
import tomllib
from difflib import get_close_matches
from pathlib import Path

from cxlib.run.worker import Job

TOLD = tomllib.loads(Path(__file__).with_name("commands.toml").read_text(encoding="utf-8"))
TYPES = {"whole": int, "number": float}
DEFAULTS = {name: getattr(Job, name) for name in ("engine", "cell_timeout", "client_timeout")}
DEFAULTS["jobs"] = os.cpu_count()


class Usage(Exception):
    """The command line asks for what is not there; the text says what to type instead."""


class NotYet(Exception):
    """What is asked for cannot be done as things stand; the text says why."""


class Parser(argparse.ArgumentParser):
    """Says what was probably meant."""

    def error(self, message):
        """argparse would print its usage and exit."""
        raise Usage(f"{message}. See `{self.prog} --help`.")


def parsed(argv):
    """The command line as typed, or Usage with what was probably meant."""
    parser = Parser(prog="cx", description="From a client's files to a report.", allow_abbrev=False)
    of = "{" + ",".join(TOLD["commands"]) + "}"
    commands = parser.add_subparsers(dest="command", metavar=of, parser_class=Parser)
    for name, told in TOLD["commands"].items():
        about, words = told["about"], {each: told[each] for each in told if each != "about"}
        each = commands.add_parser(name, help=about, description=about, allow_abbrev=False)
        for word, rules in (TOLD["common"] | words).items():
            kind = {"type": TYPES[rules["type"]]} if "type" in rules else {}
            each.add_argument(word, **rules | kind)
    commands.choices["run"].set_defaults(**DEFAULTS)
    _refuse_strange(argv, commands.choices)
    asked = parser.parse_args(argv)
    if not asked.command:
        raise Usage(TOLD["said"]["what_to_do"])
    if asked.command in ("check", "run") and bool(asked.clients) == asked.all:
        raise Usage(f"name the clients, or say --all: cx {asked.command} NAME… | --all")
    return asked


def _refuse_strange(argv, commands):
    """argparse names what it does not know; this says what is nearest to it."""
    command = next((word for word in argv if not word.startswith("-")), None)
    if command and command not in commands:
        raise Usage(f"there is no command '{command}'. {nearest(command, commands)}")
    known = commands[command]._option_string_actions if command else {"--help": None, "-h": None}
    for word in argv:
        option = word.split("=")[0]
        if option.startswith("--") and option not in known:
            raise Usage(f"there is no option '{option}'. {nearest(option, known)}")


def nearest(word, known):
    near = get_close_matches(word, known, 1, cutoff=0.5)
    return f"Did you mean '{near[0]}'?" if near else f"There are: {', '.join(sorted(known))}."
