"""The back end that asks a server: what it sends, and what becomes of every wrong answer."""

import json
import pickle
import time

import pytest

from digest.config import SummarizerConfig, parse_config
from digest.errors import BackendUnavailable, ConfigError, SummarizeError
from digest.summarize import condense, make_summarizer, request_for
from digest.summarize.batching import condense_with
from tests.loopback import Answer
from tests.summarize.model_server import (
    CHAT,
    completion,
    endless,
    model_server,
    silent,
    trickle,
)
from tests.summarize.test_batching import Memory

TEXT = "Networks forget old tasks, number {i}. We propose replay of stored examples for networks of kind {i}."
SENTENCE = "The authors propose replay of stored examples."


def request(i=0):
    return request_for(f"arxiv:{i}", f"Replay {i}", TEXT.format(i=i))


REQUESTS = [request(i) for i in range(20)]


@pytest.fixture
def server():
    with model_server() as server:
        server.write = lambda text: SENTENCE
        yield server


def number_of(text):
    return int(text.split("number ")[1].split(".")[0])


def test_each_text_gets_its_own_summary_in_order_while_many_are_under_way(server):
    def write(text):
        i = number_of(text)
        time.sleep(0.05 if i % 3 else 0.2)
        return f"The authors propose replay for networks of kind {i}."

    server.write = write
    answers = server.summarizer(concurrency=4).summarize(REQUESTS)

    assert [r.item_id for r in REQUESTS] == [a.item_id for a in answers]
    assert [f"The authors propose replay for networks of kind {i}." for i in range(20)] == [a.sentences[0].text for a in answers]  # fmt: skip
    assert 20 == len(server.questions)
    assert 2 <= server.most_at_once <= 4


def test_the_server_is_asked_with_settings_that_give_the_same_answer_again(server):
    server.summarizer(max_new_tokens=50).summarize(REQUESTS[:1])

    (asked,) = server.questions
    body = json.loads(asked.body)
    assert ("m", 0, 0, 50, False) == tuple(
        body[k] for k in ("model", "temperature", "seed", "max_tokens", "stream")
    )
    assert "application/json" == asked.headers["content-type"]
    assert "authorization" not in asked.headers


def test_model_host_and_settings_are_disclosed_and_part_of_the_key(server):
    summarizer = server.summarizer()

    host = server.site.url.removeprefix("http://")
    assert f"remote:m@{host}" == summarizer.model_id
    assert "model=m max_new_tokens=256 temperature=0 seed=0" == summarizer.parameters
    (answer,) = summarizer.summarize(REQUESTS[:1])
    assert (summarizer.model_id, summarizer.prompt_version) == (answer.model_id, answer.prompt_version)  # fmt: skip


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("org/model:7b", "org/model:7b"),
        ("/srv/models/tldr", "tldr"),
        ("./tldr", "tldr"),
        (r"C:\models\tldr", "tldr"),
    ],
)
def test_a_folder_of_this_machine_is_not_disclosed(server, model, name):
    summarizer = server.summarizer(model=model)

    assert f"remote:{name}@{server.site.url.removeprefix('http://')}" == summarizer.model_id
    assert f"model={model} " in summarizer.parameters


def test_the_key_comes_from_the_environment_and_is_sent(server, monkeypatch, caplog):
    monkeypatch.setenv("DIGEST_SUMMARIZER_KEY", "k-123")
    server.summarizer().summarize(REQUESTS[:1])

    assert {"Bearer k-123"} == {a.headers["authorization"] for a in server.site.asked}
    assert "k-123" not in caplog.text


def test_a_key_that_no_server_could_read_is_refused_in_one_line(server, monkeypatch):
    monkeypatch.setenv("DIGEST_SUMMARIZER_KEY", "k\nInjected: yes")

    with pytest.raises(BackendUnavailable, match=r"^DIGEST_SUMMARIZER_KEY holds characters"):
        server.summarizer().summarize(REQUESTS[:1])


