from __future__ import annotations

from dino_names.evaluation.intervals import Rate
from dino_names.evaluation.likeness import Distance
from dino_names.evaluation.near_copies import Neighbour, Originality
from dino_names.evaluation.report import Likelihood, Report, Sample
from dino_names.evaluation.report_table import lines


def full_report() -> Report:
    return Report(
        likelihood=Likelihood(
            source="held-out.txt",
            names=1530,
            characters=19830,
            model=Rate(nats_per_char=1.25, interval=(1.2, 1.3)),
            network=Rate(nats_per_char=1.5, interval=(1.4, 1.6)),
            ngram=Rate(nats_per_char=1.375, interval=(1.3, 1.4)),
            order=6,
            difference=Rate(nats_per_char=-0.125, interval=(-0.2, -0.1)),
        ),
        on_training=1.125,
        sample=Sample(
            temperature=0.8,
            seed=7,
            generated=Originality(
                names=1000,
                new=0.97,
                repeats=0.01,
                within_1=0.04,
                closest=(Neighbour("Rexa", "Rex", 1),),
            ),
            real=Originality(names=1530, new=1.0, repeats=0.0, within_1=0.05),
            lengths=Distance(generated=0.02, real=0.03, real_interval=(0.01, 0.04), names=500),
        ),
        notes=("something to know.",),
    )


def test_every_figure_stands_in_its_row_and_column() -> None:
    found = list(lines(full_report()))
    assert found[0] == "held-out.txt: 1,530 names, 19,830 characters"
    rows = {line[:32].strip(): line[32:].split() for line in found}
    assert rows["model"] == ["1.250", "1.200", "to", "1.300", "1.803", "3.49"]
    assert rows["network alone"][0] == "1.500"
    assert rows["6-gram alone"][0] == "1.375"
    assert rows["model minus 6-gram"] == ["-0.125", "-0.200", "to", "-0.100"]
    assert rows["network, names it learned from"] == ["1.125"]
    assert "1,000 generated names, temperature 0.8, seed 7" in found
    assert rows["new"] == ["97.0", "%", "100.0", "%"]
    assert rows["0 or 1 edit from a training name"] == ["4.0", "%", "5.0", "%"]
    assert rows["lengths (bits apart)"][:5] == ["0.0200", "0.0300", "(0.0100", "to", "0.0400),"]
    assert "closest new names: Rexa (Rex, 1)" in found
    assert "note: something to know." in found
    assert found[-1] == full_report().verdict
    assert found[-1].startswith("Better than the 6-gram, by 0.125")
    assert max(map(len, found[:-1])) <= 100


def test_the_figures_of_all_systems_end_in_one_column() -> None:
    found = list(lines(full_report()))
    labels = ("model  ", "network alone", "6-gram alone", "model minus", "network, names")
    ends = [len(line[:42].rstrip()) for line in found if line.startswith(labels)]
    assert ends == [41] * 5


def test_what_was_not_measured_has_no_row() -> None:
    found = list(lines(Report(notes=("no names.",))))
    assert found == [
        "note: no names.",
        "",
        "Nothing was measured that a sentence could be made of.",
    ]
    few = Likelihood(source="x", names=3, characters=9, model=Rate(nats_per_char=1.0))
    text = "\n".join(lines(Report(likelihood=few)))
    assert "too few names" in text and "gram" not in text and "network" not in text
    bare = Sample(temperature=1.0, seed=0, generated=Originality(names=5, new=None, repeats=0.2))
    text = "\n".join(lines(Report(sample=bare)))
    assert "repeats of one before" in text and "new  " not in text
