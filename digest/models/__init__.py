"""What every model of the program needs: where its weights lie, on which device it runs, and embeddings of texts.

No stage's own business: grouping and ranking embed, summarizing generates.
"""
