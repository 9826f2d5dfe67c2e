"""The fixed taxonomy: what a story is about, from its arXiv categories and from terms in title and text.

A topic's score is the prior of its categories plus the weights of its terms; a title counts double, and a term that
comes again in the text counts up to twice. One category alone or one weighty term in the title reaches the threshold.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from digest.words import TermIndex, stems

#: By name, what a reader calls it.
TOPIC_TITLES: dict[str, str] = {
    "vision": "computer vision",
    "language": "language models",
    "audio": "speech and audio",
    "rl": "reinforcement learning",
    "generative": "generative models",
    "theory": "the theory of deep learning",
    "optimization": "optimization and training",
    "fairness": "fairness and safety",
    "interpretability": "interpretability",
    "systems": "systems and efficiency",
    "robotics": "robotics",
    "science": "machine learning for science",
    "graphs": "graphs and networks",
    "data": "data and benchmarks",
    "multimodal": "multimodal models",
    "privacy": "privacy and security",
}

#: arXiv categories that say what a paper is about; cs.LG, cs.AI and stat.ML hold everything and say nothing.
_CATEGORIES: dict[str, tuple[str, float]] = {
    "cs.CV": ("vision", 2.5),
    "eess.IV": ("vision", 2.0),
    "cs.CL": ("language", 2.5),
    "cs.SD": ("audio", 2.5),
    "eess.AS": ("audio", 2.5),
    "cs.RO": ("robotics", 2.5),
    "math.ST": ("theory", 2.0),
    "stat.TH": ("theory", 2.0),
    "cs.IT": ("theory", 1.5),
    "math.OC": ("optimization", 2.0),
    "cs.CY": ("fairness", 1.5),
    "cs.DC": ("systems", 2.0),
    "cs.AR": ("systems", 2.5),
    "cs.PF": ("systems", 2.0),
    "cs.SI": ("graphs", 2.0),
    "cs.DB": ("data", 2.0),
    "cs.CR": ("privacy", 2.5),
    "cs.MM": ("multimodal", 2.0),
    "cs.CE": ("science", 1.5),
}
_SCIENCE = ("q-bio", "physics", "astro-ph", "cond-mat", "quant-ph", "hep-", "gr-qc", "nlin")

#: Weight 2: the term names the topic; 1: it points to it; 0.5: it is at home there, and elsewhere too.
_TERMS: dict[str, dict[float, str]] = {
    "vision": {
        2: "computer vision, image classification, image recognition, object detection, image segmentation,"
        " semantic segmentation, ImageNet, vision transformer, visual recognition, face recognition, pose estimation,"
        " optical flow, point cloud, super resolution, depth estimation, instance segmentation, action recognition",
        1: "image, images, visual, vision, video, photo, camera, convnet, convolutional, pixel, 3d reconstruction,"
        " medical imaging, face, NeRF, radiance field, COCO",
    },
    "language": {
        2: "language model, language modeling, natural language, NLP, natural language generation, machine translation, question answering, BERT, GPT,"
        " large language models, LLM, text classification, text generation, sentiment analysis, named entity,"
        " summarization, word embedding, dialogue, chatbot, instruction tuning, in context learning, tokenizer",
        1: "language, text, linguistic, translation, prompt, corpus, multilingual, cross lingual, sentence, syntax,"
        " pretrained language",
    },
    "audio": {
        2: "speech recognition, text to speech, speech synthesis, speaker verification, audio, music generation, ASR,"
        " voice conversion, sound event, speech",
        1: "music, acoustic, voice, sound, spectrogram, speaker",
    },
    "rl": {
        2: "reinforcement learning, RL, policy gradient, q learning, actor critic, Markov decision process, bandit,"
        " imitation learning, offline reinforcement learning, multi agent, AlphaGo, AlphaZero, MuZero, RLHF",
        1: "reward, policy, agent, exploration, Atari, game, Monte Carlo tree search",
    },
    "generative": {
        2: "GAN, generative adversarial, generative model, diffusion model, variational autoencoder, VAE, image synthesis,"
        " image generation, normalizing flow, StyleGAN, text to image, deepfake, score based, generative network,"
        " generative neural network",
        1: "generative, synthesis, generator, discriminator, generate, fake, autoregressive model, denoising, latent space, Boltzmann machine",
    },
    "theory": {
        2: "generalization bound, double descent, lottery ticket, neural tangent kernel, overparameterized,"
        " over parameterized, infinite width, PAC Bayes, sample complexity, learning theory, implicit bias,"
        " implicit regularization, scaling law, deep learning theory, theory of deep learning, convergence rate, mean field",
        1: "theory, theoretical, theorem, prove, generalization, bound, minimax, regret, kernel, asymptotic, expressivity",
    },
    "optimization": {
        2: "stochastic gradient descent, SGD, gradient descent, optimizer, Adam, batch normalization, gradient clipping,"
        " learning rate, weight decay, hyperparameter optimization, loss landscape, second order optimization,"
        " Bayesian optimization, normalizer free",
        1: "optimization, convergence, normalization, initialization, regularization, momentum, dropout, convex",
    },
    "fairness": {
        2: "fairness, discrimination, AI ethics, ethical, gender bias, racial bias, sensitive attribute, demographic,"
        " AI safety, alignment, biased data, toxicity, responsible AI, hate speech, misinformation, debiasing",
        1: "bias, biased, fair, society, social impact, harmful, safety, regulation, trustworthy, stereotype",
    },
    "interpretability": {
        2: "interpretability, interpretable, explainability, explainable, XAI, saliency, feature attribution,"
        " influence function, training data influence, Shapley, mechanistic interpretability, probing,"
        " counterfactual explanation, concept activation",
        1: "explain, explanation, attribution, visualization, influence, black box, attention map",
    },
    "systems": {
        2: "quantization, pruning, model compression, knowledge distillation, distributed training, hardware accelerator,"
        " edge device, inference latency, GPU, TPU, on device, compiler, throughput, memory footprint, mixture of experts,"
        " neural architecture search, efficient inference, mobile phone",
        1: "efficient, latency, hardware, compression, distillation, speedup, memory, parallel, sparse, framework, library,"
        " deployment",
    },
    "robotics": {
        2: "robot, robotics, robotic, robotic manipulation, object manipulation, locomotion, autonomous driving, self driving, SLAM, grasping, drone,"
        " legged, motion planning, quadruped",
        1: "navigation, control, autonomous, vehicle, sim to real, lidar",
    },
    "science": {
        2: "protein, drug discovery, molecule, genome, genomic, genetic, climate, weather, physics informed, chemistry,"
        " materials science, astronomy, COVID 19, medical, clinical, radiology, neuroscience, AlphaFold, biology, cancer,"
        " partial differential equation, DNA, health",
        1: "scientific, patient, disease, diagnosis, cell, quantum, physics, brain, EEG, biomedical, differential equation",
    },
    "graphs": {
        2: "graph neural network, GNN, knowledge graph, graph convolution, link prediction, node classification,"
        " social network, graph representation, community detection, message passing",
        1: "graph, node, network analysis, relational",
    },
    "data": {
        2: "dataset, data set, benchmark, data augmentation, annotation, data collection, active learning, synthetic data,"
        " data quality, label noise, noisy labels, leaderboard, time series, tabular data, data poisoning, data centric",
        1: "corpus, labeled, crowdsourcing, database, imbalanced, survey, imputation",
    },
    "multimodal": {
        2: "multimodal, vision and language, vision language, visual question answering, image captioning, OpenAI CLIP, DALL E,"
        " text to image, image text, video text, audio visual, cross modal",
        1: "caption, captioning, text to video",
    },
    "privacy": {
        2: "differential privacy, privacy, federated learning, adversarial attack, adversarial example, backdoor,"
        " membership inference, security, malware, data poisoning, adversarial robustness, watermark, encryption,"
        " jailbreak, machine unlearning",
        1: "private, attack, adversarial, robustness, secure, leak",
    },
}

TITLE_FACTOR = 2.0
MAX_REPEATS = 2
THRESHOLD = 2.0  #: what one category or one naming term gives
SHARE_OF_BEST = 0.45  #: a second topic is named when it has about half of the first one's score
MAX_TOPICS = 3

_WEIGHTS: dict[str, list[tuple[str, float]]] = defaultdict(list)
for _topic, _by_weight in _TERMS.items():
    for _weight, _listed in _by_weight.items():
        for _term in _listed.split(", "):
            _WEIGHTS[_term].append((_topic, _weight))
_INDEX = TermIndex(_WEIGHTS)


def topics_of(
    title: str, text: str, categories: Sequence[str], near: Mapping[str, float] | None = None
) -> tuple[str, ...]:
    """Up to three topics of the taxonomy, strongest first; () where nothing points to one.

    ``near`` adds to the scores what a vector of the text says, see ``rank.topic_vectors``.
    """
    scores: defaultdict[str, float] = defaultdict(float, near or {})
    priors: defaultdict[str, float] = defaultdict(float)
    for place, category in enumerate(categories):
        topic, prior = _prior(category)
        if topic:
            # cross-lists are weaker evidence than the primary category, which comes first
            priors[topic] = max(priors[topic], prior if place == 0 else prior * 0.7)
    for topic, prior in priors.items():
        scores[topic] += prior
    for words, factor in ((stems(title), TITLE_FACTOR), (stems(text), 1.0)):
        for term, count in _INDEX.count_longest(words).items():
            for topic, weight in _WEIGHTS[term]:
                scores[topic] += factor * weight * min(count, MAX_REPEATS) / MAX_REPEATS
    order = sorted(scores, key=lambda t: (-scores[t], t))
    if not order or scores[order[0]] < THRESHOLD:
        return ()
    least = max(THRESHOLD, SHARE_OF_BEST * scores[order[0]])
    return tuple(t for t in order[:MAX_TOPICS] if scores[t] >= least)


def _prior(category: str) -> tuple[str, float]:
    if category.startswith(_SCIENCE):
        return "science", 2.0
    return _CATEGORIES.get(category, ("", 0.0))
