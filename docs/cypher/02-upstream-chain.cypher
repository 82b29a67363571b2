// 一份通知的来路
// 从县里的通知一级一级往上，最多八级；只写标题的引用由 SAME_AS 接到有文号的那一份。
MATCH path = (:Policy {id: 'policy:云岭财建〔2024〕9005号'})-[:CITES|SAME_AS*1..8]->(:Policy)
RETURN [policy IN nodes(path) | policy.id] AS 来路, length(path) AS 级
ORDER BY 级, 来路
