"""Results that sentences report: clear ones in the source's numbers, and none where it is not clear."""

from __future__ import annotations

import pytest

from digest.lecture.results import result_in

# kind, measure, better, then label=value; "" is the work itself, and * what the sentence is about
CLEAR = [
    ("Our network reaches a top-1 accuracy of 86.5% on ImageNet, compared with 84.3% for EfficientNet-B7.", "compared", "top-1 accuracy", "higher", "=86.5%* EfficientNet-B7=84.3%"),
    ("It obtains 91.2% accuracy on the new set, compared to 88.0% for the best baseline.", "compared", "accuracy", "higher", "=91.2%* best baseline=88.0%"),
    ("We achieve a word error rate of 5.1% versus 6.0% for Conformer-L.", "compared", "word error rate", "lower", "=5.1%* Conformer-L=6.0%"),
    ("On GSM8K, TinyCot reaches an accuracy of 61.0% compared to GPT-2's 12.5%.", "compared", "accuracy", "higher", "TinyCot=61.0%* GPT-2=12.5%"),
    ("The proposed model has an FID of 2.9, while StyleGAN2 obtains 4.1.", "compared", "FID", "lower", "=2.9* StyleGAN2=4.1"),
    ("Experiments show that our method achieves 34.1 BLEU, whereas Transformer-Big reaches only 29.3.", "compared", "BLEU", "higher", "=34.1* Transformer-Big=29.3"),
    ("We reach a success rate of 72% vs. 51% for the previous state of the art.", "compared", "success rate", "higher", "=72%* previous state of the art=51%"),
    ("In our trial, MedNet attains a mean AUC of 0.94, compared with 0.89 for human experts.", "compared", "mean AUC", "higher", "MedNet=0.94* human experts=0.89"),
    ("This raises the top-1 accuracy of ViT-S from 71.2 to 74.5%.", "changed", "top-1 accuracy", "higher", "=71.2% =74.5%*"),
    ("The training lowers the word error rate from 12.1% to 8.4%.", "changed", "word error rate", "lower", "=12.1% =8.4%*"),
    ("We improve the state-of-the-art FID from 24.7 to 9.3.", "changed", "FID", "lower", "=24.7 =9.3*"),
    ("Under attack its accuracy falls from 95% to 11%.", "changed", "accuracy", "higher", "=95% =11%*"),
    ("Distillation increases F1 from 0.71 to 0.78.", "changed", "F1", "higher", "=0.71 =0.78*"),
    ("Training time is cut from 47 minutes to 34 minutes.", "changed", "Training time", "lower", "=47 minutes =34 minutes*"),
    ("The filter reduces the false positive rate from about 35% to 5%.", "changed", "false positive rate", "lower", "=35% =5%*"),
    ("We boost the detector from 45.9 to 49.5 mAP.", "changed", "mAP", "higher", "=45.9 =49.5*"),
    ("The rule raises accuracy from $41.1\\%$ to $80.1\\%$.", "changed", "accuracy", "higher", "=41.1% =80.1%*"),
    ("On ImageNet, NFNet-F1 equals the accuracy of EfficientNet-B7 and trains up to 8.7x faster.", "factor", "training speed", "higher", "NFNet-F1=up to 8.7x* EfficientNet-B7=1x"),
    ("Our smaller models match the test accuracy of an EfficientNet-B7 while being up to 8.7x faster to train.", "factor", "training speed", "higher", "=up to 8.7x* EfficientNet-B7=1x"),
    ("The resulting model is 3 times faster at inference than BERT-Large.", "factor", "inference speed", "higher", "=3x* BERT-Large=1x"),
    ("It runs 2.5$\\times$ faster than Mask R-CNN.", "factor", "speed", "higher", "=2.5x* Mask R-CNN=1x"),
    ("Our network needs 4x less memory than Transformer-XL.", "factor", "memory", "", "=1x* Transformer-XL=4x"),
    ("SlimNet uses 2.8 times fewer parameters than ResNet-50.", "factor", "parameters", "", "SlimNet=1x* ResNet-50=2.8x"),
    ("Our decoder has 6x lower latency than WaveNet.", "factor", "latency", "lower", "=1x* WaveNet=6x"),
    ("Its AP is 49.7% for boxes and 44.4% for masks.", "by_case", "AP", "higher", "boxes=49.7%* masks=44.4%*"),
    ("We reach a WER of 1.9% on LibriSpeech and 4.7% on Switchboard.", "by_case", "WER", "lower", "LibriSpeech=1.9%* Switchboard=4.7%*"),
    ("It achieves 53.1 mAP on Foggy Cityscapes and 62.3 on Sim10k.", "by_case", "mAP", "higher", "Foggy Cityscapes=53.1* Sim10k=62.3*"),
    ("We report accuracies of 72.1% and 80.3% on MNLI and QNLI, respectively.", "by_case", "accuracies", "higher", "MNLI=72.1%* QNLI=80.3%*"),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "kind", "measure", "better", "values"), CLEAR)
