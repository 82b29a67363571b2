"""文号: issuer prefix, year and serial of an official document (GB/T 9704-2012, 7.2.5)."""

import re
import unicodedata
from dataclasses import dataclass

from graph.values.numerals import NUMERAL, read_numeral
from graph.values.prefix import Prefix, find_prefix
from graph.values.traditional import simplify


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """`serial` has no leading zeros and may carry a sub-number: "143", "2-1"."""

    prefix: str
    year: int
    serial: str

    @property
    def canonical(self) -> str:
        """唐财建〔2024〕143号"""
        return f"{self.prefix}〔{self.year}〕{self.serial}号"


@dataclass(frozen=True, slots=True)
class FoundNumber:
    """A number in a text: ``text[start:end] == raw``."""

    number: DocumentNumber
    start: int
    end: int
    raw: str


# One character for one, so that offsets into the text stay true: full-width forms, blanks of no
# width, small brackets, and the radicals (⼈ ⾦) that a PDF's text prints for characters.
_WIDTH = (
    {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    | dict.fromkeys((0x3000, 0x00A0, 0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF), 0x20)
    | {code: ord(unicodedata.normalize("NFKC", chr(code))) for code in range(0x2F00, 0x2FD6)}
    | {0xFE59: 0x28, 0xFE5A: 0x29}
)
_YEAR_DIGITS = str.maketrans("〇○零一二三四五六七八九Oo", "00012345678900")

_OPEN = r"〔\[【(﹝〖〘❲{「『<〈《"
_CLOSE = r"〕\]】)﹞〗〙❳}」』>〉》"
_B = r"\s{0,12}"
_YEAR = rf"(?:1{_B}9|2{_B}[0Oo]){_B}[\dOo]{_B}[\dOo]"
_HAN_YEAR = r"[一二][九〇○零][〇○零一二三四五六七八九]{2}"
_SERIAL = r"\d{1,5}(?!\d)(?:[-—–]\d{1,3}(?!\d))?"
_BROKEN_SERIAL = rf"\d(?:\s{{0,4}}\d){{0,4}}(?={_B}号)"

# 〔2024〕143号  【2024】第 143 号  (2024] 143  〔2024年〕143号  [2024]年143号  not: 〔2024年6月〕
INTACT = re.compile(
    rf"(?P<open>[{_OPEN}]){{1,2}}{_B}(?P<year>{_YEAR}|{_HAN_YEAR}){_B}年?{_B}(?P<close>[{_CLOSE}]){{1,2}}"
    rf"{_B}(?:年{_B})?(?:第{_B})?(?P<serial>{_BROKEN_SERIAL}|{_SERIAL}"
    rf"|\(\d{{1,5}}\)(?={_B}号)|{NUMERAL}(?={_B}号))(?P<mark>{_B}号)?"
)
# 〔2021161号  〔2022300 )  〔2021 161号  〔2021J161号               not: 〔2021年预算号
UNCLOSED = re.compile(
    rf"[{_OPEN}]{_B}(?P<year>(?:19|20)\d\d){_B}[Jj|]?{_B}(?:第{_B})?(?P<serial>\d{{1,5}})(?!\d){_B}"
    rf"(?:(?P<mark>号)|(?=[{_CLOSE}]))"
)
# 2024〕7号                                                         not: 2024〕预算
UNOPENED = re.compile(
    rf"(?<!\d)(?P<year>(?:19|20)\d\d){_B}[{_CLOSE}]{_B}(?:第{_B})?(?P<serial>\d{{1,5}})(?!\d){_B}(?P<mark>号)"
)
# 2019年275号  2022年第13号                                         not: 2019年2月7号
YEAR_WORD = re.compile(
    rf"(?<!\d)(?P<year>(?:19|20)\d\d){_B}年{_B}(?:第{_B})?(?P<serial>\d{{1,5}})(?!\d){_B}(?P<mark>号)"
)
# 201445 号  2014 45号  2014-45号  2014第45号                       not: 01445号
BARE = re.compile(
    rf"(?<!\d)(?P<year>(?:19|20)\d\d)\s{{0,2}}[-—–第]?\s{{0,2}}(?P<serial>[1-9]\d{{0,3}})(?!\d){_B}(?P<mark>号)"
)
_FORMS = (INTACT, UNCLOSED, UNOPENED, YEAR_WORD, BARE)
# What may begin a form: used to visit each place of the text once.
_ANCHOR = re.compile(rf"[{_OPEN}]{{1,2}}{_B}[12一二]|(?<![\d{_OPEN}])(?:19|20)\d\d")

# Between the items of a list, and between the two ends of a range.
_JOIN = r"(?:[、,;；/]|(?:[、,;；]?\s{0,12}(?:以及|及|和|与|或))|至|到|~|-|—|–)"
# What a bare 3号 counts when it is no document: 3号楼, 5号前
_NOT_LISTED = (
    r"\s{0,4}(?:[楼线井房室栋院机泵馆坝路桥门车船岛台地宗塘渠闸站点仓厂炉罐塔矿巷街弄村镇标柜"
    r"床铺店层墓岗哨队前起止]|之?前|以前|公告|令)"
)
# 、36号  ，〔2023〕14号  文、21号  至15号  32号 behind 31号           not: 、3号楼
ITEM = re.compile(
    rf"(?:\([A-Za-z\u00c0-\u024f]{{1,8}}\))?{_B}(?:文件?{_B})?(?:{_JOIN}{_B}|(?<=[号文件]) ?)"
    rf"(?:[{_OPEN}]{_B}(?P<year>{_YEAR}){_B}[{_CLOSE}]{_B})?(?:第{_B})?"
    rf"(?P<raw>(?P<serial>{_SERIAL}){_B}号)(?!{_NOT_LISTED})"
)
# 、15、16号  至15号: several serials before one 号                    not: 、15个
_SHARED = re.compile(rf"(?:{_B}{_JOIN}{_B}\d{{1,5}}(?!\d)){{1,60}}{_B}号(?!{_NOT_LISTED})")
_SHARED_SERIAL = re.compile(r"\d{1,5}(?:\s{0,12}号)?")
# What may follow a serial that lost its 号                           not: 143万元, 143个, 31.5
_AFTER_BARE_SERIAL = re.compile(
    r"\s*(?:$|[、,;；。:：)\]】〕》|\s(]|\.(?!\d)|文|和|及|与|(?:至|到|[-~—–])\s*\d+\s*号)"
)
# Behind a plain prefix, what tells an amount, a count or a garbled serial (1四0号) from a serial
#                                                                      not: 提前下达, 资金, 一般
_MEASURE = re.compile(
    r"\s*(?:[\d.%‰年月日万亿元个户人次项件份条款页期度吨亩]|平方|公里|千|[〇○零一二三四五六七八九十]{1,4}[\d号])"
)
# 〔2017〕66号公告, 〔2021〕3号令: another series                         not: 号公告牌
_OTHER_SERIES = re.compile(r"\s*(?:公告|通告|令)(?!牌)")
# A whole text that is one number in a searcher's spelling: 唐财建2024-143, 唐财建 2024 143
_WHOLE = re.compile(
    r"(?P<prefix>[\u4e00-\u9fff()]{2,20})[^\w]{0,4}(?P<year>(?:19|20)\d\d)(?:年|[^\w]){0,4}第?"
    r"(?P<serial>\d{1,5}(?:-\d{1,3})?)号?(?:文件?)?"
)


def find_document_numbers(text: str) -> list[FoundNumber]:
    """Every document number in the text, in order, none overlapping.

    Reads any bracket and mismatched pairs, blanks and line breaks inside, full-width and
    traditional characters, pinyin glosses, lists whose later items inherit prefix and year, and
    numbers that lost a bracket or 号 where one reading is left. 令 and 公告 are another series.
    Time grows in proportion to the length of the text.
    """
    plain = _normalise(text)
    found: list[FoundNumber] = []
    floor = 0
    for anchor in _ANCHOR.finditer(plain):
        if anchor.start() < floor:
            continue
        read = _read_at(plain, anchor.start(), floor)
        if read is None:
            continue
        prefix, match = read
        number = DocumentNumber(prefix.text, _year(match["year"]), _serial(match["serial"]))
        found.append(_found(text, number, prefix.start, match.end()))
        floor = match.end()
        for item in _items(plain, number, floor):
            found.append(_found(text, item[0], item[1], item[2]))
            floor = item[2]
    return found


def parse_document_number(text: str) -> DocumentNumber | None:
    """The one number that the text is, in any spelling; None where it is none or several.

    A whole text may be sloppier than a number found in a sentence: 唐财建2024-143.
    """
    found = find_document_numbers(text)
    if found:
        return found[0].number if len(found) == 1 else None
    match = _WHOLE.fullmatch("".join(_normalise(text[:200]).split()))
    if match is None:
        return None
    prefix = find_prefix(match["prefix"], len(match["prefix"]), 0)
    if prefix is None or not prefix.strong or prefix.start > 0:
        return None
    return DocumentNumber(prefix.text, int(match["year"]), _serial(match["serial"]))


def _normalise(text: str) -> str:
    return simplify(text.translate(_WIDTH))


def _found(text: str, number: DocumentNumber, start: int, end: int) -> FoundNumber:
    return FoundNumber(number=number, start=start, end=end, raw=text[start:end])


def _read_at(plain: str, at: int, floor: int) -> tuple[Prefix, re.Match[str]] | None:
    """The first form that fits at `at` together with a prefix that allows it."""
    matches = [(form, match) for form in _FORMS if (match := form.match(plain, at)) is not None]
    prefix = find_prefix(plain, at, floor) if matches else None
    if prefix is None:
        return None
    for form, match in matches:
        if _allowed(plain, form, match, prefix):
            return prefix, match
    return None


def _allowed(plain: str, form: re.Pattern[str], match: re.Match[str], prefix: Prefix) -> bool:
    if not 1949 <= _year(match["year"]) <= 2049 or not _serial(match["serial"]).strip("0-"):
        return False
    if form is YEAR_WORD or form is BARE:
        return prefix.strict
    if form is not INTACT:
        return prefix.strong
    if match["mark"] is None:
        if _AFTER_BARE_SERIAL.match(plain, match.end()) is not None:
            return prefix.strong
        return prefix.strict and _MEASURE.match(plain, match.end()) is None
    if not prefix.strict and _OTHER_SERIES.match(plain, match.end()) is not None:
        return False
    return prefix.strong or match["open"] not in "(<〈{「『《"


def _year(digits: str) -> int:
    return int("".join(digits.split()).translate(_YEAR_DIGITS))


def _serial(digits: str) -> str:
    spelled = read_numeral(digits)
    if spelled is not None:
        return str(spelled)
    parts = "".join(digits.split()).strip("()").replace("—", "-").replace("–", "-").split("-")
    return "-".join(part.lstrip("0") or "0" for part in parts)


def _items(plain: str, first: DocumentNumber, at: int) -> list[tuple[DocumentNumber, int, int]]:
    """Later items of a list, each with its own span; they inherit prefix and year.

    Of a range (12号至15号) the two ends, which the text prints.
    """
    items: list[tuple[DocumentNumber, int, int]] = []
    year = first.year
    while True:
        if (match := ITEM.match(plain, at)) is not None:
            year = _year(match["year"]) if match["year"] else year
            number = DocumentNumber(first.prefix, year, _serial(match["serial"]))
            items.append((number, match.start("raw"), match.end()))
        elif (match := _SHARED.match(plain, at)) is not None:
            for serial in _SHARED_SERIAL.finditer(plain, match.start(), match.end()):
                digits = _serial(re.sub(r"\D", "", serial.group()))
                number = DocumentNumber(first.prefix, year, digits)
                items.append((number, serial.start(), serial.end()))
        else:
            return items
        at = match.end()
