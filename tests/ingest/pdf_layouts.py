"""Documents of fictional counties as they look on paper, with the grids that a reader must find.

In a grid "<" is covered by the cell on its left, and "^" by the cell above it.
"""

from dataclasses import dataclass

from tests.ingest.documents import HEADING, ROWS

LEFT, ABOVE = "<", "^"
Rows = list[list[str]]


@dataclass(frozen=True, slots=True)
class Ruled:
    """A table with drawn lines; the first `heading` rows are printed again on every page."""

    rows: Rows
    widths: tuple[int, ...]  # in millimetres
    heading: int = 0


@dataclass(frozen=True, slots=True)
class Layout:
    name: str
    blocks: tuple[str | Ruled, ...]
    landscape: bool = False
    head: str = ""  # stands at the top of every page; a page number stands at the foot

    def grids(self) -> list[Rows]:
        return [block.rows for block in self.blocks if isinstance(block, Ruled)]

    def paragraphs(self) -> list[str]:
        return [block for block in self.blocks if isinstance(block, str)]


LONG = (
    "围绕城区环境整体提升，改造老旧公厕12座，新增环卫作业车辆8台，落实专人管护并按月通报考核结果。"
)
INDICATORS: Rows = [
    [level1 if number == 0 else ABOVE, level2, f"{name}{number + 1}", f"{text}情况{extra}", *rest]
    for level1, level2, name, text, *rest in ROWS
    for number, extra in enumerate(("", "（按季度统计，年终由主管部门会同财政部门核定）", "、比例"))
]


def _performance_text() -> Layout:
    blocks: list[str | Ruled] = [
        "青禾县城市管理局",
        "2025年部门预算绩效文本",
        "第一部分 部门整体绩效目标",
        "一、总体绩效目标",
        LONG * 4,
        "第二部分 预算项目绩效目标",
    ]
    for number in range(1, 6):
        name = f"2025年第{number}批公厕改造经费"
        rows: Rows = [
            ["322001青禾县城市管理局本级", *[LEFT] * 3, "单位：万元", LEFT],
            ["项目编码", f"99012125P0000101{number:04}X", LEFT, "项目名称", name, LEFT],
            ["预算规模及资金用途", "预算数", "60.00", "其中：财政资金", "60.00", "其他资金"],
            [ABOVE, LONG[: 30 * number], *[LEFT] * 4],
            ["资金支出计划（%）", "3月底", "6月底", "10月底", "12月底", LEFT],
            [ABOVE, "25%", "50%", "75%", "100%", LEFT],
            ["绩效目标", f"1.{LONG}\n2.做到专人管护。", *[LEFT] * 4],
            list(HEADING),
            *INDICATORS,
        ]
        blocks += [
            f"{number}.{name}绩效目标表",
            Ruled(rows, (25, 25, 25, 40, 20, 30)),
        ]
    return Layout("performance_text", tuple(blocks), head="青禾县部门预算绩效文本")


def _ministry_form() -> Layout:
    """财政部 form: a column of merged labels at the left, written downwards in a narrow cell."""
    goals: Rows = []
    for level1, level2s in (
        ("产出指标", ("数量指标", "质量指标", "时效指标", "成本指标")),
        ("效益指标", ("经济效益指标", "社会效益指标", "生态效益指标")),
        ("满意度指标", ("服务对象满意度指标",)),
    ):
        for i, level2 in enumerate(level2s):
            for j in range(2):
                goals.append(
                    [
                        "绩效指标" if not goals else ABOVE,
                        level1 if not (i or j) else ABOVE,
                        level2 if not j else ABOVE,
                        f"{level2[:2]}指标名称{j + 1}",
                        f"≥{90 + i}%",
                    ]
                )
    rows: Rows = [
        ["项目名称", LEFT, "云岭县农村饮水安全巩固提升工程", LEFT, LEFT],
        ["主管部门及代码", LEFT, "云岭县水利局[332]", "实施单位", "云岭县水利局"],
        ["项目资金（万元）", LEFT, "年度资金总额：", LEFT, "1,280.50"],
        [ABOVE, LEFT, "其中：财政拨款", LEFT, "1,000.00"],
        [ABOVE, LEFT, "其他资金", LEFT, "280.50"],
        ["总体目标", f"目标1：{LONG}\n目标2：供水保证率达到95%以上。", LEFT, LEFT, LEFT],
        ["绩效指标", "一级指标", "二级指标", "三级指标", "指标值"],
        *[[ABOVE, *row[1:]] for row in goals],
    ]
    return Layout(
        "ministry_form",
        ("附件1", "项目支出绩效目标申报表", "（2025年度）", Ruled(rows, (8, 25, 35, 55, 40))),
    )


