"""The words that the rules of time know, and ordinary words that look like them."""

WEEKDAY_NAMES = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
MONTH_NAMES = ("januar februar marts april maj juni juli august september oktober november december").split()
NUMBER_WORDS = (
    "nul en to tre fire fem seks syv otte ni ti elleve tolv tretten fjorten femten seksten sytten "
    "atten nitten"
).split()
ORDINALS = {
    word: number
    for number, word in enumerate(
        (
            "første anden tredje fjerde femte sjette syvende ottende niende tiende ellevte tolvte "
            "trettende "
            "fjortende femtende sekstende syttende attende nittende tyvende enogtyvende toogtyvende "
            "treogtyvende fireogtyvende femogtyvende seksogtyvende syvogtyvende otteogtyvende "
            "niogtyvende tredivte enogtredivte"
        ).split(),
        start=1,
    )
}

WEEKDAY_FORMS = frozenset(name + ending for name in WEEKDAY_NAMES for ending in ("", "en", "e", "ene", "s"))
PARTS_OF_DAY = frozenset(
    "morgen morgenen morgenstunden formiddag formiddagen formiddage eftermiddag eftermiddagen eftermiddage "
    "aften aftenen middag middagstid frokost fyraften overmorgen".split()
)
SPANS = frozenset(
    "uge ugen uger ugens uges ugers dag dage måned måneden weekend weekenden hverdage hverdag "
    "hverdagene nytår jul".split()
)
CLOCK_WORDS = frozenset("kl klokken halv kvart kvarter minutter tiden".split())
LINKS = frozenset(
    "i på om til fra før efter inden ikke den næste hver en kun og eller men så sidst først senest "
    "helst gerne "
    "hele denne ved mellem omkring tidligst kommende hellere undtagen ind med end nær indtil".split()
)
VERBS = frozenset(
    "er kan jeg passer går har skal vil ville være få vi ikke tak der det hvis bedst fint godt tid "
    "duer dur bliver".split()
)
OTHER = frozenset(
    "førstkommende slutningen begyndelsen starten midt midten resten løbet snarest hurtigst muligt mulige "
    "tidligt tidligere tidlig sent senere første allerførste tidligste ledige udelukket optaget bortset "
    "hverken aldrig umulig umuligt dårligt arbejder arbejde tandlæge desværre cirka når hvornår alle andre "
    "bortrejst "
    "undgå udover bedre foretrækker forhindret henter længere fremtiden frem bare bruge".split()
)

TIME_WORDS = WEEKDAY_FORMS | PARTS_OF_DAY | SPANS | CLOCK_WORDS | frozenset(MONTH_NAMES)
KNOWN_WORDS = TIME_WORDS | LINKS | VERBS | OTHER | frozenset(NUMBER_WORDS) | frozenset(ORDINALS)
"""Every word that a rule asks for: what a misspelt word may be read as."""
