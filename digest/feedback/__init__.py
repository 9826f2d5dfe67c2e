"""What readers say of items, and what follows from it for the stories of a week.

taste.py     ratings -> the part "liked" of each story, by digest/rank/interest_model.py
library.py   the entries of a reader's library, as likes: what they are here, and what they say
bibtex.py    entries of a BibTeX file
zotero.py    entries of what Zotero exports: CSL-JSON, Better BibTeX's JSON, CSV, RDF
mails.py     ratings that came by mail
"""
