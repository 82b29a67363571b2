// 延续多年的项目，预算增减多少
// CONTINUES 从后一年指向前一年。
MATCH (project:Project)-[:CONTINUES]->(before:Project)
RETURN project.name AS 项目, before.fiscal_year AS 前一年, project.fiscal_year AS 后一年,
       before.budget AS 原预算, project.budget AS 预算, project.budget - before.budget AS 增减
ORDER BY 增减 DESC, 项目
