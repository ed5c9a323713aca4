"""Danish phrases about when to meet, as people write them. Now is Tuesday 24 November 2026, 10.15."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.nlu.danish_time import understand_time
from bot.nlu.danish_time.vocabulary import WEEKDAY_NAMES
from bot.nlu.noise import noisy

NOW = datetime(2026, 11, 24, 10, 15)

WORKDAYS = ["mon", "tue", "wed", "thu", "fri"]
BEFORE_NOON = {"time_to": "11:59"}
AFTER_NOON = {"time_from": "12:00"}
TOMORROW = {"from": "2026-11-25", "to": "2026-11-25"}
THIS_WEEK = {"from": "2026-11-24", "to": "2026-11-29"}
NEXT_WEEK = {"from": "2026-11-30", "to": "2026-12-06"}
DECEMBER_3 = {"from": "2026-12-03", "to": "2026-12-03"}


def at(clock: str) -> dict[str, str]:
    return {"time_from": clock, "time_to": clock}


PHRASES: list[tuple[str, dict[str, Any]]] = [
    # weekdays
    ("tirsdag", {"weekdays": ["tue"]}),
    ("Tirsdag kl 10", {"weekdays": ["tue"], **at("10:00")}),
    ("tirsdage eller torsdage", {"weekdays": ["tue", "thu"]}),
    ("kun onsdag og fredag", {"weekdays": ["wed", "fri"]}),
    ("loerdag", {"weekdays": ["sat"]}),
    ("hverdage", {"weekdays": WORKDAYS}),
    ("på tirsdag", {"weekdays": ["tue"], "from": "2026-12-01", "to": "2026-12-01"}),
    ("paa fredag kl. 13.30", {"weekdays": ["fri"], "from": "2026-11-27", "to": "2026-11-27", **at("13:30")}),
    ("næste fredag", {"weekdays": ["fri"], "from": "2026-12-04", "to": "2026-12-04"}),
    ("førstkommende mandag", {"weekdays": ["mon"], "from": "2026-11-30", "to": "2026-11-30"}),
    ("mandag i næste uge", {"weekdays": ["mon"], **NEXT_WEEK}),
    # not these
    ("ikke onsdag", {"not_weekdays": ["wed"]}),
    ("book en tid men ikke onsdag der passer jeg mit barnebarn", {"not_weekdays": ["wed"]}),
    ("ikk om onsdagen", {"not_weekdays": ["wed"]}),
    ("jeg kan ikke på tirsdag", {"not_weekdays": ["tue"]}),
    ("jeg kan på tirsdag", {"weekdays": ["tue"], "from": "2026-12-01", "to": "2026-12-01"}),
    ("onsdag kan jeg ikke", {"not_weekdays": ["wed"]}),
    ("fredag passer mig ikke", {"not_weekdays": ["fri"]}),
    ("alle dage undtagen mandag", {"not_weekdays": ["mon"]}),
    ("ikke mandag eller tirsdag", {"not_weekdays": ["mon", "tue"]}),
    ("ikke mandag, tirsdag eller fredag", {"not_weekdays": ["mon", "tue", "fri"]}),
    ("jeg kan ikke tirsdag men gerne torsdag", {"weekdays": ["thu"], "not_weekdays": ["tue"]}),
    ("torsdag, ikke fredag", {"weekdays": ["thu"], "not_weekdays": ["fri"]}),
    ("mandag er jeg på arbejde", {"not_weekdays": ["mon"]}),
    ("bare ikke i morgen", {"from": "2026-11-26"}),
    ("ikke i denne uge", {"from": "2026-11-30"}),
    ("ikke i næste uge", {"from": "2026-12-07"}),
    # near days
    ("i dag", {"from": "2026-11-24", "to": "2026-11-24"}),
    ("i morgen", TOMORROW),
    ("imorgen kl 9", {**TOMORROW, **at("09:00")}),
    ("i morgen formiddag", {**TOMORROW, **BEFORE_NOON}),
    ("i overmorgen", {"from": "2026-11-26", "to": "2026-11-26"}),
    ("om tre dage", {"from": "2026-11-27", "to": "2026-11-27"}),
    ("om et par dage", {"from": "2026-11-26"}),
    # weeks and months
    ("i næste uge", NEXT_WEEK),
    ("naeste uge om formiddagen", {**NEXT_WEEK, **BEFORE_NOON}),
    ("i denne uge", THIS_WEEK),
    ("sidst på ugen i næste uge", {"from": "2026-12-03", "to": "2026-12-06"}),
    ("i starten af næste uge", {"from": "2026-11-30", "to": "2026-12-01"}),
    ("om to uger", {"from": "2026-12-07", "to": "2026-12-13"}),
    ("om en uge", NEXT_WEEK),
    ("uge 50", {"from": "2026-12-07", "to": "2026-12-13"}),
    ("i uge 2", {"from": "2027-01-11", "to": "2027-01-17"}),
    ("i december", {"from": "2026-12-01", "to": "2026-12-31"}),
    ("først i december", {"from": "2026-12-01", "to": "2026-12-10"}),
    ("i januar", {"from": "2027-01-01", "to": "2027-01-31"}),
    ("næste måned", {"from": "2026-12-01", "to": "2026-12-31"}),
    # written dates
    ("den 3. december", DECEMBER_3),
    ("den 3. december om formiddagen", {**DECEMBER_3, **BEFORE_NOON}),
    ("3 dec", DECEMBER_3),
    ("3/12", DECEMBER_3),
    ("d. 3/12 kl 10", {**DECEMBER_3, **at("10:00")}),
    ("den 3.12.2026", DECEMBER_3),
    ("den tredje december", DECEMBER_3),
    ("fredag den 27.", {"weekdays": ["fri"], "from": "2026-11-27", "to": "2026-11-27"}),
    ("den 2.", {"from": "2026-12-02", "to": "2026-12-02"}),
    ("24. november", {"from": "2026-11-24", "to": "2026-11-24"}),
    ("efter den 3. december", {"from": "2026-12-04"}),
    ("inden den 10. december", {"to": "2026-12-09"}),
    ("fra den 1. december", {"from": "2026-12-01"}),
    ("senest den 10. december", {"to": "2026-12-10"}),
    ("mellem den 1. og den 4. december", {"from": "2026-12-01", "to": "2026-12-04"}),
    # time of day
    ("kl 10", at("10:00")),
    ("klokken ti", at("10:00")),
    ("10.30", at("10:30")),
    ("kl. 10:30", at("10:30")),
    ("halv elleve", at("10:30")),
    ("kvart over ti", at("10:15")),
    ("kvart i ti", at("09:45")),
    ("kl 2", at("14:00")),
    ("om formiddagen", BEFORE_NOON),
    ("helst eftermiddag", AFTER_NOON),
    ("om morgenen", {"time_to": "09:59"}),
    ("efter frokost", AFTER_NOON),
    ("efter kl 13", {"time_from": "13:00"}),
    ("ikke før 10", {"time_from": "10:00"}),
    ("ikke før kl ti", {"time_from": "10:00"}),
    ("før 12", {"time_to": "12:00"}),
    ("mellem 10 og 12", {"time_from": "10:00", "time_to": "11:59"}),
    ("fra 9 til 11", {"time_from": "09:00", "time_to": "10:59"}),
    ("10-12", {"time_from": "10:00", "time_to": "11:59"}),
    ("ved 10-tiden", {"time_from": "09:30", "time_to": "10:30"}),
    ("omkring kl 11", {"time_from": "10:30", "time_to": "11:30"}),
    ("ikke om morgenen", {"time_from": "10:00"}),
    ("jeg kan ikke om formiddagen", AFTER_NOON),
    ("tirsdag efter kl. 10", {"weekdays": ["tue"], "time_from": "10:00"}),
    ("ikke onsdag og helst om eftermiddagen", {"not_weekdays": ["wed"], **AFTER_NOON}),
    # as soon as possible, later
    ("så tidligt som muligt", {"earliest": True}),
    ("hurtigst muligt", {"earliest": True}),
    ("den første ledige tid", {"earliest": True}),
    ("snarest", {"earliest": True}),
    ("senere", {"later": True}),
    ("har du noget senere?", {"later": True}),
    # asked for, refused and given as a reason, all in one
    ("mandag middag", {"weekdays": ["mon"], "time_from": "11:00", "time_to": "13:00"}),
    ("mellem halv ni og ti", {"time_from": "08:30", "time_to": "09:59"}),
    ("uge 51 eller senere", {"from": "2026-12-14"}),
    ("i januar eller februar", {"from": "2027-01-01", "to": "2027-02-28"}),
    ("det haster ikke, bare det bliver inden nytår", {"to": "2026-12-31"}),
    ("ligegyldigt hvornår", {"earliest": True}),
    ("en senere dato", {"later": True}),
    ("jeg er bortrejst til den 10. december", {"from": "2026-12-10"}),
    ("kl. 14 passer ikke, men kl. 15 gør", at("15:00")),
    ("fredage er jeg altid optaget", {"not_weekdays": ["fri"]}),
    ("kan det blive mandag i stedet for fredag", {"weekdays": ["mon"]}),
    ("mandag om en uge", {"weekdays": ["mon"], **NEXT_WEEK}),
    ("ikke før på torsdag", {"from": "2026-11-26"}),
    ("tirsdag efter klokken 11 ville passe", {"weekdays": ["tue"], "time_from": "11:00"}),
    ("om onsdagen har jeg børnebørn så ikke den dag", {"not_weekdays": ["wed"]}),
    (
        "den 8. december omkring klokken 12",
        {"from": "2026-12-08", "to": "2026-12-08", "time_from": "11:30", "time_to": "12:30"},
    ),
    (
        "jeg kan på fredag men ikke før 12",
        {"weekdays": ["fri"], "from": "2026-11-27", "to": "2026-11-27", "time_from": "12:00"},
    ),
    ("torsdag er udelukket", {"not_weekdays": ["thu"]}),
    ("den om torsdagen lyder fin", {"weekdays": ["thu"]}),
    ("hvad med i morgen eftermiddag", {"from": "2026-11-25", "to": "2026-11-25", "time_from": "12:00"}),
    ("jeg har først fri i uge 51", {"from": "2026-12-14", "to": "2026-12-20"}),
    ("kan det blive mandag eller onsdag", {"weekdays": ["mon", "wed"]}),
    (
        "gerne den 15. december kl. 9",
        {"from": "2026-12-15", "to": "2026-12-15", "time_from": "09:00", "time_to": "09:00"},
    ),
    ("alle dage på nær fredag", {"not_weekdays": ["fri"]}),
    ("jeg kan bedst om formiddagen", {"time_to": "11:59"}),
    ("i næste uge men ikke om mandagen", {"not_weekdays": ["mon"], "from": "2026-11-30", "to": "2026-12-06"}),
    (
        "book mig en tid halv ti på torsdag",
        {
            "weekdays": ["thu"],
            "from": "2026-11-26",
            "to": "2026-11-26",
            "time_from": "09:30",
            "time_to": "09:30",
        },
    ),
    ("må det vente til januar", {"from": "2027-01-01", "to": "2027-01-31"}),
    ("jeg skal hente børn klokken 15 så det skal være før 14", {"time_to": "14:00"}),
    ("fredag går ikke for mig", {"not_weekdays": ["fri"]}),
    ("hellere torsdag end tirsdag", {"weekdays": ["thu"]}),
    ("det haster, giv mig den allerførste tid", {"earliest": True}),
    ("jo før jo bedre", {"earliest": True}),
    ("har I noget længere ude i fremtiden", {"later": True}),
    ("onsdag d. 9/12", {"weekdays": ["wed"], "from": "2026-12-09", "to": "2026-12-09"}),
    ("efter d. 1. december er jeg fri hver dag", {"from": "2026-12-02"}),
    ("mellem klokken 9 og 11 en tirsdag", {"weekdays": ["tue"], "time_from": "09:00", "time_to": "10:59"}),
    ("jeg arbejder om aftenen så helst om morgenen", {"time_to": "09:59"}),
    ("om to dage kan jeg godt", {"from": "2026-11-26", "to": "2026-11-26"}),
    ("ikk i dag men gerne i morgen", {"from": "2026-11-25", "to": "2026-11-25"}),
    ("tidligst den 7. december", {"from": "2026-12-07"}),
    ("jeg har kun mulighed for at komme om mandagen", {"weekdays": ["mon"]}),
    ("flyt den til torsdag i næste uge", {"weekdays": ["thu"], "from": "2026-11-30", "to": "2026-12-06"}),
    (
        "kvart over ni om fredagen ville være perfekt",
        {"weekdays": ["fri"], "time_from": "09:15", "time_to": "09:15"},
    ),
    ("jeg kan hverken mandag eller tirsdag", {"not_weekdays": ["mon", "tue"]}),
    ("kan jeg komme i eftermiddag", {"from": "2026-11-24", "to": "2026-11-24", "time_from": "12:00"}),
    ("senest på fredag", {"to": "2026-11-27"}),
    (
        "hverdage efter arbejde kl 16",
        {"weekdays": ["mon", "tue", "wed", "thu", "fri"], "time_from": "16:00", "time_to": "16:00"},
    ),
    ("den 30. passer mig fint", {"from": "2026-11-30", "to": "2026-11-30"}),
    ("en dag i december", {"from": "2026-12-01", "to": "2026-12-31"}),
    ("på onsdag har jeg tandlæge", {"not_weekdays": ["wed"]}),
    ("det skal være inden jul", {"to": "2026-12-23"}),
    ("ikke så tidligt, efter klokken ti er godt", {"time_from": "10:00"}),
    ("jeg kan ikke om mandagen men ellers når som helst", {"not_weekdays": ["mon"], "earliest": True}),
    ("onsdag duer ikke for mig, hvad med torsdag", {"weekdays": ["thu"], "not_weekdays": ["wed"]}),
    ("på fredag er jeg optaget", {"not_weekdays": ["fri"]}),
    ("har tandlæge på onsdag", {"not_weekdays": ["wed"]}),
    ("jeg kan kun om eftermiddagen", {"time_from": "12:00"}),
    ("hele ugen undtagen fredag", {"not_weekdays": ["fri"]}),
    ("sidst på ugen", {"from": "2026-11-26", "to": "2026-11-29"}),
    ("efter fyraften", {"time_from": "16:00"}),
    ("i eftermiddag efter kl 14", {"from": "2026-11-24", "to": "2026-11-24", "time_from": "14:00"}),
    ("om 14 dage", {"from": "2026-12-07", "to": "2026-12-13"}),
    ("efter nytår", {"from": "2027-01-01"}),
    ("før jul hvis det er muligt", {"to": "2026-12-23"}),
    ("mellem jul og nytår", {"from": "2026-12-27", "to": "2026-12-31"}),
    ("tirsdag til torsdag", {"weekdays": ["tue", "wed", "thu"]}),
    ("fra onsdag og frem", {"from": "2026-11-25"}),
    ("tidligst på torsdag", {"from": "2026-11-26"}),
    ("inden fredag", {"to": "2026-11-26"}),
    ("senest onsdag i næste uge", {"from": "2026-11-30", "to": "2026-12-02"}),
    ("efter onsdag i næste uge", {"from": "2026-12-03", "to": "2026-12-06"}),
    ("en af de første dage i december", {"from": "2026-12-01", "to": "2026-12-31"}),
    ("midt i december", {"from": "2026-12-10", "to": "2026-12-20"}),
    ("sidst i januar", {"from": "2027-01-20", "to": "2027-01-31"}),
    ("fra den 1. til den 4. december", {"from": "2026-12-01", "to": "2026-12-04"}),
    ("3.-5. december", {"from": "2026-12-03", "to": "2026-12-05"}),
    ("uge 50 eller 51", {"from": "2026-12-07", "to": "2026-12-20"}),
    ("efter uge 50", {"from": "2026-12-14"}),
    ("kl 10 eller senere", {"time_from": "10:00"}),
    ("kl. 9 eller 10", {"time_from": "09:00", "time_to": "10:00"}),
    ("ved halv elleve-tiden", {"time_from": "10:00", "time_to": "11:00"}),
    ("torsdag 10.30", {"weekdays": ["thu"], "time_from": "10:30", "time_to": "10:30"}),
    ("torsdag kl. 1030", {"weekdays": ["thu"], "time_from": "10:30", "time_to": "10:30"}),
    (
        "i morgen klokken ti minutter i ni",
        {"from": "2026-11-25", "to": "2026-11-25", "time_from": "08:50", "time_to": "08:50"},
    ),
    (
        "fem minutter over halv ti på mandag",
        {
            "from": "2026-11-30",
            "to": "2026-11-30",
            "weekdays": ["mon"],
            "time_from": "09:35",
            "time_to": "09:35",
        },
    ),
    ("jeg får fri kl. 14", {"time_from": "14:00"}),
    ("jeg arbejder til 15", {"time_from": "15:00"}),
    ("jeg henter børn kl. 15 så før 14", {"time_to": "14:00"}),
    ("bare ikke fredag eftermiddag", {"not_weekdays": ["fri"]}),
    ("jeg vil helst ikke om aftenen", {"time_to": "15:59"}),
    ("ikke for tidligt om morgenen", {"time_from": "10:00"}),
    ("weekend passer bedst", {"weekdays": ["sat", "sun"]}),
    ("ikke i weekenden", {"not_weekdays": ["sat", "sun"]}),
    ("efter weekenden", {"from": "2026-11-30"}),
    ("hverken i dag eller i morgen", {"from": "2026-11-26"}),
    ("i morgen eller overmorgen", {"from": "2026-11-25", "to": "2026-11-26"}),
    ("i dag eller i morgen", {"from": "2026-11-24", "to": "2026-11-25"}),
    ("på torsdag eller fredag", {"from": "2026-11-26", "to": "2026-11-27", "weekdays": ["thu", "fri"]}),
    ("onsdag, der arbejder jeg", {"not_weekdays": ["wed"]}),
    ("kan vi ikke sige torsdag kl. 13", {"weekdays": ["thu"], "time_from": "13:00", "time_to": "13:00"}),
    ("fra en til tre", {"time_from": "13:00", "time_to": "14:59"}),
    ("mellem et og tre", {"time_from": "13:00", "time_to": "14:59"}),
    ("mandag efter to", {"weekdays": ["mon"], "time_from": "14:00"}),
    ("den 3. eller 4. december", {"from": "2026-12-03", "to": "2026-12-04"}),
    ("alle dage er fine men ikke før kl. 9.30", {"time_from": "09:30"}),
    ("inden for de næste to uger", {"from": "2026-11-24", "to": "2026-12-08"}),
    ("i løbet af ugen", {"from": "2026-11-24", "to": "2026-11-29"}),
    ("i næste uge, helst sidst på ugen", {"from": "2026-12-03", "to": "2026-12-06"}),
    ("i starten af ugen", {"from": "2026-11-30", "to": "2026-12-01"}),
    ("om en uges tid", {"from": "2026-11-30", "to": "2026-12-06"}),
    ("i denne måned", {"from": "2026-11-24", "to": "2026-11-30"}),
    ("når som helst bortset fra torsdag", {"not_weekdays": ["thu"], "earliest": True}),
    ("i stedet for mandag vil jeg gerne have tirsdag", {"weekdays": ["tue"]}),
    ("flyt min tid fra onsdag til fredag", {"weekdays": ["fri"]}),
    ("den 14.", {"from": "2026-12-14", "to": "2026-12-14"}),
    (
        "d. 2. december kl. 14-15",
        {"from": "2026-12-02", "to": "2026-12-02", "time_from": "14:00", "time_to": "14:59"},
    ),
    (
        "10-12 på tirsdag",
        {
            "from": "2026-12-01",
            "to": "2026-12-01",
            "weekdays": ["tue"],
            "time_from": "10:00",
            "time_to": "11:59",
        },
    ),
    ("omkring middag", {"time_from": "11:00", "time_to": "13:00"}),
    ("kan du noget om formiddagen i uge 49", {"from": "2026-11-30", "to": "2026-12-06", "time_to": "11:59"}),
    ("jeg kan kun tirsdage mellem 12 og 14", {"weekdays": ["tue"], "time_from": "12:00", "time_to": "13:59"}),
    ("det skal ikke være torsdag", {"not_weekdays": ["thu"]}),
    ("onsdag passer dårligt", {"not_weekdays": ["wed"]}),
    ("mandag og tirsdag kan jeg ikke, resten af ugen er fint", {"not_weekdays": ["mon", "tue"]}),
    ("jeg er på ferie i næste uge", {"from": "2026-12-07"}),
    ("jeg er væk i uge 49", {"from": "2026-12-07"}),
    ("har I noget i december", {"from": "2026-12-01", "to": "2026-12-31"}),
    ("snarest muligt, dog ikke i morgen", {"from": "2026-11-26", "earliest": True}),
    ("min søn er syg så ikke i dag", {"from": "2026-11-25"}),
    ("skal aflevere børn kl. 8 så efter kl. 9", {"time_from": "09:00"}),
    ("op til kl. 12", {"time_to": "12:00"}),
    ("ikke senere end kl. 15", {"time_to": "15:00"}),
    ("alle hverdage før kl. 10", {"weekdays": ["mon", "tue", "wed", "thu", "fri"], "time_to": "10:00"}),
    ("helst i formiddagstimerne", {"time_to": "11:59"}),
    ("jeg har fri om fredagen", {"weekdays": ["fri"]}),
    ("jeg har ikke fri før kl. 16", {"time_from": "16:00"}),
    ("vi siger den 7.", {"from": "2026-12-07", "to": "2026-12-07"}),
    ("torsdag d. 3.", {"from": "2026-12-03", "to": "2026-12-03", "weekdays": ["thu"]}),
    ("lige efter frokost", {"time_from": "12:00"}),
    ("om en måned", {"from": "2026-12-01", "to": "2026-12-31"}),
    ("i næste måned", {"from": "2026-12-01", "to": "2026-12-31"}),
    (
        "kan I finde noget tirsdag eller onsdag i uge 50",
        {"from": "2026-12-07", "to": "2026-12-13", "weekdays": ["tue", "wed"]},
    ),
    ("jeg kan alle dage på nær mandag og onsdag", {"not_weekdays": ["mon", "wed"]}),
    ("fredag er helt umuligt", {"not_weekdays": ["fri"]}),
    ("jeg vil helst undgå mandage", {"not_weekdays": ["mon"]}),
    ("onsdag eftermiddag er fint", {"weekdays": ["wed"], "time_from": "12:00"}),
    ("torsdag kl 13:15 tak", {"weekdays": ["thu"], "time_from": "13:15", "time_to": "13:15"}),
    (
        "ikke senere end kl 12 på onsdag",
        {"from": "2026-11-25", "to": "2026-11-25", "weekdays": ["wed"], "time_to": "12:00"},
    ),
    ("kan det blive kl. halv tre", {"time_from": "14:30", "time_to": "14:30"}),
    (
        "kvart i elleve den 4. december",
        {"from": "2026-12-04", "to": "2026-12-04", "time_from": "10:45", "time_to": "10:45"},
    ),
    ("jeg er på arbejde indtil kl 13", {"time_from": "13:00"}),
    ("jeg har tid hele dagen i morgen", {"from": "2026-11-25", "to": "2026-11-25"}),
    ("jeg skal til læge tirsdag formiddag", {"not_weekdays": ["tue"]}),
    ("jeg kan bedst midt på ugen", {"from": "2026-11-24", "to": "2026-11-26"}),
    ("tidligst om to uger", {"from": "2026-12-07"}),
    ("helst ikke før kl. 9", {"time_from": "09:00"}),
    ("mellem kl. 10 og kl. 12 på torsdage", {"weekdays": ["thu"], "time_from": "10:00", "time_to": "11:59"}),
    (
        "hvad med på torsdag ved 14-tiden",
        {
            "from": "2026-11-26",
            "to": "2026-11-26",
            "weekdays": ["thu"],
            "time_from": "13:30",
            "time_to": "14:30",
        },
    ),
    ("først efter den 10. december", {"from": "2026-12-11"}),
    ("gerne i starten af december", {"from": "2026-12-01", "to": "2026-12-10"}),
    ("inden den 1. december", {"to": "2026-11-30"}),
    ("engang i uge 2", {"from": "2027-01-11", "to": "2027-01-17"}),
    ("i den kommende weekend", {"weekdays": ["sat", "sun"]}),
    ("alle formiddage undtagen tirsdag", {"not_weekdays": ["tue"], "time_to": "11:59"}),
    ("ikke mandag formiddag", {"not_weekdays": ["mon"]}),
    ("gerne tirsdag, men ikke om eftermiddagen", {"weekdays": ["tue"], "time_to": "11:59"}),
    ("torsdag kan jeg først efter kl. 13", {"weekdays": ["thu"], "time_from": "13:00"}),
    ("lørdag er eneste mulighed", {"weekdays": ["sat"]}),
    ("så tidligt på dagen som muligt", {"time_to": "09:59", "earliest": True}),
    ("jeg kan fra kl. 9 til 12", {"time_from": "09:00", "time_to": "11:59"}),
    ("kl 8 om morgenen", {"time_from": "08:00", "time_to": "08:00"}),
    ("jeg har ikke tid i næste uge", {"from": "2026-12-07"}),
    ("helst i denne uge", {"from": "2026-11-24", "to": "2026-11-29"}),
    ("kan det vente til efter jul", {"from": "2026-12-27"}),
    ("jeg kan ikke i december", {"from": "2027-01-01"}),
    ("jeg kan ikke før den 15. december", {"from": "2026-12-15"}),
    ("hellere eftermiddag end formiddag", {"time_from": "12:00"}),
    ("helst ikke fredag, ellers er alt fint", {"not_weekdays": ["fri"]}),
    (
        "tirsdag den 1. eller onsdag den 2.",
        {"from": "2026-12-01", "to": "2026-12-02", "weekdays": ["tue", "wed"]},
    ),
    ("1/12 eller 2/12", {"from": "2026-12-01", "to": "2026-12-02"}),
    (
        "den 2/12 mellem 10 og 12",
        {"from": "2026-12-02", "to": "2026-12-02", "time_from": "10:00", "time_to": "11:59"},
    ),
    ("jeg har aftenarbejde så ikke om morgenen", {"time_from": "10:00"}),
    ("mandag-onsdag", {"weekdays": ["mon", "tue", "wed"]}),
    (
        "torsdag d. 26. november kl. 11",
        {
            "from": "2026-11-26",
            "to": "2026-11-26",
            "weekdays": ["thu"],
            "time_from": "11:00",
            "time_to": "11:00",
        },
    ),
    ("jeg kan ikke torsdag den 26.", {"not_weekdays": ["thu"]}),
]

NOTHING_ABOUT_TIME = [
    "ja tak",
    "jeg hedder Fatima",
    "mit nummer er 22 33 44 55",
    "+45 12 34 56 78",
    "den anden",
    "nr 2",
    "jeg er 45 år",
    "min søn viser mig rejseplanen nogen gange",
    "jeg har arbejdet i køkken i 12 år",
    "det har jeg gjort 3 gange",
    "hvad gemmer i om mig",
    # "en" and "to" are hours only where an hour must stand
    "jeg vil gerne have en tid til en samtale",
    "kan jeg komme til en samtale",
    "flyt min tid til en anden dag",
    "jeg har aldrig siddet ved en computer",
    "fra en ende af",
    "der skal du lede længe efter en bedre",
    # greetings, the past and habits
    "god morgen til dig",
    "hav en god weekend",
    "det er hverdag for mig",
    "vi holdt fest i lørdags",
    "jeg leder efter arbejde",
    "mit nye nummer er 71 20 44 83",
    "jeg snupper den anden",
    "vi tager bare nummer 3",
    "jeg har gjort rent på skoler i femten år",
    "jeg er 58 og har været ledig siden sidste forår",
    "hvor længe gemmer I mine svar",
    "det har jeg prøvet to gange",
    "jeg bor på Vesterbrogade 12",
    "er spor 2 bedre end spor 1",
    "jeg vil gerne tale med Martin",
    "min datter på 10 viser mig det",
    "jeg kan det cirka 3 ud af 4",
    "jeg hedder Maj Søndergaard",
    "hvad koster kurset",
    "jeg fik et brev med Digital Post",
    "jeg vil have noget andet end det",
    "mine penge er ikke gået ind på kontoen",
    "vi var nået til spørgsmål 7",
    "på egen hånd",
    "jeg fik ikke uddannelse efter 9. klasse",
    "kan jeg få en tid til en samtale",
    "der er brug for en til to konsulenter",
    "i to omgange",
    "jeg har to børn og en hund",
    "efter to samtaler gav jeg op",
    "man kan få en tid",
    "send mig en besked",
    "jeg har ikke tiden til det",
    "mine dage er lange",
    "det ligger mig på sinde",
    "kan du gøre det for mig",
    "min datter maj hjælper mig",
    "jeg er mand og 52 år",
    "jeg har tre børn og to katte",
    "fem ud af ti",
    "jeg kan godt bruge en til at hjælpe",
    "jeg har været ledig siden januar",
    "vi talte sammen i mandags",
    "det var for 14 dage siden",
    "jeg fik et brev den anden dag",
    "👍👍",
    "",
]


@pytest.mark.parametrize(("phrase", "wish"), PHRASES, ids=[phrase for phrase, _ in PHRASES])
def test_a_phrase_means_what_a_dane_means_by_it(phrase: str, wish: dict[str, Any]) -> None:
    assert understand_time(phrase, NOW).as_filters() == wish


@pytest.mark.parametrize("phrase", NOTHING_ABOUT_TIME)
def test_what_says_nothing_about_time_is_no_wish(phrase: str) -> None:
    assert not understand_time(phrase, NOW)


# What was written, and what was meant.
SLIPS = [
    ("rirsdag kl 10", "tirsdag kl 10"),
    ("torrsdag", "torsdag"),
    ("onsadg", "onsdag"),
    ("tirsdagkl10", "tirsdag kl 10"),
    ("p åtorsdag", "på torsdag"),
    ("påtorsdag", "på torsdag"),
    ("inæste uge", "i næste uge"),
    ("i naste uge", "i næste uge"),
    ("i ænste ueg", "i næste uge"),
    ("imorgen formidag", "i morgen formiddag"),
    ("u morgen", "i morgen"),
    ("k dag", "i dag"),
    ("om eftremiddagen", "om eftermiddagen"),
    ("om formiddaegn", "om formiddagen"),
    ("torsdageftermiddag", "torsdag eftermiddag"),
    ("sfter kl 10", "efter kl 10"),
    ("lk 10", "kl 10"),
    ("klokke n10", "kl 10"),
    ("halv elelve", "halv elleve"),
    ("kkke onsdag", "ikke onsdag"),
    ("jeg kanikke torsdag", "jeg kan ikke torsdag"),
    ("torsdag er udelukekt", "torsdag er udelukket"),
    ("alle dage undtagne mandag", "alle dage undtagen mandag"),
    ("den 3. decembre", "den 3. december"),
    ("hurtgist muligt", "hurtigst muligt"),
    ("har I noget seneer", "har I noget senere"),
]


@pytest.mark.parametrize(("typed", "meant"), SLIPS, ids=[typed for typed, _ in SLIPS])
def test_a_slip_changes_nothing(typed: str, meant: str) -> None:
    assert understand_time(meant, NOW)
    assert understand_time(typed, NOW) == understand_time(meant, NOW)


@pytest.mark.parametrize(
    "ordinary", "mand mandat manden dage ligger tiden sent send maj fred uden gerne ofte".split()
)
def test_an_ordinary_word_is_no_misspelt_time(ordinary: str) -> None:
    assert not understand_time(f"det er {ordinary} for mig", NOW)


def test_a_word_between_two_days_is_neither() -> None:
    assert not understand_time("trsdag", NOW)


# "Osndag" is as near to "onsdag" as to "søndag", on which nobody meets.
@given(st.sampled_from(WEEKDAY_NAMES[:5]), st.integers(0, 2**32))
def test_a_slip_never_makes_a_working_day_into_another(day: str, seed: int) -> None:
    typed = noisy(f"jeg kan {day}", Random(seed))
    assume(not any(other in typed for other in WEEKDAY_NAMES if other != day))
    assert set(understand_time(typed, NOW).weekdays) <= set(understand_time(day, NOW).weekdays)


@given(st.sampled_from(WEEKDAY_NAMES), st.sampled_from(WEEKDAY_NAMES))
def test_no_day_is_both_wished_and_refused(wished: str, refused: str) -> None:
    wish = understand_time(f"gerne {wished}, men ikke {refused}", NOW)
    assert wish.not_weekdays == understand_time(refused, NOW).weekdays
    assert not set(wish.weekdays) & set(wish.not_weekdays)


@given(st.integers(7, 17), st.sampled_from(["kl. {}", "kl {}.00", "klokken {}", "kl{}"]))
def test_before_and_after_an_hour_leave_no_hour_out(hour: int, form: str) -> None:
    said = form.format(hour)
    assert understand_time(f"efter {said}", NOW).clock.start == understand_time(f"før {said}", NOW).clock.end
    assert understand_time(f"ikke efter {said}", NOW).clock == understand_time(f"før {said}", NOW).clock


@given(st.text(max_size=1000))
def test_any_text_is_read_without_failing(text: str) -> None:
    understand_time(text, NOW)


@given(st.dates(date(2026, 1, 1), date(2035, 12, 31)), st.integers(0, 180))
def test_a_written_coming_date_is_that_date(today: date, ahead: int) -> None:
    day = today + timedelta(days=ahead)
    wish = understand_time(f"den {day.day}/{day.month}", datetime.combine(today, NOW.time()))
    assert wish.days.first == wish.days.last == day


@given(st.dates(date(2026, 1, 1), date(2035, 12, 31)), st.sampled_from([phrase for phrase, _ in PHRASES]))
def test_no_phrase_ever_asks_for_a_day_that_is_over(today: date, phrase: str) -> None:
    first = understand_time(phrase, datetime.combine(today, NOW.time())).days.first
    assert first is None or first >= today
