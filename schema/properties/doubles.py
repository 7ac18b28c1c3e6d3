"""What is told to whoever records a compound that may be there already."""

import strawberry

from schema.kit.commands import given, row_id


class SimilarCompound:
    """同一社区内可能是同一个的小区 / A compound of the same community that may be the same one."""

    kind: str = given("类型名 / Its type's name.")
    id: strawberry.ID | None = row_id("全局标识 / Its global id.")
    name: str = given("名称 / Its name.")
    same_name: bool = given(
        "名称相同，不计空格、标点、全半角及“小区”“花园”等通称"
        " / Whether it is called the same, but for spaces, punctuation, width and words like 小区 and 花园."
    )
    same_address: bool = given("地址相同，比较方式同上 / Whether it has the same address, as compared likewise.")
