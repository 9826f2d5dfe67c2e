"""The house rules that a reader could otherwise only hope for: who may import, ask, print and know what.

Each guard looks at one module and returns what it breaks; each has a snippet that it must refuse, so none can be blind.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "digest"
MAX_LINES = 400

#: From first to last; a module may import its own line and those above it. A new module is given its place here.
LAYERS = (
    "errors types records rating week health issue redact paths words acronyms topics sources config addresses feeds_file opml",
    "language sentences shorten quantities alignment salience drift identity",
    "pace retry faults transfer net",
    "models",
    "collect",
    "store",
    "embeddings",
    "group",
    "followups",
    "rank",
    "feedback",
    "summarize verify",
    "lecture",
    "render",
    "deliver",
    "report collection illustrate shortlist lookup pipeline trial explain",
    "demo progress",
    "cli",
)
LAYER_OF = {name: i for i, line in enumerate(LAYERS) for name in line.split()}

#: Who may import what; everybody else goes through them.
OWNERS = {
    "sqlite3": "store/",
    "sqlite_utils": "store/",
    "httpx": "net.py faults.py",
    "requests": "net.py",
    "urllib3": "net.py",
    "praw": "collect/reddit_client.py",
    "prawcore": "collect/reddit_client.py",
    "urllib.request": "net.py",
    "http.client": "net.py",
    "http.server": "demo/",
    "smtplib": "deliver/smtp.py",
}

SQL = re.compile(
    r"\b(SELECT\s.+\sFROM|INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM"
    r"|(CREATE|DROP|ALTER)\s+(TABLE|INDEX|VIRTUAL|TRIGGER|VIEW)|PRAGMA\s+\w+)",
    re.DOTALL,
)

CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"}
CLOCKS |= {"time.time_ns", "time.localtime", "time.gmtime"}

#: module: why it may read the clock all the same
MAY_READ_THE_CLOCK = {
    "cli/options.py": "--now is an argument of everything below, and this is its default",
    "net.py": "Retry-After names a date; the wall clock is the default of an argument",
}

#: file: why what it marks as safe is
MAY_MARK_SAFE = {
    "render/environment.py": "keeps as markup what was markup before",
    "render/slides.py": "script and style of templates/, allowed by their hashes",
    "render/web.py": "style of templates/, allowed by its hash",
}

VAGUE_NAMES = {"utils", "util", "helpers", "common", "base", "misc", "manager", "core"}

HEAVY = (
    "torch",
    "transformers",
    "praw",
    "feedparser",
    "trafilatura",
    "pypdf",
    "sqlite_utils",
    "pptx",
)

#: Modules whose own job is a heavy package; cli and pipeline.py import them only when they are needed.
MAY_BE_HEAVY = (
    "digest.store",
    "digest.collect.feed",
    "digest.models.fused",
    "digest.models.shared_cache",
    "digest.summarize.decoding",
    "digest.summarize.generation",
    "digest.summarize.sampling",
    "digest.summarize.roles.network",
    "digest.render.pptx",
)


def modules():
    return sorted(PACKAGE.rglob("*.py"))


def name_of(path):
    """ "collect/arxiv.py" for a file of the package."""
    return path.relative_to(PACKAGE).as_posix()


def imports(tree, module, *, at_run_time_only=False):
    """(line, dotted name) of everything imported, wherever it stands; ``from a import b`` gives a and a.b."""
    typing_only = set()
    if at_run_time_only:
        for node in ast.walk(tree):
            if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
                typing_only |= {id(n) for statement in node.body for n in ast.walk(statement)}
    package = ["digest", *module.split("/")[:-1]]
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*above, *([node.module] if node.module else [])])
            yield node.lineno, source
            yield from ((node.lineno, f"{source}.{alias.name}") for alias in node.names)
    for line, text in strings(tree):
        # the tables of back ends name their modules, as "digest.collect.arxiv:collect"
        if re.fullmatch(r"digest(\.\w+)+(:\w+)?", text):
            yield line, text.split(":")[0]


def strings(tree):
    """(line, text) of every string but docstrings."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in docstrings:
            yield node.lineno, node.value


def later_stages(module, source):
    """No stage imports a later one."""
    own = module.split("/")[0].removesuffix(".py")
    if own == "__init__":
        return
    if own not in LAYER_OF:
        yield f"{module} has no place in LAYERS"
        return
    for line, name in imports(ast.parse(source), module, at_run_time_only=True):
        other = name.split(".")[1] if name.startswith("digest.") else None
        if other in LAYER_OF and LAYER_OF[other] > LAYER_OF[own]:
            yield f"{module}:{line} imports digest.{other}, which comes later"


