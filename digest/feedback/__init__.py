"""What readers say of items, and what follows from it for the stories of a week.

find.py      the item that a reader names: an id, a URL, a number in the latest issue
library.py   entries of a BibTeX file or an export of Zotero, as likes
mails.py     ratings that came by mail
taste.py     ratings -> the part "liked" of each story, by digest/rank/interest_model.py
"""
