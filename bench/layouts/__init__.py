"""Self-written documents in every format and layout, with what a careful reader finds in them.

python -m bench.layouts             read every document; accuracy by field, format and layout
python -m bench.layouts --freeze    write frozen.tsv, the run that later runs are compared with
python -m bench.layouts --write DIR the documents themselves, to look at

From the bottom up: `grid` (paragraphs and tables with merged cells), `contents` (what fictional
counties say), `truth` (what is to be found), the layouts (`statement`, `forms`, `department`,
`columns`, `pages`: contents to grids), `formats` (grids to files), `score` and `frozen`.
None of it knows how the reader works.
"""
