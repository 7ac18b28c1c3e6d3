"""One reader of heads that were kept, by `--head` and by JINLIN_AUDIT_HEADS: what is cut off proves nothing."""

from pathlib import Path

import pytest

from services.audit.trail import heads
from tests.audit.test_heads import happen
from tests.terminal.command_lines import Done, Line, run_all
from tests.writes.api import Api

NOTHING = "There are no heads in"
SHORTER = "the chain is shorter"


def verified(folder: Path, api: Api, file: Path) -> tuple[Done, Done]:
    """What verifying comes to with a file of heads, named either way; but for whose file it is the same."""
    words, named = ("audit", "verify"), (("JINLIN_AUDIT_HEADS", str(file)),)
    given, kept = run_all(
        [Line((*words, "--head", str(file)), ""), Line(words, "", named)], folder, {"DATABASE_URL": api.url}
    )
    assert given == kept
    return given, kept


@pytest.mark.parametrize("text", ["", "\n \n", "/dev/null"])
async def test_no_heads_prove_nothing(api: Api, tmp_path: Path, text: str) -> None:
    """As where a disk was full when they were printed."""
    await happen(api)
    file = Path(text) if text == "/dev/null" else tmp_path / "heads.txt"
    if text != "/dev/null":
        file.write_text(text)
    for done in verified(tmp_path, api, file):
        assert (done.code, done.out) == (1, "")
        assert NOTHING in done.err
        assert "Traceback" not in done.err


@pytest.mark.parametrize("left", [10, 36, 40, 100])
async def test_a_line_that_was_cut_off_is_told_and_no_proof(api: Api, tmp_path: Path, left: int) -> None:
    """The last one keeps the exit status from being 0; one that others follow does not. No chain is accused by it."""
    await happen(api)
    first = str((await heads(api.connection))[0])
    await happen(api)
    last, file = str((await heads(api.connection))[0]), tmp_path / "heads.txt"
    for text, line, code in ((f"{first}\n{last[:left]}", 2, 1), (f"{last[:left]}\n{last}\n", 1, 0)):
        file.write_text(text)
        for done in verified(tmp_path, api, file):
            assert (done.code, "audit chains hold" in done.out) == (code, True), done
            assert done.err.count("\n") == 1
            assert f"{file}, line {line}, is no whole head" in done.err


async def test_what_is_whole_is_compared_beside_it(api: Api, tmp_path: Path) -> None:
    """A chain that is shorter than a head that is whole is named, whatever was cut off."""
    await happen(api)
    head = (await heads(api.connection))[0]
    file = tmp_path / "heads.txt"
    file.write_text(f"{head.chain} {head.number + 1} {head.hash}  {head.code}\n{str(head)[:50]}")
    for done in verified(tmp_path, api, file):
        assert done.code == 1
        assert SHORTER in done.err
