"""Tells what a message wants from what it refuses: "torsdag, men ikke om morgenen"."""

import re

_TIME = re.compile(
    r"(?:man|tirs|ons|tors|fre|lør|søn)dag|formiddag|eftermiddag|morgen|aften|\bmiddag|frokost|weekend|"
    r"\buge|"
    r"\bi dag\b|måned|\bjul\b|nytår|påske|hverdag|\bkl\b|\d[./:]\d|\b\d{1,2}\b|"
    r"\b(?:januar|februar|marts|april|i maj|juni|juli|august|september|oktober|november|december)\b"
)
_WEEKDAY = r"(?:man|tirs|ons|tors|fre|lør|søn)dag(?:ene?|e)?"

# What only looks like a time of meeting, or like a refusal.
_BESIDE_THE_POINT = re.compile(
    rf"\b(?:i|sidste|forrige) {_WEEKDAY}s\b|\b(?:sidste|forrige) (?:uge(?! i| af)|måned|år|jul|"
    rf"{_WEEKDAY})\b|\bi går\b|"
    r"\bsiden (?:i )?(?:sidste )?\w+|\b(?:for )?(?:\d+|et par|en) (?:dage?|uger?|måneder|måned|år) siden\b|"
    r"\b(?:god|glædelig|dejlig|skøn)e? (?:morgen|formiddag|eftermiddag|aften|weekend|dag|jul|nytår|påske|"
    rf"{_WEEKDAY})\b|\bgod(?:morgen|aften|nat)\b|\b(?:tak|nok|farvel|slut|færdig|ikke mere) for i dag\b|"
    r"\b(?:leder|ledt|søger|udkig|kig|spørger|længe) efter\b(?! kl)|"
    r"\b(?:hvorfor|hvis|om) ikke(?! om )\b|\bikke (?:kun|mindst|sandt|også|noget problem|imod)\b|"
    r"\bgør ikke noget\b"
)
_POLITE_QUESTION = re.compile(
    r"^\W*(?:(?:og|hej|men|så) )?(?:kan|kunne|skal|må|vil|har|er)(?: der| det)? ?(?:vi|jeg|i|du|man|de|"
    r"det|der)?(?: slet)? ikke"
    r"(?= (?:bare |lige |godt )?(?:få|sige|tage|mødes|finde|blive|være|lave|prøve|gøre|flytte|rykke|"
    r"give|noget|nogle?n?|"
    r"en|et|også|komme (?:på|om|i)\b.*\?))"
)
_INSTEAD = re.compile(r"\bi stedet for\b.*$|(?<!senere )(?<!tidligere )(?<!før )\bend\b.*$")
_OTHER_THAN = re.compile(r"\b(?:andre (?:dage|tider|tidspunkter)|andet|anden (?:dag|tid|ugedag)) end\b")
_MOVED = re.compile(
    rf"\b(?:flyt|ryk|byt|ændr|skub|skift)\w*\b.*?\b(?:{_WEEKDAY}|i (?:over)?morgen|i dag|"
    r"uge)\b.*?\b(?:til|ud med)\b"
    r"|\b(?:min tid|mit møde|min samtale|tiden|mødet|samtalen)\b.*\b(?:flyttes|rykkes|byttes|"
    r"ændres)\b.*?\b(?:til|ud med)\b"
)
_THAT_TIME = re.compile(r"(\bkl \d{1,2}(?:[.:]\d\d)?)(.*?\b(?:før|inden|efter)) (?:det|da|den tid)\b")

_BOUNDARY = re.compile(
    r"[;!?]|,|(?<!\d)\.(?=\s+[a-zæøå])|\s[-–]\s(?=[a-zæøå])|"
    r"\b(?:men|fordi|hvor|derimod|ellers|resten|hellere|helst|gerne|kun|bare|"
    r"så(?! (?:tidlig|hurtig|snart|sen|tæt|vidt|mange|længe|godt|fint))|"
    r"da(?= (?:jeg|vi|min|mit|der))|for(?= (?:der|da|jeg|vi|min|mit|så)\b)|"
    rf"(?<!dag )og(?= (?:jeg|vi|det|ikke|om {_WEEKDAY} (?:er|kan|har|går)|{_WEEKDAY} (?:er|kan|passer|"
    r"går|har|skal|ville))\b))\b"
)
_LISTED_DAY = re.compile(
    rf"\s*(?:på |om )?{_WEEKDAY}\b(?!\s+(?:er|kan|går|har|passer|duer|dur|ville|skal|bliver)\b)"
)