WRONG = {
    "HTML": (lambda _: Answer("<html><body>Welcome to nginx</body></html>"), "no JSON; it begins with '<html>"),
    "rubbish": (lambda _: Answer(b"\xff\xfe\x00\x01garbage"), "no JSON"),
    "a stream that was not asked for": (lambda _: Answer('data: {"choices": []}\n\n'), "no JSON; it begins with 'data:"),
    "deeply nested": (lambda _: Answer("[" * 100_000), "no JSON"),
    "a number": (lambda _: Answer("17"), "gave no answer to the text"),
    "no choices": (lambda _: Answer('{"choices": []}'), "gave no answer to the text"),
    "choices of another kind": (lambda _: Answer('{"choices": ["x"]}'), "gave no answer to the text"),
    "an error with status 200": (lambda _: Answer('{"error": {"message": "out of slots"}}'), "out of slots"),
    "no content": (lambda _: completion(None), "an empty answer"),
    "content of another kind": (lambda _: completion([{"type": "text"}]), "an empty answer"),
    "empty content": (lambda _: completion(" \n"), "an empty answer"),
    "thoughts alone": (lambda _: completion("<think>Let me see.</think>"), "an empty answer"),
    "cut off": (lambda _: completion("The authors propose replay of", "length"), "cut off at 256 tokens .*max_new_tokens"),
    "cut off in thought": (lambda _: completion("<think>Let me see.", "length"), "cut off at 256 tokens"),
    "500": (lambda _: Answer("boom", 500), "HTTP 500, 4 times"),
    "503": (lambda _: Answer('{"error": "loading model"}', 503), "HTTP 503, 4 times"),
    "429": (lambda _: Answer("", 429), "HTTP 429, 4 times"),
    "too long a text": (lambda _: Answer('{"error": {"message": "maximum context length is 512"}}', 400), "HTTP 400: maximum context length is 512"),
    "refused fields": (lambda _: Answer('{"detail": "Unexpected fields"}', 422), "HTTP 422: Unexpected fields"),
    "an answer cut short": (lambda _: Answer(b'{"choices"', length=500), "broke off"),
    "an empty body": (lambda _: Answer(b""), "is empty"),
    "a huge answer": (lambda _: Answer(b" " * 2_000_000), "larger than 1 MiB"),
    "a stream of rubbish": (endless, "larger than 1 MiB"),
}  # fmt: skip


@pytest.mark.parametrize(("answer", "says"), WRONG.values(), ids=WRONG)
def test_a_wrong_answer_is_the_error_of_its_text_alone(server, answer, says):
    server.write = lambda text: answer(server.site) if number_of(text) == 1 else SENTENCE

    answers = server.summarizer().summarize(REQUESTS[:3])

    assert [False, True, False] == [isinstance(a, SummarizeError) for a in answers]
    with pytest.raises(SummarizeError, match=says):
        raise answers[1]
    assert "\n" not in str(answers[1])
    assert str(answers[1]) == str(pickle.loads(pickle.dumps(answers[1])))


@pytest.mark.parametrize("hangs", [silent, trickle], ids=["silent", "a byte now and then"])
def test_a_server_that_hangs_on_a_text_costs_that_text_and_its_deadline(server, hangs):
    server.write = lambda text: hangs(server.site) if number_of(text) == 1 else SENTENCE
    began = time.monotonic()

    answers = server.summarizer(timeout_s=0.7).summarize(REQUESTS[:3])

    assert time.monotonic() - began < 5
    assert [False, True, False] == [isinstance(a, SummarizeError) for a in answers]
    assert "no complete answer within 0.7 s" in str(answers[1])


def test_what_fails_once_is_asked_again_after_the_wait_that_the_server_names(server):
    server.site.routes[CHAT] = [
        Answer("", 429, headers={"Retry-After": "17"}),
        Answer("", 503),
        completion(SENTENCE),
    ]
    (answer,) = server.summarizer().summarize(REQUESTS[:1])

    assert SENTENCE == answer.sentences[0].text
    assert 17 == server.slept[0]
    assert 2 <= server.slept[1] <= 6  # the second failure of the request: 4 s, give or take half


def test_a_server_that_wants_to_be_left_alone_for_an_hour_is(server):
    server.write = lambda text: Answer("", 429, headers={"Retry-After": "3600"})

    (answer,) = server.summarizer().summarize(REQUESTS[:1])

    assert "HTTP 429" in str(answer)
    assert 1 == len(server.questions)


def test_where_nothing_listens_the_back_end_is_unavailable_and_says_what_to_do(server):
    summarizer = server.summarizer(server="http://127.0.0.1:9/v1", retries=0)

    with pytest.raises(BackendUnavailable, match=r"no model server: 127.0.0.1:9/v1/models: no connection.*start it, check"):  # fmt: skip
        summarizer.summarize(REQUESTS)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (Answer('{"error": {"message": "The model `m2` does not exist."}}', 404), "HTTP 404: The model `m2` does not exist. .the server has: m; check model"),
        (Answer('{"error": "invalid api key"}', 401), "HTTP 401: invalid api key .put the server's key into the environment variable DIGEST_SUMMARIZER_KEY"),
        (Answer("<html>no</html>", 403), "HTTP 403 .put the server's key"),
        (Answer("", 302, headers={"Location": "https://login.example/"}), "HTTP 302: it redirects to https://login.example/"),
    ],
)  # fmt: skip
def test_what_every_text_would_hear_ends_the_back_end_before_its_first_summary(
    server, answer, says
):
    server.write = lambda _: answer

    with pytest.raises(BackendUnavailable, match=says):
        server.summarizer().summarize(REQUESTS)
    assert len(server.questions) <= 32


