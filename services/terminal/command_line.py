"""The words of the command line: which commands there are, what each takes, and one line for what it does not."""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NoReturn

from services.organization.loading.divisions import short_code
from services.settings import Settings

Run = Callable[[Settings, argparse.Namespace], None]
ISSUING = ("name", "role", "at", "days", "entities", "budget", "smallest_cell", "operations")  # of `token`
NEEDED = ISSUING[:3]
DAYS = 90
LARGEST = 2**31 - 1  # of a number the database keeps


class Parser(argparse.ArgumentParser):
    """A parser whose refusal is one line; --help says the rest."""

    def error(self, message: str) -> NoReturn:
        """What is wrong with the words, on stderr, and exit status 2."""
        told = " ".join(message.split())
        self.exit(2, f"{self.prog}: 命令有误（用法见 --help）/ not understood (see --help): {told}\n")


def parse(runs: Mapping[str, Run], words: list[str] | None = None) -> argparse.Namespace:
    """The command that was given, `run` among it, of those in `runs` by name."""
    parser = Parser(prog="server.py", description="近邻 Jinlin", allow_abbrev=False)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    made = {name: commands.add_parser(name, help=run.__doc__, allow_abbrev=False) for name, run in runs.items()}
    for name, command in made.items():
        command.set_defaults(run=runs[name])
    for name, add in OPTIONS.items():
        add(made[name])
    chosen = parser.parse_args(words)
    if chosen.run is runs["token"]:
        _check_token(made["token"], chosen)
    if chosen.run is runs["audit"] and chosen.what == "head" and chosen.head is not None:
        made["audit"].error("argument --head: not allowed with head")
    if chosen.run is runs["schema"] and chosen.entities is not None and chosen.role is None:
        made["schema"].error("argument --entities: needs --role")
    return chosen


def _serve(parser: Parser) -> None:
    parser.add_argument("--workers", metavar="N", help="processes that serve; WORKERS, or one, when left out")


def _import(parser: Parser) -> None:
    parser.add_argument("file", type=_path, help="CSV of code,name,level,parent_code; may be gzipped")
    parser.add_argument(
        "--at", type=_code, metavar="CODE", help="the root of what is loaded; all of the file when left out"
    )
    parser.add_argument("--mapping", type=_path, metavar="FILE", help="CSV of old,new: which unit is which row")
    parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    parser.add_argument(
        "--allow-doubles", action="store_true", help="add also what looks like units there under other codes"
    )


def _token(parser: Parser) -> None:
    other = parser.add_mutually_exclusive_group()
    other.add_argument("--list", action="store_true", help="a table of all tokens; no secret is among it")
    other.add_argument("--revoke", metavar="ID", help="end a token, by the id that --list shows")
    parser.add_argument("--name")
    parser.add_argument("--role")
    parser.add_argument("--at", metavar="CODE", help="the seat: a unit's code, a company's credit code, or a global id")
    parser.add_argument("--days", type=_number, help=f"until it expires; {DAYS} when left out")
    parser.add_argument(
        "--entities", metavar="A,B", help="partner: what it may read, as roles.csv names it; all if not"
    )
    parser.add_argument("--budget", type=_number, metavar="ROWS", help="partner: rows of cost a minute")
    parser.add_argument(
        "--smallest-cell", type=_number, metavar="K", help="partner: numbers of fewer rows are not shown"
    )
    parser.add_argument(
        "--operations", type=_path, metavar="FILE", help="partner: the documents it may run, a JSON list of texts"
    )


def _check_token(parser: Parser, given: argparse.Namespace) -> None:
    """Listing and revoking take no word of issuing; issuing needs a name, a role and a seat."""
    other = "--list" if given.list else "--revoke" if given.revoke is not None else None
    said = [_option(name) for name in ISSUING if getattr(given, name) is not None]
    missing = [_option(name) for name in NEEDED if getattr(given, name) is None]
    if other and said:
        parser.error(f"argument {other}: not allowed with {', '.join(said)}")
    if not other and missing:
        parser.error(f"the following arguments are required: {', '.join(missing)}")
    given.days = DAYS if given.days is None else given.days


def _user(parser: Parser) -> None:
    parser.add_argument("--name", required=True)
    parser.add_argument("--login", required=True, help="begins with the county's code; put in front if it does not")
    parser.add_argument("--role", required=True)
    parser.add_argument("--at", required=True, metavar="CODE", help="the seat, as for `token`")


def _password(parser: Parser) -> None:
    parser.add_argument("--login", required=True)


def _audit(parser: Parser) -> None:
    parser.add_argument("what", choices=("verify", "head"))
    _verify(parser)


def _verify(parser: Parser) -> None:
    parser.add_argument("--county", metavar="CODE", help="only this county's; all chains when left out")
    parser.add_argument(
        "--head", type=_path, metavar="FILE", help="heads printed earlier, for `verify` to compare with"
    )


def _export(parser: Parser) -> None:
    parser.add_argument("--member", required=True, metavar="ID", help="the member's global id")


def _policy(parser: Parser) -> None:
    parser.add_argument("--diff", type=_path, metavar="FILE", required=True, help="another roles.csv")


def _schema(parser: Parser) -> None:
    parser.add_argument("--role", help="only what this role can reach")
    parser.add_argument("--entities", metavar="A,B", help="and of that, only what a token bound to these can")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--write", action="store_true")


OPTIONS: Mapping[str, Callable[[Parser], None]] = {
    "serve": _serve,
    "import": _import,
    "token": _token,
    "user": _user,
    "password": _password,
    "audit": _audit,
    "verify": _verify,
    "export": _export,
    "policy": _policy,
    "schema": _schema,
}


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _code(text: str) -> str:
    """A code, as far as it can be one: an empty word would read as if none were given."""
    if short_code(text) is None:
        raise argparse.ArgumentTypeError(f"不是代码：{text!r} / this is no code: {text!r}")
    return text


def _path(text: str) -> Path:
    """Where a file is: an empty word would be the folder one is in."""
    if not text:
        raise argparse.ArgumentTypeError("不能为空 / must not be empty")
    return Path(text)


def _number(text: str) -> int:
    """A whole number that the database can keep."""
    try:
        number = int(text)
    except ValueError:
        number = LARGEST + 1
    if abs(number) > LARGEST:
        raise argparse.ArgumentTypeError(f"须为整数，而不是 {text!r} / must be a whole number, not {text!r}")
    return number
