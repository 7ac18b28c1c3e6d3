"""`server.py import` as it is used: a first file, a dry run of the next one, the mapping, and what is refused."""

import asyncio
from pathlib import Path

from tests.conftest import MIGRATED, Server
from tests.organization.loading.test_divisions import HEADER, SMALL
from tests.terminal.command_lines import Line, run_all


def test_a_yearly_file(postgres: Server, tmp_path: Path) -> None:
    """What a dry run prints is done by the same words without it; every number is said in both languages."""
    url = postgres.at(asyncio.run(postgres.copy(MIGRATED)))
    first, second, mapping, doubles = (tmp_path / name for name in ("1.csv", "2.csv", "map.csv", "double.csv"))
    renamed = [row.replace("350521", "350506").replace("惠安县", "惠安区") for row in SMALL]
    first.write_text("\n".join([HEADER, *SMALL]), encoding="utf-8")
    second.write_text("\n".join([HEADER, *renamed]), encoding="utf-8")
    mapping.write_text("old,new\n350521,350506\n", encoding="utf-8")
    doubles.write_text("\n".join([HEADER, *renamed, "350506101000,螺城镇,town,350506000000"]), encoding="utf-8")
    mapped = ("import", str(second), "--mapping", str(mapping))
    words = [
        ("import", str(first)),
        (*mapped, "--dry-run"),
        mapped,
        ("import", str(second)),
        ("import", str(doubles)),
        ("import", str(doubles), "--allow-doubles"),
        ("import", str(second), "--mapping", str(first)),
    ]
    done = run_all([Line(each, "") for each in words], tmp_path, {"DATABASE_URL": url})
    assert [each.code for each in done] == [0, 0, 0, 0, 1, 0, 1]
    assert done[0].out.splitlines()[-1] == "6 new, 0 renamed, 0 recoded, 0 moved, 0 unchanged, 0 gone"
    shown = done[1].out.splitlines()
    assert shown == [
        "更名 / renamed，变更代码 / recoded: 350521 -> 350506 惠安县 -> 惠安区 [对照表 / mapping]",
        "变更代码 / recoded: 350521100 -> 350506100 螺城镇 [位置与名称 / place and name]",
        "变更代码 / recoded: 350521100001 -> 350506100001 中新社区居委会 [位置与名称 / place and name]",
        "配对依据 / paired by 代码 / code: 3",
        "配对依据 / paired by 对照表 / mapping: 1",
        "配对依据 / paired by 位置与名称 / place and name: 2",
        "试运行，未作更改 / a dry run: nothing was changed",
        "新增 0，更名 1，变更代码 3，移动 0，未变 3，文件中已无 0",
        "0 new, 1 renamed, 3 recoded, 0 moved, 3 unchanged, 0 gone",
    ]
    assert done[2].out.splitlines() == shown[-2:]
    assert done[3].out.splitlines()[-1] == "0 new, 0 renamed, 0 recoded, 0 moved, 6 unchanged, 0 gone"
    assert "line 8, code" in done[4].err
    assert "looks like 350506100 螺城镇" in done[4].err
    assert done[5].out.splitlines()[-1].startswith("1 new")
    assert "mapping line 1" in done[6].err
