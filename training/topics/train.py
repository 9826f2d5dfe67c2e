"""The vectors that topics are recognized by: ``python training/topics/train.py DATA``.

One vector a topic, of a description in our own words (below), and how near the abstracts of many papers come to it:
mean and standard deviation of the cosine over every second paper of ``hot_papers_to_2021-05.jsonl``. The same input gives
the same file. Writes ``digest/rank/topics.npz``: 16 vectors in half precision, 13 kB.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np

from digest.embeddings import TEXT_CHARS
from digest.models.embedder import Embedder
from digest.topics import TOPIC_TITLES

TARGET = Path(__file__).resolve().parents[2] / "digest" / "rank" / "topics.npz"
DESCRIPTIONS = {
    "vision": "Computer vision: recognizing, detecting, segmenting and tracking objects in images and video; cameras, pixels, faces, poses, depth and scenes.",
    "language": "Natural language processing and large language models: text, translation, question answering, dialogue, prompting, tokenizers and corpora.",
    "audio": "Speech and audio: recognizing and synthesizing speech, music, sound events, speakers and voices.",
    "rl": "Reinforcement learning: agents that act in an environment to maximize reward; policies, exploration, bandits and games.",
    "generative": "Generative models: GANs, diffusion models, variational autoencoders and normalizing flows that synthesize images and other data.",
    "theory": "Theory of machine learning: theorems and proofs on generalization, sample complexity, convergence rates and neural tangent kernels.",
    "optimization": "Optimization and training of neural networks: stochastic gradient descent, optimizers, learning rates, normalization and initialization.",
    "fairness": "Fairness, ethics and safety of AI: bias against groups, discrimination, alignment, misuse, harm and regulation.",
    "interpretability": "Interpretability: explaining what a model has learned, attribution of predictions to inputs, probing and visualizing representations.",
    "systems": "Efficient systems for machine learning: quantization, pruning, distillation, GPUs, distributed training, compilers and fast inference on devices.",
    "robotics": "Robotics: robots that manipulate, walk, drive and navigate; control, motion planning and simulation to reality transfer.",
    "science": "Machine learning for science and medicine: proteins, molecules, genomes, physics simulation, weather, clinical patients and diagnosis.",
    "graphs": "Graphs and networks: graph neural networks, knowledge graphs, social networks, node classification and link prediction.",
    "data": "Data sets and benchmarks: collecting, labeling and augmenting data, new benchmarks, surveys, tabular data and time series.",
    "multimodal": "Multimodal models that join vision and language, audio and video: captioning, visual question answering, image and text retrieval.",
    "privacy": "Privacy and security: differential privacy, federated learning, adversarial attacks, robustness, malware and data leaks.",
}


def main() -> None:
    data = Path(sys.argv[1])
    embedder = Embedder(device="cpu")
    assert list(DESCRIPTIONS) == list(TOPIC_TITLES)
    vectors = embedder.embed(list(DESCRIPTIONS.values()))
    lines = (data / "hot_papers_to_2021-05.jsonl").read_text("utf-8").splitlines()[::2]
    papers = [json.loads(line) for line in lines]
    texts = [f"{p['title']}. {' '.join(p['abstract'][:TEXT_CHARS].split())}" for p in papers]
    cosines = embedder.embed(texts) @ vectors.T
    np.savez_compressed(
        TARGET,
        topics=np.array(list(DESCRIPTIONS)),
        vectors=vectors.astype(np.float16),
        mean=cosines.mean(0).astype(np.float32),
        deviation=cosines.std(0).astype(np.float32),
        model=np.array(embedder.model_id),
    )
    print(
        f"{TARGET.name}: {len(DESCRIPTIONS)} topics from {len(papers)} papers, {TARGET.stat().st_size} bytes"
    )


if __name__ == "__main__":
    main()
