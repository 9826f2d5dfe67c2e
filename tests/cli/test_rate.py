"""``rate``: by id, URL and number; listed; imported; and one line for every mistake."""

import json
import mailbox

import pytest

from digest.cli import main
from digest.store import Store
from tests.store.make import NOW, fetched, issue, item

PAPER = item()
THREAD = item(
    "reddit:abc",
    kind="thread",
    title="[D] A question",
    url="https://www.reddit.com/r/MachineLearning/comments/abc/a_question/",
)


@pytest.fixture
def db(folder):
    with Store(folder / "digest.db") as store:
        store.save_fetched(fetched(PAPER, THREAD, item("arxiv:1", title="Story one")), now=NOW)
        store.save_issue(issue())
        store.save_issue(issue("2021-W07", 2, full=("reddit:abc",)))
    return folder / "digest.db"


@pytest.fixture
def rate(capsys):
    """The exit code, stdout and stderr of ``rate`` with the arguments given."""

    def run(*argv, now="2021-02-13T18:00Z"):
        code = main(["rate", "--now", now, *map(str, argv)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def values(db):
    with Store(db) as store:
        return {r.item_id: r.value for r in store.ratings()}


@pytest.mark.parametrize(
    "name",
    [
        "arxiv:2102.06171",
        "2102.06171",
        "2102.06171v2",
        "https://arxiv.org/pdf/2102.06171v1",
        "http://www.arxiv.org/abs/2102.06171",
    ],
)
def test_an_item_is_rated_by_any_of_its_names(db, rate, name):
    said = f"rated up: {PAPER.title} (arxiv:2102.06171)\n"

    assert (0, said, "") == rate(name, "up")
    assert {"arxiv:2102.06171": 1} == values(db)


def test_a_thread_is_rated_by_its_address(db, rate):
    assert 0 == rate("https://old.reddit.com/r/MachineLearning/comments/abc/", "down")[0]
    assert {"reddit:abc": -1} == values(db)


def test_a_number_is_that_of_a_story_of_the_latest_issue_or_of_the_week_named(db, rate):
    assert "rated down: [D] A question (reddit:abc)\n" == rate("1", "down")[1]
    assert "rated up: Story one (arxiv:1)\n" == rate("1", "up", "--week", "2021-W06")[1]


def test_a_rating_is_changed_and_taken_back(db, rate):
    rate("2102.06171", "up")
    rate("2102.06171", "down")
    assert {"arxiv:2102.06171": -1} == values(db)

    assert f"cleared: {PAPER.title} (arxiv:2102.06171)\n" == rate("2102.06171", "clear")[1]
    assert f"had no rating: {PAPER.title} (arxiv:2102.06171)\n" == rate("2102.06171", "clear")[1]
    assert {} == values(db)


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["9901.00001", "up"], "9901.00001: no such item is stored"),
        (["https://example.org/x", "up"], "no such item is stored"),
        (["7", "up"], "has no story of that number"),
        (["1", "up", "--week", "2020-W01"], "there is no issue of 2020-W01"),
        (["never rated", "clear"], "no such item is stored"),
        (["2102.06171"], "up, down or clear?"),
        (["2102.06171", "up", "--import", "x.bib"], "one at a time"),
        (["--import", "x.bib"], "x.bib: cannot be read"),
        (["--mailbox", "x.mbox"], "x.mbox: cannot be read"),
    ],
)
def test_a_mistake_ends_2_with_one_line(rate, argv, said):
    code, out, err = rate(*argv)

    assert (2, "", 1) == (code, out, err.count("\n"))
    assert said in err


@pytest.mark.usefixtures("db")
def test_ratings_are_listed_latest_first(rate):
    assert (0, "Nothing is rated; `rate ITEM up` and `rate --import FILE` do.\n", "") == rate()
    rate("2102.06171", "up")
    rate("reddit:abc", "down", now="2021-02-14T18:00Z")

    assert (
        "down  reddit:abc  [D] A question  (14 Feb 2021)\n"
        f"up    arxiv:2102.06171  {PAPER.title}  (13 Feb 2021)\n" == rate()[1]
    )
    assert [-1, 1] == [row["value"] for row in json.loads(rate("--json")[1])]


def test_a_library_is_imported_once_and_never_overrules_the_reader(db, rate, folder):
    path = folder / "mine.bib"
    path.write_text(
        "@misc{a, title={Without Normalization}, eprint={2102.06171}}\n"
        "@misc{b, title={A paper that is not stored}}\n@misc{c, year=2020}\n"
    )
    rate("2102.06171", "down")

    first, again = (rate("--import", path)[1] for _ in range(2))

    assert f"rated up: 1 work of {path}; 1 had a rating already; 1 could not be read\n" == first
    assert f"rated up: 0 works of {path}; 2 had a rating already; 1 could not be read\n" == again
    assert [-1, 1] == sorted(values(db).values())


def test_what_a_library_brought_can_be_cleared(db, rate, folder):
    (folder / "mine.bib").write_text("@misc{b, title={A paper}, eprint={2101.00001}}")
    rate("--import", "mine.bib")

    assert "cleared: A paper (arxiv:2101.00001)\n" == rate("2101.00001", "clear")[1]
    rate("--import", "mine.bib")
    assert {} == values(db)


def test_a_library_may_be_the_first_that_a_new_database_holds(rate, folder):
    (folder / "mine.bib").write_text("@misc{b, title={A paper}}")

    assert "rated up: 1 work of mine.bib\n" == rate("--import", "mine.bib")[1]


def test_mails_rate_stored_items_only_and_reading_them_again_changes_nothing(db, rate, folder):
    box = mailbox.mbox(folder / "box.mbox")
    for subject in (
        "rate arxiv:2102.06171 up",
        "rate arxiv:9999.99999 up",
        "rate hn:1 clear",
        "Hi",
    ):
        box.add(f"Subject: {subject}\nDate: Fri, 12 Feb 2021 10:00:00 +0000\n\n")
    box.close()

    first = rate("--mailbox", "box.mbox")[1]
    assert (
        "took 1 rating from box.mbox; 2 of items that are not stored; 1 other mail passed over\n"
        == first
    )
    rate("2102.06171", "down")
    again = rate("--mailbox", "box.mbox")[1]
    assert "took 0 ratings from box.mbox; 1 known already; 2 of items" in again
    assert {"arxiv:2102.06171": -1} == values(db), "the later word stays"


def test_without_a_database_the_first_run_is_asked_for(rate):
    code, out, err = rate("2102.06171", "up")

    assert (1, "", 1) == (code, out, err.count("\n"))
    assert "digest.db: no such database" in err
