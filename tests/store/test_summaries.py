"""The cache of the model stage."""

import sqlite3

from digest.store import Store
from digest.types import Summary, SummarySentence


def test_the_other_versions_of_a_sentence_come_back_from_the_cache(path):
    beams = tuple(SummarySentence(text=f"Version {n}.", origin="model") for n in range(3))
    summary = Summary(item_id="a", sentences=beams[:1], model_id="m", alternatives=beams[1:])

    with Store(path) as store:
        store.save_summaries({"k": summary})
    with Store(path) as store:
        assert {"k": summary} == store.summaries(["k"])


def test_a_summary_saved_before_there_were_versions_has_none(path):
    old = '{"item_id": "a", "sentences": [{"text": "So.", "origin": "model", "spans": []}], "model_id": "m"}'
    Store(path).close()
    with sqlite3.connect(path) as other:
        other.execute("INSERT INTO summaries (key, json) VALUES ('k', ?)", [old])
    other.close()

    with Store(path) as store:
        assert () == store.summaries(["k"])["k"].alternatives
