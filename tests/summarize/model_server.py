"""A server on this machine that speaks the OpenAI protocol and says what a test wants a model to say."""

import json
import re
import threading
import time
from contextlib import contextmanager

from digest.config import SummarizerConfig
from digest.summarize.remote import RemoteSummarizer
from tests.loopback import Answer, serving

CHAT = "/v1/chat/completions"


def completion(content, finish_reason="stop", **more):
    """What a server sends when its model wrote ``content``."""
    message = {"role": "assistant", "content": content}
    choices = [{"index": 0, "message": message, "finish_reason": finish_reason, **more}]
    return Answer(json.dumps({"object": "chat.completion", "model": "m", "choices": choices}))


def text_in(asked):
    """The text between the two marks of the question, without its title."""
    (message,) = json.loads(asked.body)["messages"]
    mark = re.search(r"read (===== \S+ =====),", message["content"])[1]
    return message["content"].split(f"\n{mark}\n")[1].partition("\n\n")[2]


class ModelServer:
    """``write`` is the model: it gets the text and gives its answer, a string or a whole Answer."""

    def __init__(self, site):
        self.site = site
        self.url = f"{site.url}/v1"
        self.write = lambda text: "The authors propose a network."
        self.most_at_once = 0
        self._at_once = 0
        self._lock = threading.Lock()
        site.routes["/v1/models"] = Answer(json.dumps({"object": "list", "data": [{"id": "m"}]}))
        site.routes[CHAT] = self._answer

    @property
    def questions(self):
        return [asked for asked in self.site.asked if asked.path == CHAT]

    def _answer(self, asked):
        with self._lock:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            said = self.write(text_in(asked))
        finally:
            with self._lock:
                self._at_once -= 1
        return said if isinstance(said, Answer) else completion(said)

    def summarizer(self, **config):
        """A back end that asks this server, and counts the seconds between tries instead of waiting."""
        self.slept = []
        settings = {"model": "m", "server": self.url, "timeout_s": 20} | config
        return RemoteSummarizer(
            SummarizerConfig(backend="remote", **settings), sleep=self.slept.append
        )


@contextmanager
def model_server():
    with serving() as site:
        yield ModelServer(site)


def silent(site):
    """An answer that never comes, until the test is over."""

    def write(handler):
        site.stopped.wait(30)

    return Answer(write=write)


def endless(site):
    """Rubbish without end."""

    def write(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.end_headers()
        while not site.stopped.is_set():
            handler.wfile.write(b"data: \xff\x00 rubbish\n\n" * 400)

    return Answer(write=write)


def trickle(site):
    """A byte now and then: no read ever times out."""

    def write(handler):
        handler.send_response(200)
        handler.end_headers()
        while not site.stopped.is_set():
            handler.wfile.write(b" ")
            time.sleep(0.05)

    return Answer(write=write)
