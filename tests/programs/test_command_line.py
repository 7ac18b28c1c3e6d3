"""`server.py token` for partners: with terms, approved by being made, listed like any other."""

import json
from pathlib import Path

from policies.tokens import Seat, issue
from services.programs.operations import digest
from tests.programs.office import COUNTY_ADMIN, TOWN_ADMIN, UNITS, Office, names
from tests.programs.test_issuing import IN_TOWN
from tests.terminal.command_lines import Line, run_all
from tests.terminal.test_commands import command

OF_THE_TOWN = ("token", "--name", "大屏", "--role", "partner", "--at", "350521100")
TERMS = (
    "{ programs { nodes { name agency entities documents budgetPerMinute smallestCell tokens { nodes { state } } } } }"
)


async def test_a_partners_token_with_terms(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "operations.json"
    file.write_text(json.dumps([UNITS]))
    terms = ("--entities", "unit,compound", "--budget", "500", "--smallest-cell", "3", "--operations", str(file))
    made = command(tmp_path, *OF_THE_TOWN, *terms, DATABASE_URL=office.url)
    assert made.returncode == 0, made.stderr
    assert names(await office.by(made.stdout.strip())) == IN_TOWN
    assert await office.by(made.stdout.strip(), "{ __typename }") == "FORBIDDEN"
    (program,) = (await office.data(COUNTY_ADMIN, TERMS))["programs"]["nodes"]
    assert program == {
        "name": "大屏",
        "agency": None,
        "entities": ["compound", "unit"],
        "documents": [digest(UNITS)],
        "budgetPerMinute": 500,
        "smallestCell": 3,
        "tokens": {"nodes": [{"state": "ACTIVE"}]},
    }


async def test_terms_that_cannot_be(office: Office, tmp_path: Path) -> None:
    """One line on stderr, exit status 1, no account."""
    (tmp_path / "none.json").write_text("{}")
    impossible = (
        ("--entities", "account"),
        ("--budget", "0"),
        ("--smallest-cell", "1"),
        ("--operations", str(tmp_path / "none.json")),
        ("--operations", str(tmp_path / "missing.json")),
        ("--role", "auditor", "--budget", "5"),
    )
    lines = [Line((*OF_THE_TOWN, *terms), "") for terms in impossible]
    for line, done in zip(lines, run_all(lines, tmp_path, {"DATABASE_URL": office.url}), strict=True):
        assert (done.code, done.out) == (1, ""), line
        assert "Traceback" not in done.err, line
    assert await office.connection.fetchval("SELECT count(*) FROM account WHERE kind = 'PROGRAM'") == 0


async def test_listing_tells_every_token_and_no_secret(office: Office, tmp_path: Path) -> None:
    """A line each, in every state there is, with the names of old; it is on record."""
    issued = {name: await _issue(office, name) for name in ("甲", "乙", "丙", "丁")}
    pending = (await office.issue(TOWN_ADMIN, agency="待批")).text
    left = (await office.issue(COUNTY_ADMIN, agency="离任")).text
    connection = office.connection
    await connection.execute("UPDATE credential SET issued_by = account_id WHERE id = $1", _id(left))
    until = "UPDATE credential SET expires_at = now() - interval '1 second' WHERE id = $1"
    await connection.execute("UPDATE credential SET revoked_at = now() WHERE id = $1", _id(issued["乙"]))
    await connection.execute(until, _id(issued["丙"]))
    await connection.execute(
        "UPDATE credential SET created_at = now() - interval '400 days', approved_at = now() - interval '400 days',"
        " last_used_at = now() - interval '366 days' WHERE id = $1",
        _id(issued["丁"]),
    )
    await connection.execute("UPDATE account SET name = E'丁\\n\\x1b[31m' WHERE name = '丁'")
    done = command(tmp_path, "token", "--list", DATABASE_URL=office.url)
    assert (done.returncode, done.stderr) == (0, "")
    shown = {line.split()[0]: line for line in done.stdout.splitlines()[1:]}
    assert len(shown) == len(done.stdout.splitlines()) - 1
    states = {name: shown[_id(text)].split()[-1] for name, text in {**issued, "待": pending, "离": left}.items()}
    assert states.pop("离") == "unconfirmed"
    assert states == {"甲": "standing", "乙": "revoked", "丙": "expired", "丁": "unused", "待": "pending"}
    assert "甲" in shown[_id(issued["甲"])]
    assert shown[_id(issued["甲"])].split()[2:5] == ["auditor", "350521100", "螺城镇"]
    for text in (*issued.values(), pending, left):
        assert text.split("_")[2] not in done.stdout
    detail = await connection.fetchval("SELECT detail FROM audit_entry WHERE command = 'listTokens'")
    assert json.loads(detail) == {"tokens": len(shown)}


async def test_who_was_made_is_on_record(office: Office, tmp_path: Path) -> None:
    """Where their seat lies, with account and role, and nothing of the secret; so is whose password is changed."""
    seat = ("--name", "甲", "--role", "auditor", "--at", "350521100")
    login = ("--login", "350521-jia")
    for words in (("token", *seat), ("user", *seat, *login), ("password", *login)):
        assert command(tmp_path, *words, DATABASE_URL=office.url).returncode == 0
    entries = await office.connection.fetch(
        "SELECT command, detail::jsonb ->> 'role' AS role,"
        " detail::jsonb ->> 'means' AS means, code, account.name FROM audit_entry"
        " JOIN org_unit ON org_unit.id = unit_id JOIN account ON account.id::text = detail::jsonb ->> 'account'"
        " WHERE command IN ('makeToken', 'makeAccount') AND audit_entry.account_id IS NULL ORDER BY command"
    )
    assert [tuple(row) for row in entries] == [
        (made, "auditor", "审计 / Audits.", "350521100", "甲") for made in ("makeAccount", "makeToken")
    ]
    whose = "SELECT detail::jsonb ->> 'account' FROM audit_entry WHERE command = $1"
    changed, of = [await office.connection.fetchval(whose, kind) for kind in ("changePassword", "makeAccount")]
    assert changed is not None
    assert changed == of


async def test_revoking_ends_a_token_from_the_next_statement_on(office: Office, tmp_path: Path) -> None:
    """For whoever has it in memory, too; twice, or another's id, is one line. It is on record where it reached."""
    text = await _issue(office, "甲")
    assert names(await office.by(text)) == IN_TOWN
    whole = command(tmp_path, "token", "--revoke", text, DATABASE_URL=office.url)
    assert (whole.returncode, whole.stdout) == (1, "")
    assert text.split("_")[2] not in whole.stderr
    assert names(await office.by(text)) == IN_TOWN

    done = command(tmp_path, "token", "--revoke", _id(text), DATABASE_URL=office.url)
    assert (done.returncode, done.stderr) == (0, "")
    assert await office.by(text) == "UNAUTHENTICATED"
    again = command(tmp_path, "token", "--revoke", _id(text), DATABASE_URL=office.url)
    assert (again.returncode, again.stdout, again.stderr.count("\n")) == (1, "", 2)
    assert f"The token {_id(text)} is revoked already" in again.stderr

    found = await office.connection.fetch("SELECT * FROM audit_entry WHERE command = 'revokeToken'")
    (entry,) = found
    assert json.loads(entry["detail"]) == {"credential": _id(text)}
    assert entry["unit_id"] == await office.connection.fetchval("SELECT id FROM org_unit WHERE code = '350521100'")
    verified = command(tmp_path, "audit", "verify", DATABASE_URL=office.url)
    assert verified.returncode == 0, verified.stdout + verified.stderr


async def test_revoking_a_programs_token_tells_its_administrators(office: Office, tmp_path: Path) -> None:
    """Its state and its version say so, and whence."""
    issued = await office.issue()
    before = await office.shown(issued)
    assert command(tmp_path, "token", "--revoke", issued.credential, DATABASE_URL=office.url).returncode == 0
    after = await office.shown(issued)
    assert (after["state"], after["revokedFor"]) == ("REVOKED", "server.py token --revoke")
    assert after["version"] == before["version"] + 1


async def test_a_session_is_no_token(office: Office, tmp_path: Path) -> None:
    """Neither listed nor revoked."""
    text = await _issue(office, "甲")
    await office.connection.execute("UPDATE credential SET kind = 'SESSION' WHERE id = $1", _id(text))
    assert _id(text) not in command(tmp_path, "token", "--list", DATABASE_URL=office.url).stdout
    done = command(tmp_path, "token", "--revoke", _id(text), DATABASE_URL=office.url)
    assert (done.returncode, done.stdout) == (1, "")
    assert "There is no token" in done.stderr


async def _issue(office: Office, name: str) -> str:
    """A token as the command line issues it, of no program."""
    return await issue(office.connection, Seat(name, "auditor", "350521100"), 1)


def _id(text: str) -> str:
    return text.split("_")[1]