_NOT_A_LIMIT = r"(?! (?:før|efter|senere end|tidligere end|inden|over)\b(?! (?:frokost|middag)))"
_REFUSES_REST = re.compile(
    rf"\b(?:ikke{_NOT_A_LIMIT}|undtagen|undtaget|bortset fra|på nær|udover|minus|uden|hverken|aldrig|"
    r"undgå|nej til|"
    r"med undtagelse af|andre (?:dage|tider|tidspunkter) end|andet end|anden (?:dag|tid|ugedag) end)\b"
)
_VERB = r"(?:kan|ka|går|passer|duer|dur|er|har|kommer|vil|skal|bliver|fungerer|egner)"
_REFUSES_ALL = re.compile(
    rf"\b{_VERB}\b(?: \w+){{0,3}}? (?:ikke|aldrig){_NOT_A_LIMIT}\b|\bjeg (?:ikke|aldrig) kan\b|"
    r"\b(?:er|bliver)(?: \w+){0,2}? (?:udelukket|umulig\w*|optaget|dårlig\w*|skidt|svære?t?|træls|besat)\b|"
    r"\bpasser (?:\w+ )?(?:dårligt|skidt)\b|\b(?:udelukket|umuligt?)\b|(?<=dag) \w+ ikke(?= for mig|$)"
)
_APPOINTMENT = (
    r"(?:tandlæge\w*|læge\w*|frisør\w*|aftaler?|møde|arbejde|vagt\w*|børn\w*|besøg|gæster|skole|"
    r"undervisning|kursus|"
    r"sprogskole|travlt|fysio\w*|praktik|behandling|træning|planer|barn\w*|fødselsdag|dansk\w*|"
    r"noget(?: andet)?(?! ledigt)|"
    r"ikke (?:tid|mulighed|fri)|jobsamtale|hospital\w*|eksamen|andet|svømning|koncert|ferie)"
)
_BUSY = re.compile(
    r"\b(?:er (?:jeg|vi)|(?:jeg|vi) er)(?: \w+)?? (?:optaget|på (?:arbejde|job|ferie|sprogskole|skole|"
    r"kursus|hospital\w*)|"
    r"ude at|bortrejst|væk|i (?:praktik|skole|byen|udlandet|aktivering)|hos|forhindret|syg)\b|"
    r"\b(?:er (?:jeg|vi)|(?:jeg|vi) er) til (?!at\b|stede|rådighed|samtale|møde)\w+|"
    r"\b(?:(?:arbejder|passer|henter|afleverer|træner|rejser|sover|underviser|studerer|spiller) jeg|"
    r"(?:jeg|vi) (?:arbejder|passer|henter|afleverer|træner|rejser|sover|underviser|studerer|spiller))\b|"
    r"^\s*(?:arbejder|henter børn|passer børn\w*|optaget)\b|"
    r"\b(?:skal (?:jeg|vi)|(?:jeg|vi) skal) (?:\w+ )??(?:til (?!samtale|en samtale|møde\b)|hente|"
    r"aflevere|passe|arbejde|ud\b|rejse|"
    r"hos\b|i (?:skole|byen|praktik|kirke)|på arbejde|noget|afsted)|"
    r"(?:^\W*har(?! (?:i|du|ikke|jeg|vi)\b)(?!.*\b(?:noget|andet)\b)|\bhar (?:jeg|vi)|\b(?:jeg|"
    rf"vi) har)(?: \w+){{0,2}}? {_APPOINTMENT}\b(?! fri)|\b(?:går jeg|jeg går) (?:til|på|i)\b|"
    r"\bhar (?:jeg|vi) (?:allerede )?(?!(?:\w+ )?(?:tid|fri|mulighed|ledigt?|plads|god|bedst|bedre|"
    r"brug|et hul|først|det|en|hele)\b)\w+"
)
_QUESTION = re.compile(r"^\W*(?:hv\w+|(?:har|skal|er|arbejder) jeg)\b")
_NOT_SO_EARLY = re.compile(r"^\W*(?:alt |så |for |alt for )*(?:tidligt?|sent|sidst på|først på)\b(?! at)")
_SAME_DAY = re.compile(
    r"^\W*der\b|\bder (?:kan|har|er|arbejder|passer|går|skal) (?:jeg|vi)\b|\b(?:den dag|de dage|dér|"
    r"dem|det (?:går|passer|duer|dur))\b"
)


def wished_and_refused(text: str) -> tuple[str, str]:
    """Gives what is wished and what is refused, each as a folded text with "; " between its parts."""
    text = _BESIDE_THE_POINT.sub(" ; ", _THAT_TIME.sub(r"\1\2 \1", text))
    wished: list[str] = []
    refused: list[str] = []
    for clause in _clauses(text):
        wish, refusal = _read(clause)
        if not _TIME.search(clause):
            if wished and refusal and _SAME_DAY.search(clause):
                refused.append(wished.pop())
            elif _NOT_SO_EARLY.search(refusal):
                refused.append(refusal)
                refusal = ""
        elif refusal:
            refused.append(refusal)
        wished.append(wish)
    return " ; ".join(wished), " ; ".join(refused)


def _clauses(text: str) -> list[str]:
    """Splits where a negation ends; a list of days ("ikke mandag, tirsdag eller fredag") stays whole."""
    clauses: list[str] = []
    start = 0
    for boundary in _BOUNDARY.finditer(text):
        if boundary[0] == "," and _LISTED_DAY.match(text[boundary.end() :]):
            continue
        clauses.append(text[start : boundary.start()])
        start = boundary.end()
    return [*clauses, text[start:]]


def _read(clause: str) -> tuple[str, str]:
    """Gives the wished and the refused part of a clause."""
    clause = _POLITE_QUESTION.sub(" ", clause)
    clause = _MOVED.sub(" ", clause)
    if not _OTHER_THAN.search(clause):
        clause = _INSTEAD.sub(" ", clause)
    whole = _REFUSES_ALL.search(clause)
    if (_BUSY.search(clause) and not _QUESTION.search(clause)) or (
        whole and _says_a_time_before(clause, whole)
    ):
        return "", clause
    rest = _REFUSES_REST.search(clause)
    return (clause[: rest.start()], clause[rest.end() :]) if rest else (clause, "")


def _says_a_time_before(clause: str, refusal: re.Match[str]) -> bool:
    """Tells "onsdag kan jeg ikke" from "jeg kan ikke onsdag", where only what follows is refused."""
    return bool(_TIME.search(clause[: refusal.start()])) or not _TIME.search(clause)
