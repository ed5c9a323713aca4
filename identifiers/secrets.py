"""Finding passwords, PIN codes and user names in what people write, when they say that it is one.

The assistant asks about digital skills, so people write about passwords all the time. Only what reads as the
secret itself is found: what stands behind "er", ":" or "=" and is no ordinary word, and what has the looks of
one, with digits or signs in it, right beside the word.
"""

import re
from collections.abc import Iterator

from identifiers.kinds import Kind

Span = tuple[int, int]

_MITID = r"(?:mit[\s-]?id|nem[\s-]?id)"
_WORDS = {
    Kind.PIN: r"pin(?:[\s-]?kode(?:n|r)?|[\s-]?code)?",
    Kind.USER_ID: rf"{_MITID}?[\s-]*(?:bruger(?:[\s-]?id|navn)(?:et|en)?|user[\s-]?(?:id|name))",
    Kind.PASSWORD: r"(?:adgangs?[\s-]?kode(?:n|r|ord)?|kode[\s-]?ord(?:et)?|koden?|løsen(?:et)?"
    r"|pass[\s-]?(?:word|code|ord)(?:et|en)?)",
}
_WHERE = r"(?:\s+(?:til|på|for|i|hos|to|for)\s+(?:(?!er\b|is\b)[\w@.'-]+\s+){0,3}(?!er\b|is\b)[\w@.'-]+)?"
_ALWAYS = r"(?:\s+(?:nu|så|jo|bare|altid|også|stadig|vist|nok|just))*"
_IS = rf"(?:\s*(?P<label>[:=])\s*|\s+(?:er|var|hedder|lyder|is|was){_ALWAYS}\s*:?\s+)"
_WHAT = r"(?:\"(?P<quoted>[^\"\n]{2,60})\"|[„“”«»'](?P<marked>[^„“”«»'\n]{2,60})[„“”«»']"
_WHAT += r"|(?P<spaced>\d{2,4}(?: \d{2,4}){1,2})(?!\d)|(?P<token>\S{3,60}))"
_SIGNS = frozenset("@#$%&*+=^~<>|{}§£€_")

# Words that follow "min kode er" and are not the code.
_ORDINARY = frozenset(
    "ikke nok for så meget alt altid aldrig jo da også bare kun væk glemt svær svært nem nemt let lang "
    "langt kort hemmelig hemmeligt sikker sikkert usikker usikkert god godt dårlig dårligt forkert "
    "rigtig rigtigt ny nyt gammel gammelt ens samme den det de en et min mit mine hans hendes vores "
    "noget nogen noter gemt skrevet skiftet ændret udløbet låst spærret lukket blokeret stjålet hacket "
    "bortkommet på i til fra med uden af om ved hvor hvad hvem hvornår hvordan hvorfor at når hvis som "
    "der her sat lavet opdateret nulstillet anderledes vigtig vigtigt personlig privat irriterende "
    "besværlig besværligt umulig umuligt håbløs håbløst kompliceret enkel enkelt simpel simpelt stærk "
    "stærkt svag svagt mindst højst cirka omkring først længere kortere påkrævet nødvendig nødvendigt "
    "blevet smart ok okay fin fint super træls nederen guld tit ofte mange flere ingen intet tom tomt "
    "ret helt lidt rimelig ganske bedst værst dem bedre sådan sådanne nul jeg du han hun man vi jer os "
    "not forgotten wrong too very lost expired blocked hard difficult the my your secret safe weak "
    "strong".split()
)
_ORDINARY_END = re.compile(r"(?:lig|ligt|ede|ende|eret|løs|bar|isk|somt?|et|t)$")
_DIGITS_ONLY = re.compile(r"\d{4,8}")
# "10.30", "kl.10", "2-faktor", "hanne@mail.dk" and "borger.dk" have digits or signs and are no secrets.
_OTHER = re.compile(
    r"(?:kl|d|nr)\.?\d.*|\d{1,3}[.-][a-zæøå]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:[\w-]+\.)+(?:dk|com|org|net|eu)",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[.,;:!?)\"'”\s]*(?:$|\n|og\b|så\b|men\b|tak\b)", re.IGNORECASE)
_COUNTS = re.compile(r"\s*(?:tegn|cifre|bogstaver|tal|kr\b|kroner|år|gange|minutter|%)", re.IGNORECASE)


def secret_spans(text: str) -> Iterator[tuple[Span, Kind]]:
    """Where secrets stand, and of which kind each is."""
    for kind, word in _WORDS.items():
        yield from ((span, kind) for span in _told(text, rf"\b{word}\b{_WHERE}{_IS}{_WHAT}"))
        yield from ((span, kind) for span in _beside(text, word))
    mitid = rf"\b{_MITID}{_IS}{_WHAT}"
    yield from ((span, Kind.USER_ID) for span in _told(text, mitid, looks_needed=True))


def _told(text: str, pattern: str, *, looks_needed: bool = False) -> Iterator[Span]:
    """What is said to be the secret: "min kode er ...", "password=..."."""
    for found in re.finditer(pattern, text, re.IGNORECASE):
        if found["token"] is None:
            yield next(found.span(form) for form in ("quoted", "marked", "spaced") if found[form])
            continue
        start, end = _trimmed(text, *found.span("token"))
        token, after = text[start:end], text[end:]
        is_word = _is_last_word(token, after, labelled=found["label"] is not None)
        if _looks_secret(token, after) or (not looks_needed and is_word):
            yield start, end


def _beside(text: str, word: str) -> Iterator[Span]:
    """What has the looks of a secret and stands right beside the word, before or after it."""
    after = rf"\b{word}(?:\s+|\s?[-–>#]+\s?)(?P<token>\S{{4,60}})"
    mine = r"(?:(?:min|mit|en|et|min egen|my|a)\s+)?"
    before = rf"(?<!\S)(?P<token>\S{{4,60}})\s+(?:er|som|is|as)\s+{mine}{word}\b(?![\s-]*\d)"
    for pattern in (after, before):
        for found in re.finditer(pattern, text, re.IGNORECASE):
            start, end = _trimmed(text, *found.span("token"))
            if _looks_secret(text[start:end], text[end:]):
                yield start, end


def _trimmed(text: str, start: int, end: int) -> Span:
    """A token without the signs of the sentence around it."""
    while end > start and text[end - 1] in ".,;:?)\"'”":
        end -= 1
    while start < end and text[start] in "(\"'“„":
        start += 1
    return start, end


def _looks_secret(token: str, after: str) -> bool:
    """Tells whether it has the looks of a secret: digits among letters, signs, or four to eight digits."""
    if len(token) < 4 or _OTHER.fullmatch(token) or _COUNTS.match(after):
        return False
    if token.isdecimal():
        return _DIGITS_ONLY.fullmatch(token) is not None
    has_letters = any(character.isalpha() for character in token)
    return has_letters and any(character.isdigit() or character in _SIGNS for character in token)


def _is_last_word(token: str, after: str, *, labelled: bool) -> bool:
    """Tells whether a word is what a sentence ends with, and none that says how it is with a secret."""
    folded = token.casefold().strip("!-'’…")
    if not _ENDS.match(after) or len(folded) < 4 or not folded.isalpha() or folded in _ORDINARY:
        return False
    return labelled or _ORDINARY_END.search(folded) is None
