"""Sixty short texts on six subjects, for tests that need many vectors of real sentences."""

SUBJECTS = (
    "graph neural networks",
    "speech synthesis",
    "image segmentation of organs",
    "reinforcement learning of robots",
    "machine translation",
    "fair credit scoring",
)
FRAMES = (
    "We present a new method for {}.",
    "A data set to measure progress in {}.",
    "Why {} fails when the data change.",
    "Training {} in half the time.",
    "A bound on the error of {}.",
    "What users think of {}, in forty interviews.",
    "Large models and {}: a comparison.",
    "An open library for {}.",
    "Noise in the labels hurts {} less than we feared.",
    "{} without any supervision.",
)


def texts():
    """(subject number, text), the subjects in turn."""
    return [(n, frame.format(subject)) for frame in FRAMES for n, subject in enumerate(SUBJECTS)]
