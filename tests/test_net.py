"""net.py against a real server on this machine: what servers do wrong must not hurt a run."""

import gzip
import random
import threading
import time
import tracemalloc
from email.utils import formatdate

import pytest

from digest import __version__
from digest.errors import FetchError
from digest.net import Http
from digest.pace import DEFAULT_PACE_S, Pace, line_of
from digest.retry import WAIT_BUDGET_S, back_off_s, parse_retry_after
from digest.transfer import CHUNK_BYTES, Request, decoded
from digest.types import Validator
from tests.loopback import Answer, FakeTime, serving


@pytest.fixture
def site():
    with serving() as site:
        yield site


@pytest.fixture
def fake():
    return FakeTime()


@pytest.fixture
def http(fake):
    with Http(sleep=fake.sleep, clock=fake.clock, rng=random.Random(1)) as http:
        yield http


def failure(session, url, **kwargs):
    with pytest.raises(FetchError) as caught:
        session.get(url, **kwargs)
    error = caught.value
    assert error.source == session.source
    assert "\n" not in str(error)
    return error


# -- what comes back --------------------------------------------------------------------------------------------------


def test_an_answer_is_given_with_its_type_and_a_receipt(site, http):
    site.routes["/feed"] = Answer("<rss/>", headers={"Content-Type": "text/xml", "ETag": '"7"'})
    session = http.session("a blog")
    response = session.get(f"{site.url}/feed")
    assert response.content == b"<rss/>"
    assert response.content_type == "text/xml"
    assert not response.is_not_modified
    (receipt,) = session.receipts
    assert (receipt.url, receipt.status, receipt.byte_count) == (f"{site.url}/feed", 200, 6)
    assert (receipt.etag, receipt.last_modified, receipt.error) == ('"7"', None, "")


def test_params_are_added_to_the_query_of_the_url(site, http):
    site.routes["/q"] = Answer("x")
    http.session("s").get(f"{site.url}/q?a=1", params={"b": "cat:cs.LG OR [x TO y]"})
    assert site.asked[0].query == {"a": "1", "b": "cat:cs.LG OR [x TO y]"}


def test_the_user_agent_names_program_version_and_contact(site):
    site.routes["/"] = Answer("x")
    with Http(contact="ada@example.org\r\nX-Evil: 1") as http:
        http.session("s").get(site.url + "/")
    agent = site.asked[0].headers["user-agent"]
    assert agent == f"ml-digest/{__version__} (+ada@example.orgX-Evil: 1)"
    assert "x-evil" not in site.asked[0].headers


def test_gzip_is_unpacked_also_in_several_members(site, http):
    packed = gzip.compress(b"one ") + gzip.compress(b"two")
    site.routes["/z"] = Answer(packed, headers={"Content-Encoding": "gzip"})
    assert http.session("s").get(f"{site.url}/z").content == b"one two"


def test_a_status_that_is_passed_is_no_failure(site, http):
    site.routes["/q"] = Answer("why", 400)
    assert http.session("s").get(f"{site.url}/q", passed=(400,)).content == b"why"


# -- conditional requests ---------------------------------------------------------------------------------------------


def test_trap_57_a_304_is_told_from_an_empty_feed(site):
    url = f"{site.url}/feed"
    site.routes["/feed"] = Answer(status=304)
    known = {url: Validator(etag='W/"1"', last_modified="Mon, 01 Feb 2021 00:00:00 GMT")}
    with Http(validators=known) as http:
        session = http.session("s")
        response = session.get(url, is_conditional=True)
    assert response.is_not_modified
    assert site.asked[0].headers["if-none-match"] == 'W/"1"'
    assert site.asked[0].headers["if-modified-since"] == "Mon, 01 Feb 2021 00:00:00 GMT"
    assert (
        session.receipts[0].etag == 'W/"1"'
    )  # kept for the next time, though the 304 did not repeat it


