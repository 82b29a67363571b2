"""One module for each kind of value that these documents print: 文号, 标题, 指标值, 金额, 年度."""
