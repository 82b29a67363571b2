// 各单位的预算，和成本指标占几成
// 每个项目的预算只算一次，所以先在项目里数指标，再按单位合计。
MATCH (unit:Department)-[:RUNS]->(project:Project)
WITH unit, project, COUNT { (project)-[:MEASURED_BY]->() } AS amount,
     COUNT { (project)-[:MEASURED_BY]->(i:Indicator) WHERE '成本指标' IN [i.level1, i.level2] } AS cost
RETURN unit.name AS 单位, project.fiscal_year AS 年度, sum(project.budget) AS 预算, sum(cost) AS 成本指标, sum(amount) AS 指标
ORDER BY 预算 DESC, 单位
