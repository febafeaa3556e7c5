"""`python -m base.pretraining`: the base model, from the corpus."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from base.pretraining.sampling import Corpus, Source, read_corpus, vocabulary_of
from dino_names.config import Architecture
from dino_names.modelfile import Bundle, NameFilter, join_networks

ROOT = Path(__file__).parents[2]
SCRIPTS = ("latin", "cyrillic", "greek")
SYNTHETIC = 400
EMBEDDING_DIM, UNITS, NUMBERS = 64, 256, 32
DROPOUT, WITHOUT = 0.1, 0.1
# Lists that are phrases, or nearly the same again and again, are drawn less often.
WEIGHTS = {
    "cldr-countries": 0.25,
    "cldr-zones": 0.15,
    "cldr-words": 0.3,
    "ncbi-species": 0.3,
    "subdivisions": 0.4,
    "mimesis-streets": 0.4,
    "mimesis-universities": 0.2,
    "faker-occupations": 0.3,
    "mimesis-occupations": 0.3,
    "mimesis-dishes": 0.4,
    "mimesis-countries": 0.25,
    "mimesis-words": 0.6,
    "faker-words": 0.6,
    "wordnet-words": 0.6,
    "syllables": 0.5,
}


def main(arguments: Sequence[str]) -> int:
    """Train the base and write it as a model file; the exit status."""
    parser = argparse.ArgumentParser("python -m base.pretraining", description=__doc__)
    parser.add_argument("--corpus", type=Path, default=ROOT / "base/build/corpus")
    parser.add_argument(
        "-o", "--output", type=Path, default=ROOT / "dino_names/models/base.safetensors"
    )
    parser.add_argument("--characters", type=float, default=60e6)
    parser.add_argument("--units", type=int, default=UNITS)
    parser.add_argument("--embedding-dim", type=int, default=EMBEDDING_DIM)
    parser.add_argument("--numbers", type=int, default=NUMBERS)
    parser.add_argument("--scripts", nargs="+", default=list(SCRIPTS))
    parser.add_argument("--precision", choices=("float32", "float16", "int8"), default="float16")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    print("reading the corpus", file=sys.stderr)
    lists = read_corpus(
        options.corpus, scripts=options.scripts, weights=WEIGHTS, synthetic=SYNTHETIC
    )
    make_base(lists, options).write(options.output)
    print(options.output)
    return 0


def make_base(lists: dict[str, Source], options: argparse.Namespace) -> Bundle:
    """The base that learned from some lists."""
    from base.pretraining.network import build_network, directions_of, weights_of
    from base.pretraining.training import Schedule, pretrain

    vocabulary = vocabulary_of(lists)
    corpus = Corpus(lists, vocabulary)
    print(
        f"{len(corpus)} lists in all ways of writing, {len(vocabulary)} characters", file=sys.stderr
    )
    sizes = Architecture(
        vocab_size=len(vocabulary),
        embedding_dim=options.embedding_dim,
        rnn_units=options.units,
    )
    model = build_network(
        sizes,
        corpus.used,
        numbers=options.numbers,
        dropout=DROPOUT,
        without=WITHOUT,
        seed=options.seed,
    )
    schedule = Schedule(characters=round(options.characters), seed=options.seed)
    nats = pretrain(model, corpus, schedule)
    names = sorted(
        {n.casefold() for key, s in lists.items() if "syllables" not in key for n in s.names}
    )
    return Bundle(
        architecture=sizes,
        vocabulary=vocabulary,
        tensors=join_networks([weights_of(model)]),
        longest_name=max(len(name) for source in lists.values() for name in source.names),
        options={"characters": schedule.characters, "lists": len(lists), "nats": round(nats, 4)},
        directions=directions_of(model),
        corpus_filter=NameFilter.of(names, count=len(names)),
        precision=options.precision,
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
