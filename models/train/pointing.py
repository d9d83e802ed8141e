"""Names in texts: the forms in which a text writes one, titles before it, and what pointers are to learn: whom a mention stands for,
for whom and toward whom a statement is made."""
import collections, csv, functools, json, os, re

from windowing import POINTERS

TITLE_HEADS = ("president|vice president|minister|prime minister|premier|chancellor|secretary|secretary of state|"
               "ambassador|envoy|spokesman|spokeswoman|spokesperson|senator|sen\\.|governor|gov\\.|representative|rep\\.|"
               "congressman|congresswoman|mayor|general|gen\\.|admiral|adm\\.|colonel|col\\.|captain|lt\\.|judge|justice|"
               "director|chairman|chairwoman|chair|chief|commissioner|adviser|advisor|king|queen|prince|princess|pope|"
               "professor|prof\\.|dr\\.|leader|speaker|deputy|officer|manager|strategist|pollster|attorney|councilor|"
               "councillor|negotiator|diplomat|lawmaker|analyst|expert|executive|editor|official|head|sheikh|imam|bishop")
TITLE = re.compile(r"((?:(?:[A-Z][\w’'.-]*|of|the|and|for|to|foreign|state|vice|deputy|former|senior|chief|campaign|party|"
                   r"press|national|security|defen[cs]e|prime|interior|finance|trade|ministry|house|white|ex|then)[ -]){0,7}"
                   r"(?:" + TITLE_HEADS + r"))\s$", re.I)
LEAD = re.compile(r"^(?:the|of|and|for|to|a|an|but|as|in|said|when|while|with|by|on|at|from)\s+", re.I)


def with_titles(text, names):
    """Titles before persons' names, found by rule: no corpus at hand marks them. Silver."""
    out = list(names)
    for start, end, kind in names:
        if kind != "person":
            continue
        found = TITLE.search(text[max(0, start - 90):start])
        if found:
            title, first = found.group(1), start - len(found.group(0))
            while LEAD.match(title):
                cut = LEAD.match(title).end()
                title, first = title[cut:], first + cut
            last = first + len(title)
            if title and "\n" not in title:
                out = [n for n in out if n[1] <= first or n[0] >= last]
                out.append((first, last, "title"))
    return sorted(out, key=lambda n: n[:2])


PRONOUNS = {"he", "she", "it", "they", "we", "i", "who", "his", "her", "their", "my", "our", "him"}


def forms_of(name, kind):
    """The ways in which a text may write a name, longest first: the whole, and for a person its last and first word."""
    name = re.sub(r"^(?:the|a|an) ", "", name.strip(), flags=re.I)
    words = name.split()
    out = [name]
    if kind == "person" and len(words) > 1:
        out += [words[-1] if words[-1] not in ("Jr.", "Jr", "Sr.") else words[-2], words[0]]
    return [w for w in out if len(w) > 1]


@functools.lru_cache(None)
def word(form): return re.compile(r"(?<!\w)" + re.escape(form) + r"(?!\w)")


def namings(text, forms, but=()):
    """Where a text names somebody by one of the forms, outside the spans `but`."""
    found = []
    for form in forms:
        for m in word(form).finditer(text) if form in text else ():
            if not any(a < m.end() and m.start() < b for a, b in found) and not any(a < m.end() and m.start() < b for a, b in but):
                found.append((m.start(), m.end()))
    return found


def antecedent(text, mention, name, kind, shared=()):
    """The pointer from a mention that is no name to the namings of whom it stands for."""
    words = " ".join(text[a:b] for a, b in mention)
    if not mention or not name:
        return []
    forms = [f for f in forms_of(name, kind) if f not in shared]
    bare = re.sub(r"^(?:the|a|an) ", "", words, flags=re.I)
    if any(f.lower() in bare.lower() for f in forms) or (re.search(r"[A-Z]", bare) and kind != "person"):
        return []
    right = namings(text, forms, mention)
    return [(POINTERS.index("antecedent"), mention, right)] if right else []


_places = {}
# Other names that the articles' gold uses, and forms that stand for a party or body in them.
ALSO = {"Republican Party": ["Republican", "Republicans", "GOP"], "Democratic Party": ["Democrat", "Democrats", "Democratic"],
        "Conservative Party": ["Conservative", "Conservatives", "Tory", "Tories"], "Labour Party": ["Labour"],
        "European Commission": ["Commission"]}
SAME = {"Democratic Republic of Congo": "Democratic Republic of the Congo", "Britain": "United Kingdom"}


def parties(text, name, persons):
    """Where a text names a side or target: a country in any of its forms (data/place-forms.json), else the words themselves."""
    if not _places:
        with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "data", "place-forms.json"), encoding="utf-8") as file:
            for form, side in json.load(file).items():
                _places.setdefault(side, []).append(form)
    out = []
    for part in re.split(r", | and ", name):
        forms = sorted(_places.get(SAME.get(part, part), []) + ALSO.get(part, []) + forms_of(part, "person" if part in persons else ""), key=len, reverse=True)
        out += namings(text, forms)
    return sorted(set(out))


BODIES = {"Party", "House", "Department", "Committee", "Court", "States", "Union", "Nations", "Senate", "Congress", "University", "Institute", "Poll", "Post", "Times", "News"}


def cast_codes(path):
    """Who speaks, for whom and toward whom, as language models coded PolNeAR's statements: id -> (name, type, side, target), empty for none."""
    with open(path, encoding="utf-8", newline="") as file:
        return {r["id"]: (r["name"], r["type"], r["side"], r["target"]) for r in csv.DictReader(file)}


def persons_among(coded, known):
    """Names of persons in a document's codes; whom a statement is about may never speak, and is one if the corpus knows him (`known`)."""
    persons = {name for name, kind, *_ in coded if name and kind == "person"}
    return persons | {p for *_, target in coded for p in re.split(r", | and ", target) if p in known and p.split()[-1] not in BODIES}


def coded_asks(text, a, code, persons):
    """The pointers of a statement whose cast was coded."""
    name, kind, side, target = code
    out = []
    if a.speaker and kind in ("group", "unnamed") and not name:
        out.append((POINTERS.index("antecedent"), a.speaker, []))
    elif name:
        shared = {f for f, n in collections.Counter(f for p in persons for f in set(forms_of(p, "person")[1:])).items() if n > 1}
        out += antecedent(text, a.speaker, name, kind, shared)
    for pointer, asking, end in (("side", a.speaker, side if kind != "none" else None), ("target", a.content, target)):
        right = parties(text, end, persons) if end else []
        if asking and (right or end == ""):
            out.append((POINTERS.index(pointer), asking, right))
    return out