def test_a_clear_result_is_read_with_the_numbers_of_the_source(
    sentence, kind, measure, better, values
):
    found = result_in(sentence)
    assert found is not None
    said = " ".join(f"{v.label}={v.text}{'*' if v.is_main else ''}" for v in found.values)
    assert (kind, measure, better, values) == (found.kind, found.measure, found.direction, said)


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        "We study accuracy.",
        "We reach 86.5% accuracy on ImageNet.",  # nothing to compare with
        "Our model attains a new state-of-the-art top-1 accuracy of 86.5%.",
        "We improve accuracy by 2.3 points over BERT.",  # a difference
        "It gains +2.3 BLEU and +4.1 BLEU over the baseline.",
        "It surpasses EfficientNet by 2.1% accuracy and ResNet by 3.0% accuracy.",
        "The best baseline is beaten by up to 10.8% CIDEr on MS COCO and by up to 5.4% CIDEr on Flickr.",
        "The field moved from 2012 to 2021 towards higher accuracy.",  # years
        "Accuracy was raised by work from 2017 to 2020.",
        "As Section 3 and Section 4 show, accuracy matters.",  # numbers of sections
        "We improve the accuracy in steps from Section 2 to 5.",
        "Accuracy ranges from 71.2% to 74.5% over ten seeds.",  # a range
        "We see accuracies between 71.2% and 74.5%.",
        "An accuracy of 71-74% is reached with 10-20% of the weights.",
        "With 10% of the labels it matches the accuracy of training on 100% of them.",  # shares of the data
        "We reduce the labels needed from 100% to 10%.",
        "Using only 5% and 1% of the data, accuracy stays the same.",
        "We increase the data from 10 to 100 million pairs and measure accuracy.",  # counts
        "The benchmark grows from 12 to 40 tasks.",
        "It has 25 layers compared to 50 for ResNet-50.",
        "The network has 5 million parameters, compared with 60 million for VGG-16.",
        "We reach an accuracy of 92.1% and an F1 of 88.4% on SST-2 and MRPC.",  # several measures
        "Precision and recall of 92% and 88% on A-Set and B-Set are reported.",
        "It improves accuracy and F1 from 71.2 to 74.5.",
        "Its accuracy rises from 71.2% to 74.5% and its F1 from 60.1% to 66.0%.",
        "The speed-up is 1.7x - 2.7x faster than EfficientNets.",  # a range of factors
        "It is 8.7x faster to train.",  # than what?
        "It is 2x and 3x faster than BERT-Base and BERT-Large.",
        "It is 2x faster than the one and 3x faster than the other.",
        "It trains 8.7x slower than EfficientNet-B7.",
        "We reach 1.8%/3.6% WER on LibriSpeech clean/other, 5.1%/9.8% WER on Switchboard and 3.4% on WSJ.",
        "Five-shot accuracy is reached with 5 shots and 10 shots.",
        "An error of 0.1 compared to 250 for the baseline.",  # on no common scale
        "Humans reach an accuracy of 130% compared with 90% for BERT-Base.",
        "Our accuracy is 84%, compared with 84% for ResNet-50.",  # nothing to see
        "An accuracy of 92% compared to 0.89 for BERT-Base.",  # two units
        "Prior systems stay at accuracies of 60% compared to 95% for BERT-Base.",  # of whom?
        "Latency falls from 12 ms to 0 ms.",
        "See arXiv:2102.06171 and Table 2 for accuracy from 1 to 2.",
        "The error bars go from 1 to 3 and the figure from 4 to 5.",
        "We release version 1.2, compared with 1.1 of last year.",
    ],
)  # fmt: skip
def test_where_it_is_not_clear_there_is_no_result(sentence):
    assert result_in(sentence) is None


@pytest.mark.parametrize(
    "piece", ["accuracy ", "from 1.1 to ", "F1, ", "9.9% on A ", "8x ", "(", "A-B "]
)
def test_no_sentence_takes_long(piece):
    import time

    began = time.perf_counter()
    result_in(f"We reach a top-1 accuracy of 80.1% {piece * 400} compared with 84.3% for X-Net.")
    assert time.perf_counter() - began < 2
