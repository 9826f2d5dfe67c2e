"""A reader's library becomes likes, whatever exported it; what is broken is counted."""

import json

import pytest

from digest.errors import ConfigError
from digest.feedback.library import MAX_BYTES, Entry, Library, likes, read_library
from digest.store import Store
from tests.store.make import NOW, fetched, item

BIB = r"""
@string{conf = "A conference"}
@article{a,
  title = {{GRAPHS} and {\"U}ber-fast $O(n^2)$ Models},
  author = {Ada Lovelace}, booktitle = conf,
  eprint = {1810.04805v2}, archivePrefix = {arXiv},
  abstract = {We gain 50\% in this made-up text.},
}
@article{broken, title = {No end to this one, year = 2019
@misc{c, title = "A third thing", doi = "10.1371/Journal.pone.0000001"}
@misc{c, title = "Another under the same key", url = {https://arxiv.org/abs/2002.08484v1}}
@misc{d, year = 2020}
@misc{e, title = {Known by its name alone}}
@comment{nothing to see}
some words between
"""
ENTRIES = (
    Entry(
        title="GRAPHS and Über-fast $O(n^2)$ Models",
        abstract="We gain 50% in this made-up text.",
        arxiv_id="1810.04805",
    ),
    Entry(title="A third thing", doi="10.1371/journal.pone.0000001"),
    Entry(title="Known by its name alone"),
    Entry(title="Another under the same key", arxiv_id="2002.08484"),
)


def read(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text if isinstance(text, str) else json.dumps(text), "utf-8")
    return read_library(path)


def test_bibtex_is_read_and_a_broken_entry_costs_itself_only(tmp_path):
    assert Library(entries=ENTRIES, skipped=2) == read(tmp_path, "mine.bib", BIB)


def test_an_old_file_in_latin_1_is_read(tmp_path):
    path = tmp_path / "old.bib"
    path.write_bytes("@misc{a, title={Über alles}}".encode("latin-1"))

    assert ["Über alles"] == [e.title for e in read_library(path).entries]


CSL = [
    {"type": "article", "title": "One", "abstract": "Of it.", "DOI": "10.1371/x.1"},
    {"type": "article", "title": "Two", "note": "arXiv:2002.08484 [cs]"},
    {"type": "article", "author": [{"family": "Nobody"}]},
    "no entry",
]
BETTER = {
    "items": [
        {"itemType": "preprint", "title": "One", "abstractNote": "Of it.", "DOI": "10.1371/x.1"},
        {"itemType": "preprint", "title": "Two", "archiveID": "arXiv:2002.08484"},
        {"itemType": "attachment", "title": "PDF"},
        {"itemType": "note", "note": "<p>arXiv:1111.1111</p>"},
        {"itemType": "preprint", "title": ""},
        {"itemType": "preprint", "title": 7},
    ]
}
API = [{"key": "A", "data": fields} for fields in BETTER["items"]]
CSV = (
    "\ufeffKey,Item Type,Title,DOI,Url,Abstract Note,Extra\n"
    'A,preprint,One,10.1371/x.1,,"Of it.",\n'
    "B,preprint,Two,,http://arxiv.org/abs/2002.08484,,\n"
    "C,preprint,,,,,\n"
    f"D,preprint,{'x' * 200_000},,,,\n"
)
RDF = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:bib="http://purl.org/net/biblio#"
  xmlns:z="http://www.zotero.org/namespaces/export#" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:dcterms="http://purl.org/dc/terms/">
  <bib:Article rdf:about="#1"><z:itemType>journalArticle</z:itemType><dc:title>One</dc:title>
    <dcterms:abstract>Of it.</dcterms:abstract><dc:identifier>DOI 10.1371/x.1</dc:identifier></bib:Article>
  <rdf:Description rdf:about="#2"><z:itemType>preprint</z:itemType><dc:title>Two</dc:title>
    <dc:identifier><dcterms:URI><rdf:value>http://arxiv.org/abs/2002.08484</rdf:value></dcterms:URI></dc:identifier>
  </rdf:Description>
  <bib:Journal rdf:about="#3"><dc:title>A journal</dc:title></bib:Journal>
  <z:Attachment rdf:about="#4"><z:itemType>attachment</z:itemType><dc:title>PDF</dc:title></z:Attachment>
  <bib:Book rdf:about="#5"><z:itemType>book</z:itemType></bib:Book>
  <bib:Book rdf:about="#6"><z:itemType>book</z:itemType></bib:Book>
