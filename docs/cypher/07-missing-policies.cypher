// 被引用而原文还没有入库的政策
// 按被引用的次数排，先去找最前面的几份。
MATCH (policy:Policy {status: 'cited'})
WHERE NOT EXISTS { (policy)-[:SAME_AS]->() }
RETURN policy.id AS 政策, COUNT { (policy)<-[:CITES]-() } AS 次数
ORDER BY 次数 DESC, 政策
