"""What every shape is made of, and the one shape of errors.

The answers themselves are made by `api.wire`; the models of this package describe and check them.
A field that is not described is a mistake (`extra="forbid"`).
"""

from typing import TypeAlias

from pydantic import BaseModel, ConfigDict, Field

PropertyValue: TypeAlias = str | int | float | bool | list[str]
Properties: TypeAlias = dict[str, PropertyValue]


class Wire(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Problem(BaseModel):
    """一个错误（RFC 9457）。code 不随版本改变，程序据此判断；detail 给人看。"""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="说明这个 code 的地址")
    title: str
    title_en: str
    status: int
    detail: str
    code: str


class Evidence(Wire):
    """一处出处：文件、位置和原文。start 与 end 是字符位置，原文就在其间。"""

    document: str
    page: int | None
    line: int | None
    table: int | None
    row: int | None
    column: int | None
    start: int
    end: int
    raw: str
    field: str | None = Field(description="支持节点的哪一项属性")
    file: str | None = Field(description="文件名")
