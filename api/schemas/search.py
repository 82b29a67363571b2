"""Questions and answers of search."""

from pydantic import Field

from api.schemas.base import Evidence, Properties, Wire
from search.engine import USUAL_RECOMMENDED
from search.query import MAX_LIMIT


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
    official 是一并检索的公文用语。notes 说明“近三年”“邻县”等怎样推算，图谱里没有什么，什么没有
    照办。"""

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


class WordingUse(Wire):
    """一种可以照用的表述，和它怎样使用。variants 是同样意思的其他写法。"""

    text: str
    name: str
    description: str
    count: int
    counties: list[ValueCount]
    operators: list[ValueCount]
    targets: list[TargetCount]
    bases: list[ValueCount]
    variants: list[str]


class WordingGroup(WordingUse):
    """一种可以照用的表述，附例子。"""

    examples: list[WordingExample]


class WordingsAnswer(Wire):
    """understood、degraded、did_you_mean 与检索的相同。"""

    wordings: list[WordingGroup]
    understood: Understood
    degraded: str
    did_you_mean: list[str]


class RecommendRequest(Wire):
    """level2 是只要的二级指标，不写就是全部；limit 是每个二级指标最多推荐几条。"""

    text: str
    level2: list[str] = Field(default_factory=list)
    limit: int = Field(default=USUAL_RECOMMENDED, ge=1, le=MAX_LIMIT)


class TypicalTarget(Wire):
    """最常见的目标值：读到的 of 条中有 count 条与它相等。"""

    value: str
    operator: str
    count: int
    of: int
    canonical_unit: str | None
    canonical_numbers: list[str]


class LikeProject(Wire):
    """用这个指标的相近项目。similarity 是描述与项目（或其目标）的余弦。"""

    id: str
    name: str
    county: str
    year: int | None
    similarity: float | None
    relation: str


class RecommendedExample(WordingExample):
    project_id: str
    evidence: list[Evidence]


class RecommendedIndicator(WordingUse):
    """一种推荐的表述。features 各项（projects 相近项目、text 文字、counties 县数）之和是 score；
    similarity 是表述与描述的余弦，不相近时为 null。"""

    examples: list[RecommendedExample]
    county_count: int
    typical: TypicalTarget | None
    projects: list[LikeProject]
    score: float
    features: dict[str, float]
    similarity: float | None
    relation: str


class RecommendedCategory(Wire):
    """一个二级指标；没有注明二级指标的为空串。"""

    level2: str
    indicators: list[RecommendedIndicator]


class RecommendAnswer(Wire):
    """projects 是最相近的五个项目。没有可推荐的、或不大可靠时，hint 说明原因和办法。"""

    text: str
    projects: list[Hit]
    categories: list[RecommendedCategory]
    hint: str
    degraded: str
