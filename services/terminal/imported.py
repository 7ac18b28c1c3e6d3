"""What `server.py import` says of a file: how many of each, and as a dry run every row that changes something."""

from collections import Counter
from collections.abc import Iterator

from services.organization.loading.comparison import Change, Changed
from services.organization.loading.loading import Loaded


def told(loaded: Loaded, *, in_full: bool) -> str:
    """The numbers in both languages; `in_full` with a line for each change before them, and what paired the rows."""
    numbers = (
        f"新增 {loaded.inserted}，更名 {loaded.renamed}，变更代码 {loaded.recoded}，移动 {loaded.moved}，"
        f"未变 {loaded.unchanged}，文件中已无 {loaded.gone}\n"
        f"{loaded.inserted} new, {loaded.renamed} renamed, {loaded.recoded} recoded, {loaded.moved} moved, "
        f"{loaded.unchanged} unchanged, {loaded.gone} gone"
    )
    return "\n".join((*_lines(loaded), numbers)) if in_full else numbers


def _lines(loaded: Loaded) -> Iterator[str]:
    for row in loaded.changes.rows:
        if row.changes:
            yield f"{'，'.join(row.changes)}: {_line(row)}"
    for unit in loaded.changes.gone:
        yield f"文件中已无 / gone: {unit.code} {unit.name}"
    pairs = Counter(row.by for row in loaded.changes.rows if row.unit is not None)
    for by, number in pairs.items():
        yield f"配对依据 / paired by {by}: {number}"
    yield "试运行，未作更改 / a dry run: nothing was changed"


def _line(row: Changed) -> str:
    """One row: codes, names, from where to where, and what it was paired by."""
    if row.unit is None:
        return f"{row.row.code} {row.row.name}"
    code = row.row.code if row.unit.code == row.row.code else f"{row.unit.code} -> {row.row.code}"
    name = row.row.name if row.unit.name == row.row.name else f"{row.unit.name} -> {row.row.name}"
    above = (row.unit.parent_path or "/").split("/")[-2]
    moved = f" ({above} -> {row.row.parent})" if Change.MOVED in row.changes else ""
    return f"{code} {name}{moved} [{row.by}]"
