"""Questions and answers of search."""

from api.schemas.base import Evidence, Properties, Wire


class Hit(Wire):
    """一条结果。features 各项之和是 score；members 是符合条件的全部指标。

    similarity 是与所比文字的余弦，relation 是它的含义（same 相同、comparable 可比、related 相关），
    没有作比较时为 null 和空串。"""

    id: str
    type: str
    score: float
    title: str
    text: str
    highlights: list[str]
    features: dict[str, float]
    count: int
    members: list[str]
    context: Properties
    evidence: list[Evidence]
    similarity: float | None
    relation: str


class Understood(Wire):
    """检索词被理解成什么；text 是按意思检索的剩余部分。targets 是对目标值的条件，without 是不要的，
    official 是一并检索的公文用语，notes 说明“近三年”“邻县”等怎样推算。"""

    policies: list[str]
    projects: list[str]
    counties: list[str]
    years: list[int]
    departments: list[str]
    text: str
    targets: list[str]
    without: list[str]
    official: list[str]
    notes: list[str]


class FacetValue(Wire):
    value: str
    count: int


class SearchAnswer(Wire):
    """degraded 说明有什么没能用上，正常时为空串。"""

    query: str
    understood: Understood
    total: int
    degraded: str
    hits: list[Hit]
    facets: dict[str, list[FacetValue]]
    next: str | None
    did_you_mean: list[str]


class SimilarGroup(Wire):
    """一个县的相近指标；县区不详时 county 为空串。"""

    county: str
    hits: list[Hit]


class TargetValue(Wire):
    county: str
    value: str
    operator: str
    numbers: list[str]
    unit: str
    canonical_unit: str
    canonical_numbers: list[str]
    indicator: str


class Targets(Wire):
    """可以相比的目标值：类别相同，单位换算后相同（canonical_unit）。unit 是所问指标印着的单位。"""

    unit: str
    kind: str
    canonical_unit: str | None
    values: list[TargetValue]


class SimilarAnswer(Wire):
    """source 是所问的指标。"""

    source: Hit
    groups: list[SimilarGroup]
    targets: Targets
    degraded: str


class ValueCount(Wire):
    value: str
    count: int


class TargetCount(Wire):
    """一种目标值。写法不同而相等的（500元、0.05万元）算一种，其余写法在 variants。"""

    value: str
    count: int
    variants: list[str]
    canonical_unit: str | None
    canonical_numbers: list[str]


class WordingExample(Wire):
    indicator: str
    county: str
    department: str
    project: str
    year: int | None
    value: str
    basis: str


class WordingGroup(Wire):
    """一种可以照用的表述。variants 是同样意思的其他写法。"""

    text: str
    name: str
    description: str
    count: int
    counties: list[ValueCount]
    operators: list[ValueCount]
    targets: list[TargetCount]
    bases: list[ValueCount]
    examples: list[WordingExample]
    variants: list[str]


class WordingsAnswer(Wire):
    wordings: list[WordingGroup]
