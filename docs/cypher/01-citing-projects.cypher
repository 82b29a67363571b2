// 谁引用了一份通知，挂着多少钱
// 项目自己、它的目标或它的指标引用了这份通知，项目就算一次；预算单位是万元。
MATCH (unit:Department)-[:RUNS]->(project:Project)
MATCH (project)-[:MEASURED_BY|HAS_GOAL*0..1]->()-[:CITES]->(:Policy {id: 'policy:州财建〔2024〕9021号'})
RETURN DISTINCT unit.name AS 单位, project.name AS 项目, project.fiscal_year AS 年度, project.budget AS 预算
ORDER BY 预算 DESC, 项目
