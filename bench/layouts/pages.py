"""9 tables on their side or broken by pages, and traditional characters."""

from collections.abc import Callable

from bench.layouts.columns import PARTED_FORM
from bench.layouts.contents import County, Indicator, Project, counties
from bench.layouts.forms import APPLICATION
from bench.layouts.grid import Block, Grid, Paper, Row, Sheet, first_only, merged, paper, spread
from bench.layouts.layout import Filled, Layout, level_rows, line, value_text
from bench.layouts.truth import Thing, document, indicator, project

NAME = "9 横置、跨页"
_LEVELS = ("一级指标", "二级指标", "三级指标")
_HEADING = (*_LEVELS, "绩效指标描述", "指标值")


def _head(county: County, item: Project, width: int) -> list[Row]:
    return [
        line("项目名称", item.name, width=width),
        spread(("主管部门", county.department, "实施单位", county.unit), (1, 1, 1, width - 3)),
        spread(
            ("年度资金总额（万元）", item.budget, "其中：财政拨款", item.fiscal),
            (1, 1, 1, width - 3),
        ),
        line("总体目标", item.goal_text, width=width),
    ]


def _title(county: County) -> str:
    return f"项目支出绩效目标申报表（{county.year}年度）"


def _things(county: County, item: Project, *, described: bool = True) -> list[Thing]:
    return [
        document(county),
        *project(item, county.unit, other_budget=""),
        *(
            indicator(f"Project {item.name}", i, description=i.description if described else "")
            for i in item.indicators
        ),
    ]


def _sideways(county: County) -> Filled:
    """Each indicator is a column; the headings run down the first one."""
    item = county.projects[1]
    width = len(item.indicators) + 1
    columns = [_HEADING, *((*i.levels, i.description, i.value.text) for i in item.indicators)]
    turned = [tuple(row) for row in zip(*columns, strict=True)]
    rows = [*_head(county, item, width), *turned]
    return paper(_title(county), Grid(tuple(rows))), _things(county, item)


def _sideways_merged(county: County) -> Filled:
    """The same, the first level merged to the right, the head a table of its own."""
    item = county.projects[0]
    turned = list(zip(*(_columns(item)), strict=True))
    first: list[str] = []
    for text in turned[0]:
        first.append("<" if first and text == _last(first) else text)
    grid = Grid((tuple(first), *turned[1:]))
    blocks = (_title(county), Grid(tuple(_head(county, item, 4))), grid)
    return paper(*blocks), _things(county, item, described=False)


def _columns(item: Project) -> list[tuple[str, ...]]:
    heading = (*_LEVELS, "年度指标值")
    return [heading, *((*i.levels, i.value.text) for i in item.indicators)]


def _last(cells: list[str]) -> str:
    return next(cell for cell in reversed(cells) if cell != "<")


def _described(item: Indicator) -> str:
    return item.description


def _split(county: County, *, repeated: bool) -> Filled:
    """A second table goes on where the page broke the first, with or without the heading."""
    item = county.projects[0]
    rows = level_rows(item.indicators, _described, value_text)
    half = len(rows) // 2
    first = Grid((*_head(county, item, 5), _HEADING, *merged(rows[:half], 2)))
    more = first_only(rows, 2)[half:] if not repeated else merged(rows[half:], 2)
    second = Grid((*([_HEADING] if repeated else []), *more))
    return paper(_title(county), first, "", second), _things(county, item)


def _split_repeated(county: County) -> Filled:
    return _split(county, repeated=True)


def _split_bare(county: County) -> Filled:
    return _split(county, repeated=False)


def _long_form(county: County) -> Filled:
    """Every indicator of the county's projects several times over: the format breaks the pages."""
    item = county.projects[0]
    every = [i for c in counties() for p in c.projects for i in p.indicators]
    rows = level_rows(every, _described, value_text)
    blocks: list[Block] = [_title(county), Grid(tuple(_head(county, item, 5)))]
    blocks.append(Grid((_HEADING, *rows), repeat=1))
    owner = f"Project {item.name}"
    found = [document(county), *project(item, county.unit, other_budget="")]
    found += [indicator(owner, i, description=i.description) for i in every]
    return paper(*blocks), found


# Simplified and traditional characters in turn, for the words of these contents only.
_PAIRS = (
    "项項资資属屬实實总總体體标標产產数數质質时時满滿务務对對经經济濟会會续續响響环環应應门門单單财財"
    "执執预預额額县縣农農业業术術广廣设設员員题題师師学學级級岭嶺发發达達记記录錄间間与與为為两兩个個"
    "丰豐举舉书書买買亲親万萬拨撥称稱节節约約显顯补補贴貼岗崗训訓证證动動给給众眾馆館图圖开開场場览覽"
    "讲講乡鄉镇鎮厕廁点點游遊旧舊维維养養护護坝壩库庫户戶检檢测測卫衛区區长長积積亩畝粮糧虫蟲损損组組"
    "织織处處进進运運远遠还還过過选選认認识識评評价價验驗规規范範龄齡压壓随隨访訪绩績报報关關现現计計"
    "划劃统統筹籌办辦内內绿綠网網营營号號车車东東边邊两兩础礎观觀兴興习習传傳优優饮飲稳穩巩鞏"
    "专專义義于於从從况況净淨准準减減别別劳勞历歷参參变變后後围圍国國壮壯备備审審尽盡层層岁歲带帶并並"
    "征徵态態据據断斷无無条條样樣档檔毕畢滞滯电電监監盖蓋确確种種筑築线線络絡综綜职職获獲装裝请請调調"
    "贫貧购購费費转轉迁遷采採鉴鑑问問阶階险險隐隱难難顺順麦麥"
)
_TABLE = str.maketrans(dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True)))


def traditional(text: str) -> str:
    return text.translate(_TABLE)


def _in_traditional(fill: Callable[[County], Filled]) -> Callable[[County], Filled]:
    """The same document in traditional characters; what is understood of a value stays."""

    def filled(county: County) -> Filled:
        plain, things = fill(county)
        sheets = (
            Sheet(traditional(sheet.name), tuple(map(_block, sheet.blocks)))
            for sheet in plain.sheets
        )
        return Paper(tuple(sheets)), list(map(_thing, things))

    return filled


def _block(block: Block) -> Block:
    if isinstance(block, str):
        return traditional(block)
    rows = tuple(tuple(map(traditional, row)) for row in block.rows)
    return Grid(rows, block.repeat)


def _thing(item: Thing) -> Thing:
    """Both spellings are right: in most fields the graph keeps what is printed."""
    fields = {
        name: tuple(dict.fromkeys([*map(traditional, texts), *texts]))
        for name, texts in item.fields.items()
    }
    return Thing(item.label, traditional(item.owner), fields)


LAYOUTS = (
    Layout(NAME, "横置", _sideways),
    Layout(NAME, "横置、一级指标合并", _sideways_merged),
    Layout(NAME, "分两表、重复表头", _split_repeated),
    Layout(NAME, "分两表、无表头", _split_bare),
    Layout(NAME, "长表", _long_form, ("docx", "html", "pdf", "xlsx")),
    Layout("繁体", "申报表", _in_traditional(APPLICATION)),
    Layout("繁体", "分列", _in_traditional(PARTED_FORM)),
)
