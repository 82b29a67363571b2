// 用得最多的表述
// 同样的名称和描述是同一个 Wording 节点，数它的入边就是用了几次。
MATCH (wording:Wording)
WITH wording, COUNT { (wording)<-[:WORDED_AS]-() } AS uses
ORDER BY uses DESC, wording.text LIMIT 20
RETURN wording.text AS 表述, uses AS 次数
