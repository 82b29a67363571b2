"""Titles that a text names without 《》: 根据省财政厅关于下达…资金的通知精神.

Only what a careful reader takes for one document: 关于…的通知 with its issuer before it, its number
behind it, a 《measure》 inside it, or directly behind 根据 and the like. A slip on which an office
approves a request has no year and so no 文号: its mark (王批转9001号) is its name.
"""

import re
from collections.abc import Iterator

MAX_BEFORE = 80
_HAN = r"\u4e00-\u9fff"
# What a title is made of: no sentence mark; 《》 and “” only in pairs; a broken line goes on.
_BODY = (
    rf"(?:《[^《》]{{2,150}}》|[〈<][^〈〉<>]{{2,150}}[〉>]|“[^“”\n]{{1,40}}”"
    rf"|[^《》〈〉<>“”，。；！？：,;!?:\n|\t]|\n(?=[{_HAN}\d《]))"
)
# 关于下达2024年资金的通知  印发《…办法》的通知          not: 关于资金的说明  关于通知书的办理
_CORE = re.compile(
    rf"(?:关于{_BODY}{{3,100}}?|(?:印发|转发)《[^《》]{{4,150}}》)"
    r"的\s?(?:通知|(?:指导|实施|若干|工作)?意见|批复|复函|函|决定|通报|公告)(?:的通知)?"
    r"(?![书单件书函栏])"
)
# a 《title》 that the notice wraps                        not: 关于下达资金的通知
_WRAPS = re.compile(r"^(?:关于)?(?:印发|转发|修订|修改|公布|发布)[^《〈<]{0,6}[《〈<]")
# …（财建〔2024〕1号  … 财建[2024]1号                       not: （试行）
_NUMBER_BEHIND = re.compile(
    rf"\s{{0,4}}[(（\[【〔]?\s{{0,4}}[{_HAN}]{{2,14}}\s?[〔\[【(（﹝［]\s?\d{{4}}"
)
# 区政府文件批办单(王批转9001号)                        not: 批办单第3号  大街(北段9号)
_SLIP = re.compile(
    rf"(?:批办|批示|批转|阅批|签批|呈批|抄告|办文|交办)[单件][(（]\s?"
    rf"(?P<name>[{_HAN}]{{1,6}}[批阅签抄办][{_HAN}]?(?:字?第)?\s?\d{{1,5}}\s?号)\s?[)）]"
)
# 财政部  云山省财政厅  中共青禾县委办公室  云山省政府办公厅转发省财政厅   not: 财政部门  省里
_NAME = (
    rf"[{_HAN}]{{1,28}}(?:部|委|局|厅|署|办|室|政府|委员会|院|行|中央|领导小组|指挥部|联合会"
    r"|总工会|总社|兵团)"
)
_ORGAN = re.compile(rf"(?:{_NAME}(?:转发|批转))?{_NAME}")
_NOBODY = re.compile(r"部门|单位|有关|相关|各级|上级|主管|本局|我局|该局|同意|关于|负责|[的了]")
# what may stand before a title's first word
_BEFORE = re.compile(
    r"根据|按照|依据|依照|参照|遵照|执行|落实|贯彻|结合|收到|接到|按|据|(?<![部委局厅署办室府会院行])转发|详见|见|符合|以及|及|对照"
)
_BASIS = re.compile(r"(?:根据|按照|依据|依照|遵照|执行|落实|贯彻)\s*$")
# 年云山省财政厅  和云州市财政局                        not: 和田县财政局
_JOINING = re.compile(r"^(?:[年月日号以由]|[和与及](?![田平县静硕龙布政顺林]))+")
_RUN = re.compile(rf"[{_HAN}、 \u3000\n]*$")
_EDGE = re.compile(r"(?:^|[\s，。；：、（(|,;:．.])$")


def unmarked_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where titles without marks of their own stand; the issuer is part of it."""
    yield from (match.span("name") for match in _SLIP.finditer(text))
    at = 0
    while (core := _CORE.search(text, at)) is not None:
        start = _start(text, core, at)
        if start is None:
            at = core.start() + 2
            continue
        at = core.end()
        yield start, core.end()


def _start(text: str, core: re.Match[str], floor: int) -> int | None:
    """Where the title begins; None where nothing shows that it is one."""
    begin = max(floor, core.start() - MAX_BEFORE)
    window = text[begin : core.start()]
    run = _RUN.search(window)
    issuer = _issuer(run.group()) if run else ""
    if issuer:
        return core.start() - len(issuer)
    if not (_EDGE.search(window) or not window or _BASIS.search(window)):
        return None
    shown = (
        _WRAPS.match(core.group())
        or _NUMBER_BEHIND.match(text, core.end())
        or (core.group().startswith("关于") and _BASIS.search(window))
    )
    return core.start() if shown else None


def _issuer(before: str) -> str:
    """The names of organs that end the run, 云山省财政厅 云山省水利厅; "" where none does."""
    cut = max((word.end() for word in _BEFORE.finditer(before)), default=0)
    names = before[cut:]
    kept = len(names)
    for piece in reversed(list(re.finditer(r"[^、\s]+", names))):
        name = _JOINING.sub("", piece.group())
        if _ORGAN.fullmatch(name) is None or _NOBODY.search(name):
            break
        kept = piece.end() - len(name)
    return names[kept:] if names[kept:].strip() == names[kept:] else ""
