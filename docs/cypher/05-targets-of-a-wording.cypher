// 同一名称的指标，目标值怎样分布
// canonical_numbers 和 canonical_unit 换算到了可比单位；定性的目标值两项都没有。
MATCH (:Wording {name: '群众满意度'})<-[:WORDED_AS]-(indicator:Indicator)
RETURN indicator.operator AS 符号, indicator.canonical_numbers AS 数, indicator.canonical_unit AS 单位, count(*) AS 次数
ORDER BY 次数 DESC, 数
