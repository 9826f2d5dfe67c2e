"""Which language a text is in: said where it is sure, and never of formulas, code or tables."""

import json
import subprocess
import sys

import pytest

from digest.language import foreign_language

PASSAGES = {
    "German": "Neuronale Netze vergessen alte Aufgaben, wenn sie neue lernen. Wir schlagen vor, einige der alten Beispiele zu speichern und beim Lernen zu wiederholen.",
    "French": "Les réseaux de neurones oublient les tâches anciennes quand ils en apprennent de nouvelles. Nous proposons de garder quelques exemples et de les revoir.",
    "Spanish": "Las redes neuronales olvidan las tareas antiguas cuando aprenden otras nuevas. Proponemos guardar algunos ejemplos y repetirlos durante el entrenamiento.",
    "Portuguese": "As redes neurais esquecem as tarefas antigas quando aprendem outras novas. Propomos guardar alguns exemplos e repeti-los durante o treino, como as pessoas o fazem.",
    "Italian": "Le reti neurali dimenticano i compiti vecchi quando ne imparano di nuovi. Proponiamo di conservare alcuni esempi e di ripeterli durante l'addestramento.",
    "Dutch": "Neurale netwerken vergeten oude taken als zij nieuwe leren. Wij stellen voor om een deel van de oude voorbeelden te bewaren en die bij het leren te herhalen.",
    "Danish": "Neurale netværk glemmer gamle opgaver, når de lærer nye. Vi foreslår at gemme nogle af de gamle eksempler og gentage dem under træningen for at huske dem.",
    "Swedish": "Neurala nätverk glömmer gamla uppgifter när de lär sig nya. Vi föreslår att spara några av de gamla exemplen och upprepa dem under träningen.",
    "Polish": "Sieci neuronowe zapominają stare zadania, gdy uczą się nowych. Proponujemy zachować część dawnych przykładów i powtarzać je podczas uczenia.",
    "Turkish": "Sinir ağları yeni görevler öğrenirken eski görevleri unutur. Eski örneklerin bir kısmını saklamayı ve eğitim sırasında tekrarlamayı öneriyoruz.",
    "Finnish": "Neuroverkot unohtavat vanhat tehtävät oppiessaan uusia. Ehdotamme, että osa vanhoista esimerkeistä säilytetään ja niitä kerrataan opetuksen aikana.",
    "Russian": "Нейронные сети забывают старые задачи, когда учатся новым. Мы предлагаем хранить часть старых примеров и повторять их при обучении.",
    "Chinese": "神经网络在学习新任务时会忘记旧任务。我们建议保留一部分旧样本，并在训练中反复使用它们。",
    "Japanese": "ニューラルネットワークは新しい課題を学ぶと古い課題を忘れる。そこで古い例の一部を保存し、学習のときに繰り返すことを提案する。",
    "Korean": "신경망은 새로운 과제를 배울 때 예전 과제를 잊는다. 우리는 예전 예제의 일부를 저장하고 학습할 때 반복할 것을 제안한다.",
}  # fmt: skip

ENGLISH = {
    "plain": "Networks forget old tasks. We propose replay of stored examples, and it keeps the accuracy high.",
    "capitals": "NETWORKS FORGET OLD TASKS. WE PROPOSE REPLAY OF STORED EXAMPLES, AND IT KEEPS ACCURACY HIGH.",
    "names": "Reviewed by Müller, Gonçalves, Łukasz, Şahin and Đorđević: replay helps ResNet, BERT, GPT, ViT, CLIP, DALL-E.",
    "quotes": "The word for it is „Vergessen“, says the paper, and the authors of a French one write l'oubli: both mean the same loss.",
}
NEITHER = {
    "formulas": r"$\alpha_{i} + \beta^{2} = \gamma$ and $$\sum_{i=1}^{n} \frac{x_i}{y_i} \leq \epsilon$$ " * 9,
    "code": "import os\nfor name in os.listdir():\n    print(name, len(name))\n    del name\n" * 9,
    "table": "| ResNet-50 | 76.1 | 77.2 | 79.9 |\n| ViT-B | 81.2 | 84.0 | 85.5 |\n" * 9,
    "numbers": "12 13 14 15 16 17 18 19 20 " * 9,
    "one word": "Vergessen",
    "a few words": "Netze vergessen alte Aufgaben.",
    "nothing": "",
}  # fmt: skip


@pytest.mark.parametrize("language", PASSAGES)
def test_a_text_in_another_language_is_called_by_its_name(language):
    assert language == foreign_language(PASSAGES[language])


@pytest.mark.parametrize("text", [*ENGLISH.values(), *NEITHER.values()], ids=[*ENGLISH, *NEITHER])
def test_english_and_what_is_no_language_is_not_called_foreign(text):
    assert "" == foreign_language(text)


def test_an_english_text_costs_no_classifier():
    code = "import sys; from digest.language import foreign_language as f; f(sys.argv[1]); sys.exit('py3langid' in sys.modules)"

    assert 0 == subprocess.run([sys.executable, "-c", code, ENGLISH["plain"]], check=False).returncode  # fmt: skip


@pytest.mark.corpus
def test_no_abstract_of_scitldr_is_called_foreign(corpus):
    lines = (corpus / "scitldr" / "train.jsonl").read_text("utf-8").splitlines()

    assert set() == {f for line in lines if (f := foreign_language(" ".join(json.loads(line)["source"])))}  # fmt: skip
