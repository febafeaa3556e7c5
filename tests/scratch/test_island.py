import numpy as np
import pytest

from dino_names.scratch import island, rnn
from dino_names.scratch.errors import LabError

# The lines of the published run up to where machines begin to differ.
PUBLISHED = """
0 23.087336 Nkzxwtdmfqoeyhsqwasjkjvu Kneb Kzxwtdmfqoeyhsqwasjkjvu Neb Zxwtdmfqoeyhsqwasjkjvu
  Eb Xwtdmfqoeyhsqwasjkjvu
2000 27.884160 Liusskeomnolxeros Hmdaairus Hytroligoraurus Lecalosapaus Xusicikoraurus
  Abalpsamantisaurus Tpraneronxeros
4000 25.901815 Mivrosaurus Inee Ivtroplisaurus Mbaaisaurus Wusichisaurus Cabaselachus
  Toraperlethosdarenitochusthiamamumamaon
6000 24.608779 Onwusceomosaurus Lieeaerosaurus Lxussaurus Oma Xusteonosaurus Eeahosaurus
  Toreonosaurus
8000 24.070350 Onxusichepriuon Kilabersaurus Lutrodon Omaaerosaurus Xutrcheps Edaksoje
  Trodiktonus
10000 23.844446 Onyusaurus Klecalosaurus Lustodon Ola Xusodonia Eeaeosaurus Troceosaurus
12000 23.291971 Onyxosaurus Kica Lustrepiosaurus Olaagrraiansaurus Yuspangosaurus
  Eealosaurus Trognesaurus
"""

MADE = "Rex\nAjax\n  Zed \nbo"


def plain_run(text, iterations, every):
    """The published run in column vectors, the global generator and nothing clever."""
    text = text.lower()
    characters = sorted(set(text))
    n, ids = len(characters), {c: i for i, c in enumerate(characters)}
    np.random.seed(1)
    Wax, Waa, Wya = (np.random.randn(*shape) * 0.01 for shape in ((50, n), (50, 50), (n, 50)))
    b, by = np.zeros((50, 1)), np.zeros((n, 1))
    names = [line.strip() for line in text.split("\n")]
    np.random.seed(0)
    np.random.shuffle(names)

    def step(x, a):
        a = np.tanh(Wax @ x + Waa @ a + b)
        e = np.exp(Wya @ a + by)
        return a, e / e.sum()

    def hot(i):
        return np.zeros((n, 1)) if i is None else np.eye(n)[:, [i]]

    loss, a_prev, lines = np.log(n) * 7, np.zeros((50, 1)), []
    for j in range(iterations):
        X = [None] + [ids[c] for c in names[j % len(names)]]
        Y = [*X[1:], 0]
        a, y, total = {-1: a_prev}, {}, 0
        for t in range(len(X)):
            a[t], y[t] = step(hot(X[t]), a[t - 1])
            total -= np.log(y[t][Y[t], 0])
        g, later = [np.zeros_like(w) for w in (Wax, Waa, Wya, b, by)], 0
        for t in reversed(range(len(X))):
            dy = y[t] - hot(Y[t])
            dz = (1 - a[t] ** 2) * (Wya.T @ dy + later)
            later = Waa.T @ dz
            parts = dz @ hot(X[t]).T, dz @ a[t - 1].T, dy @ a[t].T, dz, dy
            g = [all_so_far + part for all_so_far, part in zip(g, parts, strict=True)]
        for w, dw in zip((Wax, Waa, Wya, b, by), g, strict=True):
            w -= 0.01 * np.clip(dw, -5, 5)
        a_prev, loss = a[len(X) - 1], 0.999 * loss + 0.001 * total
        if j % every == 0:
            lines.append((j, loss, [plain_name(step, hot, characters, seed) for seed in range(7)]))
    return lines


def plain_name(step, hot, characters, seed):
    i, k, a, name = None, 0, np.zeros((50, 1)), ""
    while i != 0 and k != 50:
        a, y = step(hot(i), a)
        np.random.seed(k + seed)
        i = np.random.choice(range(len(y)), p=y.ravel())
        name, k, seed = name + characters[i], k + 1, seed + 1
    name = name.rstrip("\n")
    return name[:1].upper() + name[1:]


def published():
    records = []
    for word in PUBLISHED.split():
        if word.isdigit():
            records.append([word])
        else:
            records[-1].append(word)
    return records


def test_the_published_run_comes_out_exactly(reference):
    text = (reference / "dinos.txt").read_text()
    received = [
        [str(report.iteration), f"{report.loss:f}", *report.names]
        for report in island.run(text, iterations=12_001)
    ]
    assert received == published()


def test_the_published_list_has_27_characters_and_the_newline_is_0(reference):
    characters, names = island.read((reference / "dinos.txt").read_text())
    assert characters == "\nabcdefghijklmnopqrstuvwxyz"
    assert len(names) == 1536


def test_sample_gives_the_published_ids():
    random = np.random.RandomState(24)
    shapes = {"Wax": (100, 27), "Waa": (100, 100), "Wya": (27, 100), "b": (100, 1), "by": (27, 1)}
    parameters = {name: random.randn(*shape) for name, shape in shapes.items()}
    expected = "23 16 26 26 24 3 21 1 7 24 15 3 25 20 6 13 10 8 20 12 2 0"
    assert " ".join(map(str, island.sample(parameters, seed=0))) == expected


def test_a_made_list_runs_as_in_a_plain_version():
    before = np.random.get_state()
    try:
        expected = plain_run(MADE, iterations=301, every=100)
    finally:
        np.random.set_state(before)
    received = list(island.run(MADE, iterations=301, every=100))
    assert [report.iteration for report in received] == [0, 100, 200, 300]
    for report, (_, loss, names) in zip(received, expected, strict=True):
        assert report.loss == pytest.approx(loss, rel=1e-10)
        assert list(report.names) == names


def test_the_global_generator_is_left_alone():
    np.random.seed(5)
    expected = np.random.randn(3)
    np.random.seed(5)
    assert len(list(island.run(MADE, iterations=11, every=5))) == 3
    with pytest.raises(LabError):
        list(island.run(""))
    np.testing.assert_array_equal(np.random.randn(3), expected)


def test_character_k_is_drawn_with_twice_k_plus_the_seed():
    y = np.full(27, 1 / 27)
    state = np.random.get_state()
    try:
        np.random.seed(2 * 4 + 3)
        expected = np.random.choice(range(27), p=y)
    finally:
        np.random.set_state(state)
    assert island.choose(3, 4, y) == expected


def test_a_name_that_does_not_end_is_cut_at_fifty():
    parameters = rnn.initial_parameters(27, 50, 27, np.random.default_rng(0))
    parameters["by"][0] = -100.0
    ids = island.sample(parameters, seed=0)
    assert len(ids) == 51
    assert ids[-1] == 0
    assert 0 not in ids[:-1]


def test_a_report_prints_as_published():
    report = island.Report(2000, 27.8841599, ("Rex", "Ajax"))
    assert str(report) == "Iteration: 2000, Loss: 27.884160\n\nRex\nAjax\n\n"


@pytest.mark.parametrize("text", ["", "\n\n", "  \n\t\n"])
def test_a_text_without_a_name_is_refused(text):
    with pytest.raises(LabError, match="received no name"):
        list(island.run(text))