def test_validators_are_sent_only_where_asked_for(site):
    site.routes["/feed"] = Answer("x")
    with Http(validators={f"{site.url}/feed": Validator(etag='"1"')}) as http:
        http.session("s").get(f"{site.url}/feed")
    assert "if-none-match" not in site.asked[0].headers


def test_a_304_to_a_plain_request_is_a_failure(site, http):
    site.routes["/feed"] = Answer(status=304)
    assert failure(http.session("s"), f"{site.url}/feed", is_conditional=True).status == 304


# -- redirects --------------------------------------------------------------------------------------------------------


def test_trap_12_redirects_are_followed_and_the_receipt_names_the_end(site, http):
    site.routes["/old"] = Answer(status=301, headers={"Location": "/new?a=1#part"})
    site.routes["/new"] = Answer("x")
    session = http.session("s")
    assert session.get(f"{site.url}/old").url == f"{site.url}/new?a=1"
    assert [r.url for r in session.receipts] == [f"{site.url}/new?a=1"]


def test_trap_12_each_redirect_waits_for_the_turn_of_its_host(site, fake):
    site.routes["/old"] = Answer(status=302, headers={"Location": "/new"})
    site.routes["/new"] = Answer("x")
    with Http(sleep=fake.sleep, clock=fake.clock, pace_s={"127.0.0.1": 3}) as http:
        http.session("s").get(f"{site.url}/old")
    assert fake.slept == [3.0]


@pytest.mark.parametrize(
    ("statuses", "is_told"),
    [((301,), True), ((308, 301), True), ((302,), False), ((301, 302), False), ((307,), False)],
)
def test_trap_58_only_a_permanent_move_is_told_in_the_receipt(site, http, statuses, is_told):
    for n, status in enumerate(statuses):
        site.routes[f"/{n}"] = Answer(status=status, headers={"Location": f"/{n + 1}"})
    site.routes[f"/{len(statuses)}"] = Answer("x")
    session = http.session("s")

    session.get(f"{site.url}/0", is_conditional=True)

    assert (f"{site.url}/0" if is_told else "") == session.receipts[0].moved_from


def test_trap_58_a_feed_that_has_moved_is_asked_for_at_its_new_address(site):
    site.routes["/new"] = Answer("x")
    with Http(moves={f"{site.url}/old": f"{site.url}/new"}) as http:
        session = http.session("s")
        session.get(f"{site.url}/old", is_conditional=True)

    assert ["/new"] == site.paths()
    assert f"{site.url}/old" == session.receipts[0].moved_from


def test_trap_58_where_the_new_address_is_dead_the_old_one_is_tried(site):
    site.routes["/old"] = Answer("x")
    with Http(moves={f"{site.url}/old": f"{site.url}/new"}, retries=0) as http:
        session = http.session("s")
        session.get(f"{site.url}/old", is_conditional=True)

    assert ["/new", "/old"] == site.paths()
    assert "" == session.receipts[0].moved_from


def test_trap_56_a_redirect_loop_ends(site, http):
    site.routes["/loop"] = Answer(status=302, headers={"Location": "/loop"})
    error = failure(http.session("s"), f"{site.url}/loop")
    assert "redirects more than 5 times" in error.message
    assert len(site.asked) == 6


@pytest.mark.parametrize("target", ["ftp://example.org/x", "file:///etc/passwd"])
def test_redirects_lead_to_http_only(site, http, target):
    site.routes["/out"] = Answer(status=302, headers={"Location": target})
    assert "redirects to" in failure(http.session("s"), f"{site.url}/out").message


def test_a_redirect_to_no_url_is_told_so(site, http):
    site.routes["/out"] = Answer(status=302, headers={"Location": "http://[::1"})
    assert "no URL" in failure(http.session("s"), f"{site.url}/out").message


def test_a_public_server_cannot_send_this_program_to_services_of_this_machine(http):
    request = Request(source="s", method="GET", url="https://example.org/", headers={}, body=b"")
    with pytest.raises(FetchError, match="no public"):
        http._redirect(request, "https://example.org/", "http://127.0.0.1:631/admin")
    for target in (
        "//localhost/",
        "http://192.168.1.1/",
        "http://169.254.169.254/meta",
        "//[::1]/",
    ):
        with pytest.raises(FetchError, match="no public"):
            http._redirect(request, "https://example.org/", target)
    assert "https://example.com/a" == http._redirect(request, "https://x.org/", "//example.com/a")


