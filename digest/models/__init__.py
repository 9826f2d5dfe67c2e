"""What every model of the program needs: where its weights lie, on which device it runs, and embeddings of texts.

No stage's own business: grouping and ranking embed, summarizing generates.
"""

import os

# Read when torch is first imported, which nothing does before this. The threads of a product wait for each other at every
# product: asleep, that costs a third of the time; spinning as long as they do by default, a program beside this one makes
# it three times as slow. A short spin costs little of either (docs/decisions.md, Speed and memory of the summarizer).
if "OMP_WAIT_POLICY" not in os.environ:
    os.environ.setdefault("GOMP_SPINCOUNT", "2000")
# Programs that oneDNN writes for the shapes of products: half a megabyte each, and if they are let it keeps 1,024 of them and
# torch as many for each of its operators; a thousand texts would take up a gigabyte more.
os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "256")
os.environ.setdefault("LRU_CACHE_CAPACITY", "64")
