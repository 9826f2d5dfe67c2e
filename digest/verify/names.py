"""Names and acronyms that the source does not know, and acronyms explained in words that are not the source's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from digest.acronyms import long_form
from digest.alignment import STOP_WORDS, content_words, root_of
from digest.verify.reading import Source
from digest.verify.usage import usage
from digest.words import fold

_NAME = re.compile(r"[A-Za-z0-9]*[A-Z][A-Za-z0-9]*")
_LONG_FORM = re.compile(r"((?:[\w-]+ ){2,6})\(([A-Z][A-Za-z-]{1,7})s?\)")
_SHORT_FORM = re.compile(r"\b([A-Z][A-Za-z-]{1,7})s? \(([a-zA-Z][\w-]*(?: [\w-]+){1,7})\)")
#: Three or more things in brackets.
_LIST = re.compile(r"\(([^(),;]+(?:,[^(),;]+){2,})\)")
# Of the whole field: they name nothing that could be wrong.
_COMMON = frozenset(("AI", "ML", "SOTA"))
# What has to stand in the source, in lower case, for a short form of the field to be right.
_SHORT: dict[str, str] = {
    "ai": "artificial intelligence", "ann": "neural net", "bnn": "bayesian neural|binar", "bert": "bidirectional encoder",
    "cnn": "convolution|convnet", "convnet": "convolution|cnn", "cv": "vision", "ddpg": "deterministic policy", "dl": "deep",
    "dag": "acyclic", "dnn": "deep|neural net", "deepnn": "deep", "drl": "reinforcement", "dqn": "deep q|q-learning|q-network", "elbo": "evidence lower|variational", "erm": "empirical risk", "em": "expectation", "ffnn": "feed-?forward", "fcn": "fully conv", "fl": "federated", "gan": "adversarial|generative",
    "gcn": "graph conv|graph neural", "gnn": "graph", "gp": "gaussian process", "gpu": "graphics", "gru": "gated recurrent",
    "hmm": "hidden markov", "il": "imitation", "irl": "inverse reinforcement", "kd": "distill", "kl": "kullback|divergence",
    "knn": "nearest neighbo", "l1": r"l_1|l\^1|\\ell", "l2": r"l_2|l\^2|\\ell", "lm": "language model", "hrl": "hierarchical", "lds": "linear dynamic", "lstm": "long short", "marl": "multi-agent",
    "maml": "model-agnostic meta", "mcmc": "monte carlo", "mcts": "tree search", "mdp": "markov decision", "mlp": "perceptron|feed-?forward|fully",
    "mnmt": "multilingual", "mrf": "markov random", "mmd": "discrepancy", "mse": "squared? error", "mt": "translation", "nas": "architecture search", "ner": "entity", "nli": "inference",
    "nlg": "generation", "nlp": "natural language|language process|text|linguistic", "nlu": "language understanding", "nmf": "matrix factori", "nmt": "translation",
    "nn": "neural net|network", "ocr": "character recognition", "ode": "differential equation", "ood": "out-of-dist|out of dist", "pac": "probably approx",
    "pca": "principal comp", "pde": "differential equation", "pg": "policy gradient", "pomdp": "partially observable", "pgd": "projected", "ppo": "proximal policy", "qa": "question", "rbm": "boltzmann",
    "relu": "rectif", "resblock": "residual", "resnet": "residual net", "rl": "reinforcement|policy|reward|q-learning", "rnn": "recurrent|lstm|gru", "seq2seq": "sequence[- ]to[- ]sequence", "sgd": "stochastic gradient|gradient descent",
    "snn": "spiking", "sota": "state", "ssl": "semi-supervised|self-supervised", "svd": "singular value", "svm": "support vector", "td": "temporal difference", "tts": "text-to-speech|speech synth",
    "uda": "domain adapt", "vae": "variational|auto-?encod", "vi": "variational", "vqa": "visual question", "wgan": "wasserstein", "wmt": "translation", "2d": "two-dim|image", "3d": "three-dim",
}  # fmt: skip
# "may" and "march" are words as well: written large before a number or after "in" they are months.
_MONTH = re.compile(
    r"\b(January|February|March|April|May|June|July|August|September|October|November|December)\b(?=,? \d)"
    r"|(?:(?<=\bin )|(?<=\bof ))(January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
_FEWEST_LETTERS = 3  #: a shorter acronym has to be in the table or in the source
_WELL_KNOWN = 40  #: abstracts of some 6,000; see `foreign_names`


def foreign_names(sentence: str, source: Source) -> Iterator[str]:
    """Capitalized words inside the sentence, and acronyms anywhere in it, that the source does not know."""
    everything = fold(source.everything)
    squeezed = _squeezed(everything)
    for match in _NAME.finditer(sentence):
        name = match[0]
        is_first = not re.search(r"\w", re.split(r"[.:;?!]\s", sentence[: match.start()])[-1])
        has_inner_capital = any(c.isupper() for c in name[1:])
        if (is_first and not has_inner_capital) or len(name) == 1 or name.upper() in _COMMON:
            continue
        bare = _squeezed(fold(name))
        single = bare.removesuffix("s")
        if bare in squeezed or single in squeezed:
            continue
        if bare in STOP_WORDS or (not has_inner_capital and _is_misspelt([bare], source)):
            continue
        if not has_inner_capital and _is_a_word(root_of(bare), source):
            continue
        if single in _SHORT and re.search(_SHORT[single], everything):
            continue
        if not _is_spelt_out(name.removesuffix("s"), source):
            yield name


def _is_spelt_out(letters: str, source: Source) -> bool:
    """Its words begin with ``letters``: "FPKD" where the source writes "feature-projected knowledge distillation"."""
    if len(letters) < _FEWEST_LETTERS or not (letters.isupper() and letters.isalpha()):
        return False
    texts = (source.title, *source.pieces)
    return any(letters.lower() in run for text in texts for run in _initials(text))


def _is_a_word(root: str, source: Source) -> bool:
    """A word that the support has to judge: "Incremental", written large in the middle of a title, or "Bayesian"."""
    known = usage()
    return source.knows(root) or known.is_ordinary(root) or known.abstracts(root) >= _WELL_KNOWN


def torn_lists(sentence: str, source: Source) -> Iterator[str]:
    """Of things listed in brackets one that no sentence of the source names beside the others: a metric among models."""
    for match in _LIST.finditer(sentence):
        items = [item.removeprefix(" and ").strip() for item in match[1].split(",")]
        roots = [set(content_words(item)) for item in items]
        holders = [[r <= told.roots for r in roots] for told in source.sentences]
        best = max(holders, key=sum)
        if sum(best) >= 2:
            yield from (
                f"{item} does not stand beside {items[0 if n else 1]} in the source"
                for n, (item, is_held) in enumerate(zip(items, best, strict=True))
                if not is_held
            )


def foreign_months(sentence: str, source: Source) -> Iterator[str]:
    """Months that the source does not name."""
    for match in _MONTH.finditer(sentence):
        if not re.search(rf"\b{match[0]}\b", source.everything):
            yield match[0]


def strange_expansions(sentence: str, source: Source) -> Iterator[str]:
    """An acronym before or after words in brackets that the source does not use."""
    for match in _LONG_FORM.finditer(sentence):
        yield from _strange(match[2], _expansion(match[1], match[2]), source)
    for match in _SHORT_FORM.finditer(sentence):
        words = match[2].split()
        if match[1].isupper() and words[0][:1].lower() == match[1][0].lower():
            yield from _strange(match[1], words, source)


def _expansion(before: str, short: str) -> list[str]:
    """The words before ``(short)`` that it stands for, or would if it were right: "a new framework (SAT)" has none."""
    if found := long_form(short, before):
        return found.split()
    words = before.split()[-len(short) :]
    return words if words[0][0].lower() == short[0].lower() else []


def _strange(short: str, words: list[str], source: Source) -> Iterator[str]:
    strange = [w for w in words if not all(source.knows(r) for r in content_words(w))]
    if strange and not _is_misspelt(strange, source):
        yield f"{' '.join(words)} ({short}): {strange[0]!r} is not in the source"


def _is_misspelt(strange: list[str], source: Source) -> bool:
    """One word that differs from one of the source's by two letters that changed places, or by one letter."""
    if len(strange) > 1 or len(strange[0]) < 6:
        return False
    letters = sorted(strange[0].lower())
    known = {w.lower() for w in re.findall(r"[A-Za-z]{5,}", source.everything)}
    return any(sorted(w) == letters or _is_one_letter_off(strange[0].lower(), w) for w in known)


def _is_one_letter_off(a: str, b: str) -> bool:
    if abs(len(a) - len(b)) > 1:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    end = 0
    while end < min(len(a), len(b)) - start and a[-1 - end] == b[-1 - end]:
        end += 1
    return max(len(a), len(b)) - start - end <= 1


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


def _initials(text: str) -> list[str]:
    """For each run of words without a function word or a mark between them their first letters, parts of compounds counted."""
    parts = re.sub(r"\bauto(?=[a-z]{4})|\b(?:hyper|meta|multi)(?=[a-z]{4})", r"\g<0> ", text.lower())  # fmt: skip
    runs = [""]
    for word in re.findall(r"[a-z0-9]+|[(),.;:]", parts):
        if word in STOP_WORDS or not word[0].isalnum():
            runs.append("")
        else:
            runs[-1] += word[0]
    return [run for run in runs if len(run) >= _FEWEST_LETTERS]