</rdf:RDF>
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.json", CSL), ("a.json", BETTER), ("a.json", API), ("a.csv", CSV), ("a.rdf", RDF)],
    ids=["csl", "better", "api", "csv", "rdf"],
)
def test_every_export_of_zotero_gives_the_same_entries(tmp_path, name, text):
    entries = (
        Entry(title="One", abstract="Of it.", doi="10.1371/x.1"),
        Entry(title="Two", arxiv_id="2002.08484"),
    )

    assert Library(entries=entries, skipped=2) == read(tmp_path, name, text)


def test_a_folder_is_read_file_by_file(tmp_path):
    (tmp_path / "a.bib").write_text(BIB)
    (tmp_path / "b.json").write_text(json.dumps(CSL))
    (tmp_path / "c.pdf").write_bytes(b"%PDF")

    library = read_library(tmp_path)

    assert (6, 4) == (len(library.entries), library.skipped)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.bib", "", "holds no BibTeX entry"),
        ("a.bib", "Dear diary, nothing happened.", "holds no BibTeX entry"),
        ("a.json", "{", "is not JSON"),
        ("a.json", "[" * 100_000, "is not JSON"),
        ("a.json", "{}", "no list of entries"),
        ("a.csv", "a,b\n1,2\n", "no column Title"),
        ("a.rdf", "<html/>", "is XML, but not RDF"),
        ("a.rdf", "nothing", "is not XML"),
        ("a.docx", "x", "is no .bib, .json, .csv or .rdf file"),
        ("none.bib", None, "cannot be read"),
    ],
)
def test_what_is_no_library_is_told_in_one_line(tmp_path, name, content, said):
    path = tmp_path / name
    if content is not None:
        path.write_text(content)

    with pytest.raises(ConfigError) as caught:
        read_library(path)

    assert str(caught.value).startswith(f"{path}: ")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_entity_of_an_rdf_file_is_not_resolved(tmp_path):
    (tmp_path / "secret").write_text("secret words")
    hostile = RDF.replace(
        "<rdf:RDF", f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{tmp_path}/secret">]>\n<rdf:RDF', 1
    ).replace("One", "One &e;")

    assert "secret" not in repr(read(tmp_path, "a.rdf", hostile))


def test_a_file_without_bounds_is_refused(tmp_path):
    path = tmp_path / "large.bib"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)

    with pytest.raises(ConfigError, match="larger than 64 MiB"):
        read_library(path)


def test_a_work_that_is_stored_is_rated_by_its_own_text_and_another_by_the_librarys(tmp_path):
    paper = item("arxiv:1810.04805", text="The abstract of the server.")
    journal = item("doi:10.1371/journal.pone.0000001", doi="10.1371/journal.pone.0000001")
    named = item("arxiv:2001.00001", title="Known By Its Name Alone")
    with Store(tmp_path / "digest.db") as store:
        store.save_fetched(fetched(paper, journal, named), now=NOW)

        rated = likes(ENTRIES, store, now=NOW)

    assert [paper.id, journal.id, named.id, "arxiv:2002.08484"] == [r.item_id for r in rated]
    assert f"{paper.title}. The abstract of the server." == rated[0].text
    assert "Another under the same key. " == rated[3].text
    assert {(1, "library")} == {(r.value, r.origin) for r in rated}


def test_a_work_that_stands_there_twice_is_rated_once(tmp_path):
    with Store(tmp_path / "digest.db") as store:
        assert 1 == len(likes((ENTRIES[2], ENTRIES[2]), store, now=NOW))
