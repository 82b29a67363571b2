"""A shortened title and the whole one: 《乡村振兴补助资金管理办法》 for 《中央财政衔接…管理办法》.

Works on keys (`title_key`). Two keys can only belong together where their tails are equal: a
store looks among these and not among all policies.
"""

import re
from functools import lru_cache

_KINDS = "办法|细则|规定|条例|制度|标准|规范|方案|规划|计划|意见"
# …|补助资金管理|办法   …|工作实施|方案                       not: …预算法
_ENDING = re.compile(
    rf"(?:专项)?(?:补助|补贴|奖补|发展)?(?:资金|经费)?(?:使用|工作)?(?:管理|监督管理)?(?:实施|暂行|指导)?(?P<kind>{_KINDS})$"
)
# 下达2024年…|补助资金第二批预算                              not: 印发…的通知
_MONEY = re.compile(
    r"(?:专项)?(?:补助|补贴|奖补|发展)?(?:专项)?(?:资金|经费)(?:第[一二三四五六七八九十\d]+批)?(?:支出)?(?:预算|指标)?$"
)
_YEAR = re.compile(r"(?:19|20)\d{2}")
# what two documents of one name differ in: 第二批, 提前下达, 收回, 省级
_TELLING = re.compile(
    r"第[一二三四五六七八九十百\d]+[批次期号版]|提前|预拨|下达|拨付|收回|调整|追加|清算|结算|分配|安排"
)
_LEVEL = re.compile(r"[省市县区州本]级|[省市县区]本级|地方")
# 云山省省级  中央财政  青禾县                              not: 最低  义务
_PLACE = re.compile(
    r"(?:中央|国家|全国|地方|财政|关于|和|[省市县区州本]级|[省市县区]直|机关|单位"
    r"|[\u4e00-\u9fff]{1,7}?(?:自治[区州县]|[省市县区州旗])|[省市县区州])+"
)
_STEM_SHOWN = 3
_LEAST = 9


@lru_cache(maxsize=65_536)
def title_tail(key: str) -> str:
    """Years, the last words before the generic ending, and the kind; the key itself where a title
    of its kind is never taken for a shortened one (laws, notices on other than money).

    >>> title_tail("乡村振兴补助资金管理办法")
    '村振兴|办法|'
    """
    stem, kind = _split(key)
    if len(stem) < 2 or kind is None:
        return key
    return f"{stem[-_STEM_SHOWN:]}|{kind}|{'、'.join(_YEAR.findall(key))}"


def shortens(short: str, long: str) -> bool:
    """Whether the first key may be a shortened form of the second.

    Years, batches and what is done with the money must be the same. A name may lose its place,
    云山省; a measure or a sum of money also words of its own, as long as half of it remains.
    """
    if not short or len(short) >= len(long) or title_tail(short) != title_tail(long):
        return False
    if sorted(_TELLING.findall(short)) != sorted(_TELLING.findall(long)):
        return False
    stem, kind = _split(short)
    if kind in ("办法", "细则", "规定") or kind == "资金":
        whole, _ = _split(long)
        level = _LEVEL.findall(short) == _LEVEL.findall(long)
        enough = len(short) >= _LEAST and 2 * len(short) >= len(long)
        if enough and _in_order(stem, whole) and (level or kind != "资金"):
            return True
    return long.endswith(short) and _PLACE.fullmatch(long[: -len(short)]) is not None


def _split(key: str) -> tuple[str, str | None]:
    """What a title is about, and its kind; the kind is None where it is none of these."""
    if (ending := _ENDING.search(key)) is not None:
        return key[: ending.start()], ending["kind"]
    if (money := _MONEY.search(key)) is not None:
        return key[: money.start()], "资金"
    return key, None


def _in_order(part: str, whole: str) -> bool:
    """Whether the characters of `part` all stand in `whole`, in the same order."""
    rest = iter(whole)
    return all(character in rest for character in part)
