"""Folds the ways people spell time words into one, so that the rules can be written once."""

import re

# People without æ, ø and å on their keyboard write ae, oe and aa; words of time have no other use for these.
_DIGRAPHS = (("ae", "æ"), ("oe", "ø"), ("aa", "å"))

_SPELLINGS = (
    (r"\btirsd(?:a|e)?g?\b|\btisdag\b", "tirsdag"),
    (r"\bman?dag\b|\bmandg\b", "mandag"),
    (r"\bonsda?g?\b|\bondsdag\b", "onsdag"),
    (r"\btorsda?g?\b|\btosdag\b", "torsdag"),
    (r"\bfreda?g\b|\bfrdag\b", "fredag"),
    (r"\blordag\b|\blørda?g?\b", "lørdag"),
    (r"\bsondag\b|\bsønda?g?\b", "søndag"),
    (r"\bn[æea]?st[e]?\b", "næste"),
    (r"\bimorgen\b|\bi morn\b|\bi mor'n\b", "i morgen"),
    (r"\bidag\b", "i dag"),
    (r"\bi ?over ?morgen\b", "i overmorgen"),
    (r"\bkl\.?(?=\s*\d)|\bklokken\b|\bklokka\b|\bkl\.|\bklk\.?", "kl"),
    (r"\bform\.?\b(?!iddag)", "formiddag"),
    (r"\beftm\.?\b", "eftermiddag"),
    (r"\bformidag", "formiddag"),
    (r"\beftermidag", "eftermiddag"),
    (r"\bhurtist\b|\bhurtigs\b", "hurtigst"),
    (r"\bik\b|\bikk\b|\bik'\b|\bikke\b|\bekke\b", "ikke"),
)

_NUMBER_WORDS = (
    "nul en to tre fire fem seks syv otte ni ti elleve tolv tretten fjorten femten seksten sytten "
    "atten nitten"
).split()
_ORDINALS = {
    word: number
    for number, word in enumerate(
        (
            "første anden tredje fjerde femte sjette syvende ottende niende tiende ellevte tolvte trettende "
            "fjortende femtende sekstende syttende attende nittende tyvende enogtyvende toogtyvende "
            "treogtyvende fireogtyvende femogtyvende seksogtyvende syvogtyvende otteogtyvende "
            "niogtyvende tredivte enogtredivte"
        ).split(),
        start=1,
    )
}
_MONTHS = "januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december"
# "en" and "to" are too common to be read as numbers everywhere; they are where a time must follow.
_NUMBER_PLACE = r"(?P<lead>\b(?:kl|om|før|efter|mellem|og|til|fra|over|i|halv|ved|omkring|cirka|ca)\s+)"


def fold(text: str) -> str:
    """Gives the text in small letters with one spelling for each time word and digits for numbers."""
    folded = " ".join(text.lower().split())
    for digraph, letter in _DIGRAPHS:
        folded = folded.replace(digraph, letter)
    for pattern, word in _SPELLINGS:
        folded = re.sub(pattern, word, folded)
    numbers = "|".join(sorted(_NUMBER_WORDS, key=len, reverse=True))
    folded = re.sub(
        _NUMBER_PLACE + rf"(?P<number>{numbers})\b",
        lambda match: match["lead"] + str(_NUMBER_WORDS.index(match["number"])),
        folded,
    )
    ordinals = "|".join(sorted(_ORDINALS, key=len, reverse=True))
    # Alone, "den anden" is the second choice offered, not the second of the month.
    date = rf"\bden ({ordinals})(?= (?:{_MONTHS})\b)"
    return re.sub(date, lambda match: f"den {_ORDINALS[match[1]]}.", folded)
