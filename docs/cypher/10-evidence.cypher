// 一个事实出自哪里
// _evidence 是 JSON 文本，读法见上；引用的原文写法和所在句子就是 CITES 的 raw 和 passage。
MATCH (indicator:Indicator)-[cites:CITES]->(policy:Policy {id: 'policy:州财建〔2024〕9021号'})
RETURN indicator.id AS 指标, cites.raw AS 原文, cites.passage AS 所在, cites._evidence AS 证据
ORDER BY 指标, 原文
