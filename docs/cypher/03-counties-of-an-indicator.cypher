// 哪些县用了某个指标，目标值定多少
// 按三级指标的名称找；名称没有索引，要读全部指标。
MATCH (indicator:Indicator {name: '群众满意度'})<-[:MEASURED_BY]-(project:Project)
MATCH (project)<-[:RUNS]-(unit:Department)-[:IN]->(county:Region)
RETURN county.name AS 县区, unit.name AS 单位, project.fiscal_year AS 年度, indicator.value AS 指标值
ORDER BY 县区, 单位, 年度, 指标值