def test_after_a_summary_the_same_is_an_error_of_the_text(server):
    server.write = lambda t: SENTENCE if number_of(t) == 0 else Answer('{"error": "unloaded"}', 404)
    summarizer = server.summarizer(concurrency=1)

    answers = summarizer.summarize(REQUESTS[:3])

    assert [False, True, True] == [isinstance(a, SummarizeError) for a in answers]


def test_a_server_that_hangs_on_every_text_is_given_up(server):
    server.write = lambda text: silent(server.site)

    with pytest.raises(BackendUnavailable, match=r"answers no text: .*within 0.3 s.*timeout_s"):
        server.summarizer(timeout_s=0.3, concurrency=4).summarize(REQUESTS)
    assert len(server.questions) <= 16


def test_a_server_that_dies_midway_costs_the_texts_that_are_left_and_none_before(server):
    summarizer = server.summarizer(concurrency=2, retries=1)
    first = summarizer.summarize(REQUESTS[:4])
    gone = Answer(write=lambda handler: None)  # hangs up without a word
    server.site.routes[CHAT] = server.site.routes["/v1/models"] = gone

    rest = summarizer.summarize(REQUESTS[4:])

    assert [False] * 4 + [True] * 16 == [isinstance(a, SummarizeError) for a in (*first, *rest)]
    assert not any(isinstance(a, BackendUnavailable) for a in rest)
    # Judged when the fourth answer fails; eleven may have been asked by then, as eight are asked ahead.
    assert {"the model server no longer answers"} == {str(a) for a in rest[-5:]}

    server.site.routes[CHAT] = completion(SENTENCE)
    server.site.routes["/v1/models"] = Answer('{"data": []}')
    assert not any(isinstance(a, SummarizeError) for a in summarizer.summarize(REQUESTS[4:]))


def test_batches_come_as_they_are_done_and_the_next_ones_are_under_way(server):
    batches = [REQUESTS[:4], REQUESTS[4:5], REQUESTS[5:]]

    streamed = list(server.summarizer().summarize_stream(batches))

    assert [0, 1, 2] == [i for i, _ in streamed]
    assert [[r.item_id for r in b] for b in batches] == [[a.item_id for a in o] for _, o in streamed]  # fmt: skip


def test_a_stopped_run_does_not_wait_for_answers_and_keeps_what_it_has(server):
    server.write = lambda text: silent(server.site) if number_of(text) < 10 else SENTENCE
    cache = Memory()

    def stop(done, _total):
        if done:
            raise KeyboardInterrupt

    summarizer = server.summarizer(concurrency=2)
    summarizer.batch_size = 4  # the longest first: those with two digits
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        condense_with(summarizer, REQUESTS[6:14], cache, on_progress=stop)

    assert 4 == len(cache)
    assert time.monotonic() - began < 10  # a request may take 20 s


def test_a_dead_server_leaves_the_texts_their_own_words_and_says_why():
    config = SummarizerConfig(backend="remote", server="http://127.0.0.1:9", model="m", retries=0)

    condensed = condense(REQUESTS, config, Memory())

    assert "extractive" == condensed.model_id
    assert "no model server" in condensed.fallback_reason


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("http://127.0.0.1:8000/v1", "http://127.0.0.1:8000/v1"),
        ("http://127.0.0.1:8000/v1/", "http://127.0.0.1:8000/v1"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/v1"),
        ("https://llm.example/api/v3/chat/completions", "https://llm.example/api/v3"),
    ],
)
def test_an_address_is_understood_as_servers_print_it(given, used):
    assert used == SummarizerConfig(backend="remote", server=given, model="m").server


@pytest.mark.parametrize(
    ("summarizer", "says"),
    [
        ({"backend": "remote", "model": "m"}, "backend: remote needs server: http://HOST:PORT/v1"),
        ({"backend": "remote", "server": "http://127.0.0.1:1"}, "backend: remote needs model:"),
        ({"server": "http://u:secret@127.0.0.1:1"}, "must hold no password; put the server's key into DIGEST_SUMMARIZER_KEY"),
        ({"server": "http://127.0.0.1:1/v1?key=x"}, "must end with the path"),
        ({"server": "127.0.0.1:8000"}, "must be an http:// or https:// URL"),
        ({"concurrency": 0}, "summarizer.concurrency: got 0"),
        ({"timeout_s": 0}, "summarizer.timeout_s: got 0"),
        ({"api_key": "x"}, "summarizer.api_key: unknown key"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_one_clear_line(summarizer, says):
    with pytest.raises(ConfigError) as e:
        parse_config(
            {"sources": [{"kind": "arxiv", "categories": ["cs.LG"]}], "summarizer": summarizer}
        )
    assert says in str(e.value)
    assert "\n" not in str(e.value)


def test_making_the_back_end_makes_no_call(server):
    make_summarizer(SummarizerConfig(backend="remote", server=server.url, model="m"))

    assert [] == server.site.asked
