"""What a receipt calls things, in Danish."""

ERASED = {
    "words": "Det, du har skrevet, og det, robotten eller en medarbejder har svaret",
    "answers": "Dine svar i selvvurderingen",
    "proposals": "Forslaget om et spor",
    "name_and_number": (
        "Dit navn, dit telefonnummer og det job, du gerne vil have, hvis du havde fortalt det. "
        "Står dit navn også under det, vi gemmer, er det kun dér, det står endnu"
    ),
    "messages": "Beskeder, vi har sendt til dig",
    "staff_notes": "Medarbejderes noter, mærker og vurderinger",
    "corrections": "Rettelser af, hvad robotten forstod",
}
KEPT = {
    "decision": (
        "En medarbejders beslutning om dit spor, med begrundelsen og dit navn, hvis du har fortalt det",
        "Kommunen skal kunne vise, hvad den har besluttet og hvorfor (offentlighedsloven § 13).",
    ),
    "meetings": (
        "At der har været eller er et møde: tidspunktet, stedet, konsulenten, og om det blev holdt",
        "Det er en del af kommunens sag. Dit navn og nummer står der ikke mere, når mødet er slut.",
    ),
    "coming_meeting": (
        "Dit navn og nummer ved det møde, du har valgt at beholde",
        "Konsulenten skal vide, hvem der kommer. Vi sletter det af os selv, når mødet er slut.",
    ),
    "no_messages": (
        "At dit nummer ikke vil have beskeder fra os",
        "Ellers kunne vi komme til at skrive til dig igen. Nummeret står kun i kode.",
    ),
    "access_log": (
        "Hvornår medarbejdere har set samtalen, og i hvilken konto. Ikke, hvad der stod",
        "Kommunen skal kunne vise, at ingen har set noget uden grund (GDPR artikel 32).",
    ),
}