def foreign_imports(module, source):
    """Databases, HTTP, Reddit and SMTP have one owner each."""
    for line, name in imports(ast.parse(source), module, at_run_time_only=True):
        for package, owner in OWNERS.items():
            is_it = name == package or name.startswith(f"{package}.")
            if is_it and not any(
                module == one or (one.endswith("/") and module.startswith(one))
                for one in owner.split()
            ):
                yield f"{module}:{line} imports {package}; only digest/{owner} may"


def stray_sql(module, source):
    """SQL is written in digest/store only."""
    if not module.startswith("store/"):
        for line, text in strings(ast.parse(source)):
            if SQL.search(text):
                yield f"{module}:{line} has SQL in it: {text[:40]!r}"


def prints(module, source):
    """Only cli writes to the terminal's stdout."""
    if not module.startswith("cli/"):
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Name) and node.id == "print":
                yield f"{module}:{node.lineno} prints"
            elif isinstance(node, ast.Attribute) and ast.unparse(node) == "sys.stdout":
                yield f"{module}:{node.lineno} writes to stdout"


def clocks(module, source):
    """``now`` is an argument below cli."""
    if module not in MAY_READ_THE_CLOCK:
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Attribute):
                name = ".".join(ast.unparse(node).split(".")[-2:])
                if name in CLOCKS:
                    yield f"{module}:{node.lineno} reads the clock: {name}"


def safe_marks(module, source):
    """Text is escaped, not trusted: Markup() stands where MAY_MARK_SAFE tells why, and nowhere else."""
    if module not in MAY_MARK_SAFE:
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "Markup":
                yield f"{module}:{node.lineno} marks text as safe"


def safe_filters(template, source):
    """As ``safe_marks``, for templates."""
    if template not in MAY_MARK_SAFE:
        for i, line in enumerate(source.splitlines(), start=1):
            of_variables = re.sub(r'"[^"{}]*"\s*\|\s*safe\b', "", line)  # a literal is our own
            if re.search(r"\|\s*safe\b|autoescape\s+false", of_variables):
                yield f"{template}:{i} marks text as safe"


def length(module, source):
    """A module can be read in one go."""
    if (count := len(source.splitlines())) > MAX_LINES:
        yield f"{module} has {count} lines, more than {MAX_LINES}"


def vague_names(module, source):
    """A newcomer guesses the file from the feature."""
    if {p.removesuffix(".py") for p in module.split("/")} & VAGUE_NAMES:
        yield f"{module}: its name does not tell what is in it"


#: guard: snippets that it must refuse, with the module they would stand in
REFUSED = {
    later_stages: [
        ("rank/parts.py", "from digest.render import web"),
        ("rank/parts.py", "def f():\n    import digest.deliver.smtp"),
        ("store/items.py", "from .. import lecture"),
        ("collect/__init__.py", "TABLE = {'x': 'digest.render.web:render'}"),
        ("types.py", "from digest import net"),
        ("novelty.py", "import re"),
    ],
    foreign_imports: [
        ("group/titles.py", "import sqlite3"),
        ("collect/arxiv.py", "import httpx"),
        ("collect/arxiv.py", "from urllib import request"),
        ("collect/arxiv.py", "def f():\n    from urllib.request import urlopen"),
        ("collect/feed.py", "from http import client"),
        ("collect/feed.py", "import praw.models"),
        ("collect/feed.py", "from http.server import HTTPServer"),
        ("deliver/__init__.py", "from smtplib import SMTP"),
    ],
    stray_sql: [
        ("rank/parts.py", "q = 'SELECT id FROM items'"),
        ("rank/parts.py", "q = f'UPDATE items SET x = {1}'"),
        ("rank/parts.py", "q = '''INSERT OR IGNORE\n INTO items VALUES (1)'''"),
        ("pipeline.py", "db.execute('PRAGMA journal_mode')"),
    ],
    prints: [
        ("net.py", "def f():\n    print('x')"),
        ("net.py", "show = print"),
        ("net.py", "import sys\nsys.stdout.write('x')"),
    ],
    clocks: [
        ("rank/parts.py", "import datetime\nx = datetime.datetime.now()"),
        ("rank/parts.py", "def f(clock=time.time): ..."),
        ("lecture/frame.py", "x = date.today()"),
    ],
    safe_marks: [
        ("render/atom.py", "x = Markup('<b>')"),
        ("render/atom.py", "import markupsafe\nx = markupsafe.Markup(y)"),
    ],
    safe_filters: [
        ("web/index.html.j2", "{{ title|safe }}"),
        ("web/index.html.j2", "{{ title | e | safe }}"),
        ("web/index.html.j2", '{{ ("<b>" ~ title) | safe }}'),
        ("web/index.html.j2", "{% autoescape false %}"),
    ],
    length: [("net.py", "x = 1\n" * (MAX_LINES + 1))],
    vague_names: [("utils.py", ""), ("render/helpers.py", ""), ("common/x.py", "")],
}