def test_credentials_are_not_shown_to_the_host_of_a_redirect(site, http):
    with serving() as other:
        site.routes["/a"] = Answer(status=302, headers={"Location": f"{other.url}/b"})
        other.routes["/b"] = Answer("x")
        keys = {"Authorization": "Basic secret", "X-API-Key": "secret", "Accept": "text/xml"}
        http.session("s").send("GET", f"{site.url}/a", headers=keys)
        assert site.asked[0].headers["authorization"] == "Basic secret"
        assert "authorization" not in other.asked[0].headers
        assert "x-api-key" not in other.asked[0].headers
        assert other.asked[0].headers["accept"] == "text/xml"


# -- retries ----------------------------------------------------------------------------------------------------------


def test_trap_01_a_429_is_waited_out_not_parsed(site, http, fake):
    site.routes["/q"] = [Answer("Rate exceeded.", 429), Answer("fine")]
    assert http.session("s").get(f"{site.url}/q").content == b"fine"
    assert len(fake.slept) == 1


def test_trap_02_retry_after_is_read_as_seconds_and_as_a_date(site, fake):
    now = 1_700_000_000.0
    date = formatdate(now + 7, usegmt=True)
    site.routes["/q"] = [
        Answer(status=503, headers={"Retry-After": "5"}),
        Answer(status=429, headers={"Retry-After": date}),
        Answer("fine"),
    ]
    with Http(sleep=fake.sleep, clock=fake.clock, wall_clock=lambda: now) as http:
        http.session("s").get(f"{site.url}/q")
    assert fake.slept == [5.0, 7.0]


def test_a_host_that_asks_for_hours_is_left_alone(site, http, fake):
    site.routes["/q"] = Answer(status=429, headers={"Retry-After": "7200"})
    error = failure(http.session("s"), f"{site.url}/q")
    assert (error.status, error.retryable) == (429, True)
    assert "7200 s" in error.hint
    assert fake.slept == []
    assert len(site.asked) == 1


def test_all_waits_of_a_request_have_one_budget(site, fake):
    site.routes["/q"] = Answer(status=503, headers={"Retry-After": "50"})
    with Http(sleep=fake.sleep, clock=fake.clock, retries=9) as http:
        failure(http.session("s"), f"{site.url}/q")
    assert sum(fake.slept) <= WAIT_BUDGET_S
    assert fake.slept == [50.0, 50.0]


def test_a_server_that_stays_broken_is_given_up_after_the_retries(site, http, fake):
    site.routes["/q"] = Answer(status=500)
    session = http.session("s")
    error = failure(session, f"{site.url}/q")
    assert (error.status, error.retryable) == (500, True)
    assert error.message.endswith("HTTP 500, 4 times")
    assert len(fake.slept) == 3
    assert (session.receipts[0].status, session.receipts[0].error) == (500, str(error))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451, 501])
def test_what_another_try_cannot_mend_is_tried_once(site, http, status):
    site.routes["/q"] = Answer("no", status)
    assert failure(http.session("s"), f"{site.url}/q").status == status
    assert len(site.asked) == 1


