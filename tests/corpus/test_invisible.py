"""Names of many scripts come in and go out whole."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dino_names.corpus.bounds import JOINERS
from dino_names.corpus.invisible import IDLE, is_whole, respell
from dino_names.corpus.names import check_names
from dino_names.errors import CorpusError
from dino_names.modelfile.contents import Bundle
from tests.helpers.mixed_model import mixed_model

ZWNJ, ZWJ = JOINERS
SCRIPTS = {
    "Arabic": "محمد فاطمة علي زينب حسن مريم يوسف سارة عمر ليلى",
    "Persian": f"می{ZWNJ}رو گل{ZWNJ}نار مه{ZWNJ}سا شاه{ZWNJ}رخ بی{ZWNJ}تا پری{ZWNJ}سا نیک{ZWNJ}نام "
    "جان آرش رضا",
    "Hebrew": "משה שרה דוד רחל יעקב לאה יוסף מרים אהרן רבקה",
    "Devanagari": "राम सीता कृष्ण लक्ष्मी अर्जुन प्रिया सूर्य चन्द्र गीता मोहन",
    "Sinhala": f"ශ්{ZWJ}රී ප්{ZWJ}රියා චන්ද්{ZWJ}ර සුනිල් නිමල් කමල් අනිල් සරත් ප්{ZWJ}රභා රුවන්",
    "Thai": "สมชาย สมหญิง ปิยะ มาลี วิชัย นารี อนันต์ กมล ประเสริฐ สุดา",
    "Chinese": "王伟 李娜 张敏 刘洋 陈静 杨帆 赵磊 黄丽 周杰 吴刚",
    "Japanese": "さくら ひなた 太郎 花子 ケンジ ユウコ 直樹 美咲 りょう あおい",
    "Korean": "민준 서연 지호 하은 도윤 수아 예준 지우 시우 다은",
    "emoji": f"👨{ZWJ}👩 👩{ZWJ}🚀 👨{ZWJ}🌾 👩🏽{ZWJ}🔬 🏴 🐉🔥 🦕 🦖🌋 ❤️{ZWJ}🔥 🐱{ZWJ}🐉",
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_ten_names_of_a_script_come_in_and_go_out_whole(script: str, tmp_path: object) -> None:
    names = SCRIPTS[script].split(" ")
    read = check_names(names)
    assert read.names == tuple(unicodedata.normalize("NFC", name) for name in names)
    assert not any("dropped" in warning for warning in read.warnings)
    model = mixed_model(list(read.names), kept_names=tuple(sorted(read.names)))
    assert Bundle.read(_written(model.bundle, tmp_path)).vocabulary == model.vocabulary
    for name in model.generate_many(n=25, seed=1, unique=False, allow_training_names=True):
        assert is_whole(name) and respell(name) == (name, 0)
        assert name[-1] not in JOINERS and unicodedata.category(name[0])[0] != "M"
    for score in model.score_many(read.names):
        assert score.in_training_list


def _written(bundle: Bundle, folder: object) -> str:
    path = f"{folder}/model.safetensors"
    bundle.write(path)
    return path


@pytest.mark.parametrize(
    ("text", "respelled", "dropped"),
    [
        ("So\u00adphie", "Sophie", 1),
        ("A\u200bda\u2060 \ufeffLo", "Ada Lo", 3),
        (f"A{ZWJ}da", "Ada", 1),
        (f"ab{ZWNJ}", "ab", 1),
        (f"{ZWJ}राम{ZWJ}", "राम", 2),
        (f"می{ZWNJ}{ZWNJ}رو", "میرو", 2),
        (f"می{ZWNJ}\u00adرو", f"می{ZWNJ}رو", 1),
        (f"👨{ZWJ}a", "👨a", 1),
        ("Van\u00a0Gogh", "Van Gogh", 0),
        ("plain", "plain", 0),
    ],
)
def test_what_joins_nothing_is_dropped(text: str, respelled: str, dropped: int) -> None:
    assert respell(text) == (respelled, dropped)


@given(st.text(f"aé ا م क ् 👨 👩{JOINERS}{IDLE}\n", max_size=12))
def test_respelling_again_changes_nothing(text: str) -> None:
    once, _ = respell(text)
    assert respell(once) == (once, 0)
    assert not set(once) & set(IDLE)
    lines = [respell(line)[0] for line in text.split("\n")]
    assert once == "\n".join(lines)


def test_one_warning_counts_them() -> None:
    read = check_names(["So\u00adphie", "A\u200bda", "Bea"])
    assert read.names == ("Sophie", "Ada", "Bea")
    assert [w for w in read.warnings if "2 invisible characters" in w]


def test_what_turns_a_line_round_stays_refused() -> None:
    with pytest.raises(CorpusError, match="bidirectional character U\\+202E"):
        check_names(["Ada\u202eaeB"])
