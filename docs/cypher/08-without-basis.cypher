// 各单位有多少指标没写依据
// 没写依据的 basis_kind 是 empty。
MATCH (unit:Department)-[:RUNS]->(:Project)-[:MEASURED_BY]->(indicator:Indicator)
RETURN unit.name AS 单位, count(CASE indicator.basis_kind WHEN 'empty' THEN 1 END) AS 没写依据, count(*) AS 指标
ORDER BY 没写依据 DESC, 单位
