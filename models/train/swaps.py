"""Other actors for a statement's words, so that labels follow the act and not who does it."""
import random, re

# name, adjective, capital, people or party forms that go with them (fixed order: same place in each row)
COUNTRIES = [row.split("|") for row in """United States|American|Washington
China|Chinese|Beijing
Russia|Russian|Moscow
Iran|Iranian|Tehran
Israel|Israeli|Jerusalem
Syria|Syrian|Damascus
Ukraine|Ukrainian|Kyiv
Germany|German|Berlin
France|French|Paris
Britain|British|London
Japan|Japanese|Tokyo
India|Indian|New Delhi
Pakistan|Pakistani|Islamabad
Turkey|Turkish|Ankara
Mexico|Mexican|Mexico City
Canada|Canadian|Ottawa
Brazil|Brazilian|Brasilia
Egypt|Egyptian|Cairo
Saudi Arabia|Saudi|Riyadh
North Korea|North Korean|Pyongyang
South Korea|South Korean|Seoul
Afghanistan|Afghan|Kabul
Iraq|Iraqi|Baghdad
Lebanon|Lebanese|Beirut
Libya|Libyan|Tripoli
Sudan|Sudanese|Khartoum
Kenya|Kenyan|Nairobi
Nigeria|Nigerian|Abuja
Australia|Australian|Canberra
Spain|Spanish|Madrid
Italy|Italian|Rome
Poland|Polish|Warsaw
Greece|Greek|Athens
Serbia|Serbian|Belgrade
Colombia|Colombian|Bogota
Venezuela|Venezuelan|Caracas
Cuba|Cuban|Havana
Vietnam|Vietnamese|Hanoi
Indonesia|Indonesian|Jakarta
Norway|Norwegian|Oslo""".splitlines()]
FORMS = {form: (i, j) for i, row in enumerate(COUNTRIES) for j, form in enumerate(row)} | {"the United States": (0, 0), "the U.S.": (0, 0), "U.S.": (0, 1)}
COUNTRY = re.compile(r"(?<![\w.])(?:" + "|".join(re.escape(f) for f in sorted(FORMS, key=len, reverse=True)) + r")(?!\w)")
PEOPLE = re.compile(r"\b(Trump|Clinton|Obama|Sanders|Cruz|Rubio|Bush|Kasich|Carson|Christie|Biden|Pence|Kaine|Romney|Ryan|McConnell|Warren|O[’']Malley|"
                    r"Fiorina|Huckabee|Walker|Putin|Assad|Merkel|Netanyahu)\b")
GIVEN = re.compile(r"\b(?:Donald(?: J\.)?|Hillary(?: Rodham)?|Barack|Bernie|Ted|Marco|Jeb|John|Ben|Chris|Joe|Mike|Tim|Mitt|Paul|Mitch|Elizabeth|Vladimir|Bashar al-|Angela|Benjamin) (?=(?:Trump|Clinton|Obama|Sanders|Cruz|Rubio|Bush|Kasich|Carson|Christie|Biden|Pence|Kaine|Romney|Ryan|McConnell|Warren|Putin|Assad|Merkel|Netanyahu)\b)")
SURNAMES = ("Harlow Brandt Okafor Whitcomb Delgado Novak Prentice Salazar Lindqvist Marsh Keating Abdi Romero Tanaka Hollis Vance Ostrov Pell Quirke Ridley "
            "Sorensen Tully Underhill Varga Wexler Yates Zielinski Amari Boone Castellan Dray Eastman Farrow Greer").split()


def swapped(record, pick):
    """A copy of a statement's record with countries, well-known people and the two parties exchanged, the same way in all its fields."""
    countries, people = {}, {}
    others = list(range(len(COUNTRIES))); pick.shuffle(others)
    names = list(SURNAMES); pick.shuffle(names)
    parties = pick.random() < 0.5

    def country(m):
        i, j = FORMS[m.group(0)]
        if i not in countries: countries[i] = others[len(countries) % len(others)]
        return COUNTRIES[countries[i]][j]

    def person(m):
        if m.group(0) not in people: people[m.group(0)] = names[len(people) % len(names)]
        return people[m.group(0)]

    def change(text):
        text = PEOPLE.sub(person, GIVEN.sub("", COUNTRY.sub(country, text or "")))
        if parties:
            text = re.sub(r"\b(Republican|Democrat)(s|ic)?\b", lambda m: {"Republicans": "Democrats", "Republican": "Democrat", "Democrats": "Republicans",
                          "Democrat": "Republican", "Democratic": "Republican"}.get(m.group(0), m.group(0)), text)
            text = text.replace("GOP", "Democratic Party")
        return text

    return dict(record, **{k: change(record.get(k)) for k in ("speaker", "cue", "context_before", "statement")})
