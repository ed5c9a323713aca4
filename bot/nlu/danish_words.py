"""Danish words by spaCy, without the parts of its pipeline that nothing here reads."""

from __future__ import annotations

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.utils import spacy_utils


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.MODEL_LOADER, DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER],
    is_trainable=False,
    model_from="SpacyNLP",
)
class SpacyNLP(spacy_utils.SpacyNLP):
    """Rasa's SpacyNLP with the model's words only.

    The readers learn from the words as they stand (docs/adr/0010): tags, lemmas and names were half of what
    a message cost beside the encoder, and a twelfth of a training. Carries the name of the component it
    stands for, because Rasa finds the one that gives spaCy's tokenizer its model by that name.
    """

    @staticmethod
    def load_model(spacy_model_name: str) -> spacy_utils.SpacyModel:
        """Loads the model and puts all of its trained parts to rest.

        Raises:
            InvalidModelError: The model is not installed.
        """
        loaded = spacy_utils.SpacyNLP.load_model(spacy_model_name)
        loaded.model.select_pipes(enable=[])
        return loaded