def test_back_off_doubles_and_is_repeatable_by_its_seed():
    waits = [back_off_s(tries, random.Random(3)) for tries in (1, 2, 3)]
    assert waits[1] == 2 * waits[0]
    assert waits[2] == 4 * waits[0]
    assert 1 <= waits[0] <= 3


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("12", 12.0),
        (" 0 ", 0.0),
        ("Thu, 01 Jan 1970 00:01:40 GMT", 90.0),
        ("Thu, 01 Jan 1970 00:00:01 GMT", 0.0),
        ("Thu, 01 Jan 1970 00:01:40 -0000", 90.0),
        ("soon", None),
        ("-3", None),
        ("١٢", None),
        ("Fri, 99 Jan 2021 00:00:00 GMT", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_in_all_its_forms(header, seconds):
    assert parse_retry_after(header, now=10.0) == seconds


# -- faults of the transfer -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(b""), "the answer is empty"),
        (Answer(b" \n"), "the answer is empty"),
        (Answer(b"half", length=8), "the answer broke off"),
        (Answer(b"no gzip", headers={"Content-Encoding": "gzip"}), "damaged gzip"),
        (
            Answer(gzip.compress(b"x" * 999)[:-12], headers={"Content-Encoding": "gzip"}),
            "in the middle",
        ),
        (Answer(b"x", headers={"Content-Encoding": "br"}), "'br', which was not asked for"),
        (Answer(write=lambda handler: None), "the answer broke off"),
        (
            Answer(write=lambda handler: handler.wfile.write(b"hello\r\n\r\n")),
            "the answer broke off",
        ),
    ],
    ids=["empty", "blank", "short", "badgzip", "cutgzip", "brotli", "closed", "nohttp"],
)
def test_trap_56_a_broken_answer_is_one_clear_line(site, http, answer, said):
    site.routes["/q"] = [answer, answer, answer, answer]
    error = failure(http.session("s"), f"{site.url}/q")
    assert said in error.message
    assert f"{site.url.removeprefix('http://')}/q" in error.message
    assert error.retryable
    assert error.hint
    assert len(site.asked) == 4


def test_a_broken_answer_is_mended_by_another_try(site, http):
    site.routes["/q"] = [Answer(b"half", length=8), Answer(b"whole")]
    assert http.session("s").get(f"{site.url}/q").content == b"whole"