def _self_evaluation() -> Layout:
    rows: Rows = [
        ["项目名称", LEFT, "白石区困难群众救助补助资金", *[LEFT] * 6],
        ["主管部门", LEFT, "白石区民政局", LEFT, LEFT, "实施单位", "白石区民政局", LEFT, LEFT],
        [
            *("项目资金（万元）", LEFT, "", "年初预算数", "全年预算数", "全年执行数"),
            *("分值", "执行率", "得分"),
        ],
        [ABOVE, LEFT, "年度资金总额", "800.00", "820.00", "791.30", "10", "96.5%", "9.65"],
        [ABOVE, LEFT, "其中：当年财政拨款", "800.00", "820.00", "791.30", "—", "96.5%", "—"],
        [
            *("年度总体目标", "预期目标", LEFT, LEFT, LEFT),
            *("实际完成情况", LEFT, LEFT, LEFT),
        ],
        [ABOVE, LONG, LEFT, LEFT, LEFT, LONG[:40], LEFT, LEFT, LEFT],
        [
            *("绩效指标", "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值"),
            *("分值", "得分", "偏差原因分析及改进措施"),
        ],
    ]
    for level1, level2, name, _, value, _ in ROWS:
        for j in range(3):
            rows.append(
                [
                    *(ABOVE, level1 if not j else ABOVE, level2 if not j else ABOVE),
                    *(f"{name}（第{j + 1}项）", value, value.strip("≥"), "10", "9.5"),
                    "受雨季影响，工期略有推迟，已督促整改" if j == 1 else "",
                ]
            )
    rows.append(["总分", *[LEFT] * 5, "100", "96.15", ""])
    return Layout(
        "self_evaluation",
        ("项目支出绩效自评表", "（2024年度）", Ruled(rows, (14, 18, 30, 45, 25, 25, 14, 16, 50))),
        landscape=True,
    )


def _region_goals() -> Layout:
    rows: Rows = [
        ["专项名称", LEFT, "城乡环境整治补助资金", LEFT],
        ["省级主管部门", LEFT, "云山省住房和城乡建设厅", LEFT],
        ["资金情况（万元）", LEFT, "年度金额：", "5600"],
        [ABOVE, LEFT, "其中：中央补助", "5600"],
        ["年度目标", f"1.{LONG}\n2.{LONG}", LEFT, LEFT],
        ["一级指标", "二级指标", "三级指标", "指标值"],
        *[
            [level1, level2, f"{name}（{'个' if level1[0] == '产' else '项'}）", value]
            for level1, level2, name, _, value, _ in ROWS
        ],
    ]
    return Layout("region_goals", ("附件2", "云州市区域绩效目标表", Ruled(rows, (30, 40, 60, 30))))


def _long_list() -> Layout:
    rows: Rows = [["序号", "主管部门", "项目名称", "预算数", "绩效目标", "指标名称", "指标值"]]
    for number in range(1, 181):
        rows.append(
            [
                str(number),
                "青禾县教育局" if number % 3 else "青禾县卫生健康局",
                f"2025年基层能力提升项目（第{number}期）",
                f"{number * 12.5:.2f}",
                LONG[: 12 + number % 40],
                "培训人次",
                f"≥{number * 10}人次",
            ]
        )
    return Layout(
        "long_list",
        ("2025年县级项目绩效目标汇总表", Ruled(rows, (14, 40, 60, 22, 75, 25, 24), heading=1)),
        landscape=True,
        head="青禾县财政局",
    )


def _notice() -> Layout:
    counties = ("青禾县", "云岭县", "白石区", "望川县", "临溪市")
    rows: Rows = [["序号", "县（市、区）", "下达金额（万元）", LEFT, "备注"]]
    rows.append([ABOVE, ABOVE, "中央资金", "省级资金", ABOVE])
    rows += [
        [str(n), name, f"{n * 110}", f"{n * 35}.5", ""] for n, name in enumerate(counties, start=1)
    ]
    rows.append(["合计", LEFT, "1650", "527.5", ""])
    return Layout(
        "notice",
        (
            "云山省财政厅关于下达2025年城乡环境整治补助资金预算的通知",
            "云财建〔2025〕9012号",
            "各市、县（区）财政局：",
            f"根据《财政部关于下达补助资金预算的通知》（财建〔2025〕9001号），{LONG}",
            "一、" + LONG * 3,
            "附件：2025年城乡环境整治补助资金分配表",
            "云山省财政厅",
            "2025年3月18日",
            "附件",
            "2025年城乡环境整治补助资金分配表",
            Ruled(rows, (15, 40, 40, 40, 30)),
        ),
    )


LAYOUTS = (
    _performance_text(),
    _ministry_form(),
    _self_evaluation(),
    _region_goals(),
    _long_list(),
    _notice(),
)