ALLOWED = [
    (later_stages, "render/web.py", "from digest.lecture.syllabus import Syllabus"),
    (later_stages, "rank/a.py", "if TYPE_CHECKING:\n    from digest.lecture import syllabus"),
    (foreign_imports, "store/items.py", "import sqlite3"),
    (
        foreign_imports,
        "collect/feed.py",
        "from urllib.parse import urljoin\nfrom http import HTTPStatus",
    ),
    (stray_sql, "store/items.py", "q = 'SELECT id FROM items'"),
    (stray_sql, "rank/a.py", "def f():\n    'Update the items; select one from them'"),
    (clocks, "net.py", "def f(clock=time.time): ..."),
    (clocks, "retry.py", "def f(clock=time.monotonic): ..."),
    (safe_filters, "web/a.j2", "{{ url | safe_url }}"),
    (safe_filters, "web/a.j2", '{{ "&nbsp;" | safe }}'),
]


def ids(pairs):
    return [f"{guard.__name__}-{i}" for i, (guard, *_) in enumerate(pairs)]


@pytest.mark.parametrize(
    "guard", [g for g in REFUSED if g is not safe_filters], ids=lambda g: g.__name__
)
def test_the_package_keeps_the_rule(guard):
    found = [v for p in modules() for v in guard(name_of(p), p.read_text("utf-8"))]

    assert [] == found, guard.__doc__


def test_the_templates_keep_the_rule():
    templates = ROOT / "templates"
    paths = sorted(p for p in templates.rglob("*") if p.suffix in (".j2", ".html"))

    assert [] == [
        v
        for p in paths
        for v in safe_filters(p.relative_to(templates).as_posix(), p.read_text("utf-8"))
    ]


CASES = [(guard, *case) for guard, cases in REFUSED.items() for case in cases]


@pytest.mark.parametrize(("guard", "module", "source"), CASES, ids=ids(CASES))
def test_every_guard_refuses_what_it_is_for(guard, module, source):
    assert 1 == len(set(guard(module, source)))


@pytest.mark.parametrize(("guard", "module", "source"), ALLOWED, ids=ids(ALLOWED))
def test_no_guard_refuses_what_is_right(guard, module, source):
    assert [] == list(guard(module, source))


def test_every_exception_is_still_needed():
    for name in MAY_READ_THE_CLOCK:
        assert any(c in (PACKAGE / name).read_text("utf-8") for c in CLOCKS), name
    for name in MAY_MARK_SAFE:
        path = next(p for p in (PACKAGE / name, ROOT / "templates" / name) if p.exists())
        assert re.search(r"Markup\(|\|\s*safe\b", path.read_text("utf-8")), name


LOAD = """
import importlib, json, sys
names, heavy = json.loads(sys.argv[1])
found = []
for name in names:
    importlib.import_module(name)
    new = [h for h in heavy if h in sys.modules]
    found += [f"{name} loads {h}" for h in new]
    heavy = [h for h in heavy if h not in new]
json.dump(found, sys.stdout)
"""


def heavy_imports(names):
    """What comes with importing the modules, one after the other, in a process of their own."""
    done = subprocess.run(
        [sys.executable, "-c", LOAD, json.dumps([names, HEAVY])],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert 0 == done.returncode, done.stderr
    return json.loads(done.stdout)


def test_importing_a_module_is_cheap():
    dotted = [
        ".".join(["digest", *name_of(p).removesuffix(".py").split("/")]).removesuffix(".__init__")
        for p in modules()
    ]
    light = [n for n in dotted if not n.startswith(MAY_BE_HEAVY)]

    assert "digest.pipeline" in light
    assert [] == heavy_imports(light)


def test_the_guard_of_cheap_imports_sees_a_heavy_one():
    assert ["digest.store loads sqlite_utils"] == heavy_imports(["digest.errors", "digest.store"])