def drip_headers(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    drip(handler)


def drip_body(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n")
    drip(handler)


def drip(handler):
    for _ in range(200):
        handler.wfile.write(b"x")
        time.sleep(0.02)


def hang(handler):
    time.sleep(2)


@pytest.mark.parametrize("write", [drip_headers, drip_body, hang])
def test_trap_56_no_answer_takes_longer_than_the_deadline(site, write):
    def safely(handler):
        try:
            write(handler)
        except OSError:
            pass  # the client has hung up, as it should

    site.routes["/slow"] = Answer(write=safely)
    began = time.monotonic()
    with Http(deadline_s=0.2) as http:
        error = failure(http.session("s"), f"{site.url}/slow")
    assert time.monotonic() - began < 1
    assert "no complete answer within 0.2 s" in error.message
    assert len(site.asked) == 1


def test_trap_56_a_gzip_bomb_is_stopped_at_the_cap_with_little_memory(site):
    bomb = gzip.compress(bytes(64 << 20), compresslevel=1)
    site.routes["/bomb"] = Answer(bomb, headers={"Content-Encoding": "gzip"})
    with Http(max_bytes=1 << 20) as http:
        tracemalloc.start()
        error = failure(http.session("s"), f"{site.url}/bomb")
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert "larger than 1 MiB" in error.message
    assert not error.retryable
    assert peak < 8 << 20


def test_one_request_may_have_a_cap_of_its_own(site):
    site.routes["/x"] = Answer(b"x" * 2000)
    with Http(max_bytes=1000) as http:
        assert len(http.session("s").get(f"{site.url}/x", max_bytes=2000).content) == 2000
        with pytest.raises(FetchError, match="larger than"):
            http.session("s").get(f"{site.url}/x")
        with pytest.raises(FetchError, match="larger than"):
            http.session("s").get(f"{site.url}/x", max_bytes=1999)


def test_decoded_chunks_are_small_however_well_they_were_packed():
    packed = gzip.compress(bytes(1 << 20))
    sizes = [len(chunk) for chunk in decoded([packed], "gzip")]
    assert max(sizes) <= CHUNK_BYTES
    assert sum(sizes) == 1 << 20


def test_no_server_is_told_in_one_line(http):
    with serving() as gone:
        url = gone.url
    error = failure(http.session("s"), f"{url}/feed")
    assert "no connection" in error.message
    assert error.status is None


def test_an_unknown_host_is_not_tried_again(http, fake):
    error = failure(http.session("s"), "http://nowhere.invalid/feed")
    assert "the host name is not found" in error.message
    assert fake.slept == []


@pytest.mark.parametrize("url", ["http://", "http://[::1", "nonsense", "ftp://example.org/"])
def test_what_is_no_url_is_told_so(http, url):
    assert "URL" in failure(http.session("s"), url).message


def test_trap_60_a_proxy_in_the_environment_is_not_used_for_this_machine(site, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    site.routes["/"] = Answer("direct")
    with Http() as http:
        assert http.session("s").get(site.url + "/").content == b"direct"


def test_closing_ends_a_transfer_under_way(site):
    asked = threading.Event()

    def wait(handler):
        asked.set()
        site.stopped.wait(5)

    site.routes["/slow"] = Answer(write=wait)
    errors = []
    http = Http()

    def fetch():
        try:
            http.session("s").get(f"{site.url}/slow")
        except FetchError as e:
            errors.append(e)

    thread = threading.Thread(target=fetch)
    thread.start()
    assert asked.wait(5)
    http.close()
    thread.join(2)
    assert not thread.is_alive()
    assert len(errors) == 1


# -- pace -------------------------------------------------------------------------------------------------------------


def test_all_hosts_of_arxiv_wait_in_one_line_of_three_seconds():
    fake = FakeTime()
    pace = Pace({}, sleep=fake.sleep, clock=fake.clock)
    for host in (
        "export.arxiv.org",
        "rss.arxiv.org",
        "oaipmh.arxiv.org",
        "arxiv.org",
        "www.arxiv.org",
    ):
        assert line_of(host) == "arxiv.org"
        with pace.turn(f"https://{host}/x"):
            fake.now += 1  # the call itself takes a second
    assert fake.slept == [3.0] * 4
    assert line_of("notarxiv.org") == "notarxiv.org"


def test_reddit_gets_ten_calls_a_minute():
    assert DEFAULT_PACE_S["www.reddit.com"] == 6.0


def test_hosts_of_different_lines_do_not_wait_for_each_other():
    fake = FakeTime()
    pace = Pace({}, sleep=fake.sleep, clock=fake.clock)
    for host in ("export.arxiv.org", "www.reddit.com", "example.org"):
        with pace.turn(f"https://{host}/"):
            pass
    assert fake.slept == []


def test_the_configuration_sets_the_pace_by_host_and_port():
    pace = Pace({"example.org": 9, "127.0.0.1:80": 4}, sleep=time.sleep, clock=time.monotonic)
    assert pace.seconds("https://example.org/x") == 9
    assert pace.seconds("http://127.0.0.1:80/x") == 4
    assert pace.seconds("http://127.0.0.1:81/x") == 0
    assert pace.seconds("http://localhost/x") == 0
    assert pace.seconds("https://other.org/") == 0.5


def test_a_host_gets_one_connection_at_a_time(site):
    under_way, most = [], []

    def slow(handler):
        under_way.append(1)
        most.append(len(under_way))
        time.sleep(0.02)
        under_way.pop()
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx")

    site.routes["/x"] = Answer(write=slow)
    with Http(pace_s={"127.0.0.1": 0.001}) as http:
        threads = [
            threading.Thread(target=http.session(str(i)).get, args=(f"{site.url}/x",))
            for i in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert most == [1, 1, 1, 1]


def test_an_overloaded_host_is_left_alone_by_all_sources(site, fake):
    site.routes["/a"] = [Answer(status=503, headers={"Retry-After": "9"}), Answer("a")]
    with Http(sleep=fake.sleep, clock=fake.clock, pace_s={"127.0.0.1": 1}) as http:
        http.session("s").get(f"{site.url}/a")
    assert fake.slept == [9.0]  # which is longer than the pace, and not added to it
