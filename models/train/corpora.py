"""From the corpora in ../shared/data to training windows.

A window is what the encoder reads at once: [CLS], the end of what came before as context, whole paragraphs, [SEP].
The packing is the one of src/reader/windows.rs; a test of the Rust engine holds both to the same windows.
"""
import collections, csv, functools, json, os, random, re
from dataclasses import dataclass, field

ROLES = ["O", "B-speaker", "I-speaker", "B-cue", "I-cue", "B-content", "I-content"]
MENTION_KINDS = ["person", "organisation", "place", "group", "title"]
MENTIONS = ["O"] + [f"{p}-{k}" for k in MENTION_KINDS for p in "BI"]
STANCES = ["conciliatory", "confrontational", "neutral"]
LEANINGS = STANCES[:2]
# How coders write a stance and its leaning (N: not told); `?` behind it where they hesitated.
CODES = {"C": ("conciliatory", "conciliatory"), "F": ("confrontational", "confrontational"), "N": ("neutral", None),
         "Nc": ("neutral", "conciliatory"), "Nf": ("neutral", "confrontational")}
LINKS = ["cue", "speaker", "antecedent", "side", "target"]     # the first two from a content, token by token; the others are pointers
POINTERS = LINKS[2:]
IGNORE = -100
WINDOW, CONTEXT = 512, 128


@dataclass
class Attribution:
    """One gold statement: spans are code points in its document."""
    content: list
    cue: list
    speaker: list
    stance: str | None = None
    leaning: str | None = None
    target: tuple = ()          # probability of each stance that the head learns: `graded`
    asks: list = field(default_factory=list)    # pointers: (index in POINTERS, spans that ask, spans that are right; none = nobody)


@dataclass
class Article:
    """A document with whatever gold it has; None means that this document teaches nothing of the kind."""
    id: str
    text: str
    attributions: list | None = None
    names: list | None = None          # (start, end, kind or None for "do not learn from this stretch")
    stances: list = field(default_factory=list)   # attributions that carry a stance
    learn_roles: bool = True


@dataclass
class Window:
    ids: list          # with [CLS] and [SEP]
    offsets: list      # code points of each id; (0, 0) for [CLS] and [SEP]
    own: range         # positions whose labels count
    roles: list
    names: list
    cue_link: list     # position of the first word piece of the cue of the content a piece stands in; 0 = none
    speaker_link: list
    stances: list      # (content positions, speaker positions, cue positions, stance, leaning, target)
    article: str = ""
    pointers: list = field(default_factory=list)   # (index in POINTERS, positions that ask, positions that are right; [0] = none)


def graded(stance, leaning, weak):
    """What the head learns instead of a bare label: a pole shades into neutral, a neutral statement towards its leaning, more so
    where the coder hesitated or saw a weak act (`weak`)."""
    if leaning is None: return (0.15, 0.15, 0.7) if weak else (0.05, 0.05, 0.9)
    chance, pole = [0.02] * 3, STANCES.index(stance)
    beside = STANCES.index(leaning) if stance == "neutral" else 2
    chance[pole], chance[beside] = (0.66, 0.32) if weak else (0.9, 0.08)
    return tuple(chance)


def graded_record(r):
    """A coded record: intensity 1 is a weak act, and so is what a coder marked as doubtful."""
    strength = r.get("intensity")
    weak = r.get("doubt", isinstance(strength, int) and abs(strength) == 1)
    return graded(r["label"], r["leaning"], weak)


def lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def paragraphs(text):
    """As src/paragraphs.rs: stretches between line ends, without white space at their ends."""
    spans, start = [], 0
    for line in re.split(r"[\n\r\u2029]", text):
        words = line.strip()
        if words:
            first = start + len(line) - len(line.lstrip())
            spans.append((first, first + len(words)))
        start += len(line) + 1
    return spans


def pack(sizes, ends, window=WINDOW, context=CONTEXT):
    """Word pieces of each paragraph -> [(context range, own range)] over the document's word pieces.

    `ends[i]` says whether piece i is a full stop, question or exclamation mark: a paragraph that fits no window is
    cut after the last such piece in the last quarter of the room, or else where the room ends.
    """
    packed, first, last, position = [], 0, 0, 0
    room = lambda start: window - 2 - min(context, start)

    def close():
        nonlocal first
        if last > first:
            packed.append((range(max(0, first - context), first), range(first, last)))
        first = last

    for size in sizes:
        start, position = position, position + size
        if last > first and position - first > room(first):
            close()
        last = position
        while last - first > room(first):
            limit = first + room(first)
            cut = next((i + 1 for i in range(limit - 1, limit - 1 - room(first) // 4, -1) if ends[i]), limit)
            last = cut
            close()
            last = position
    close()
    return packed


def char_labels(length, spans):
    """(start, end, label) -> label of each character, and where spans start."""
    label, begins = [None] * length, set()
    for start, end, name in spans:
        label[start:end] = [name] * (end - start)
        begins.add(start)
    return label, begins


def bio(offsets, spans, names, length, ignored=None):
    """Labels of word pieces; a piece belongs to a span if its first character does."""
    label, begins = char_labels(length, spans)
    out, previous, previous_end = [], None, 0
    for start, end in offsets:
        name = label[start]
        if name == ignored and ignored is not None:
            out.append(IGNORE)
        elif name is None:
            out.append(0)
        else:
            fresh = previous != name or any(b in begins for b in range(previous_end, start + 1))
            out.append(names.index(("B-" if fresh else "I-") + name))
        previous, previous_end = name, end
    return out


def windows(article, tokenizer, repeat=None):
    """All windows of an article with their labels."""
    text, ids, offsets, sizes = article.text, [], [], []
    for start, end in paragraphs(text):
        encoded = tokenizer.encode(text[start:end], add_special_tokens=False)
        kept = [(i, (start + a, start + b)) for i, (a, b) in zip(encoded.ids, encoded.offsets) if b > a]
        sizes.append(len(kept))
        ids += [i for i, _ in kept]
        offsets += [o for _, o in kept]
    n = len(ids)
    roles = [IGNORE] * n
    cue_link, speaker_link = [None] * n, [None] * n
    if article.attributions is not None and article.learn_roles:
        spans = []
        for a in article.attributions:
            spans += [(s, e, "speaker") for s, e in a.speaker] + [(s, e, "cue") for s, e in a.cue]
            spans += [(s, e, "content") for s, e in a.content]
        roles = bio(offsets, spans, ROLES, len(text))
        for a in article.attributions:
            inside = lambda p, spans: any(s <= p < e for s, e in spans)
            first = lambda spans: next((i for i, (s, _) in enumerate(offsets) if inside(s, spans)), -1) if spans else -1
            cue, speaker = first(a.cue), first(a.speaker)
            for i, (s, _) in enumerate(offsets):
                if inside(s, a.content):
                    cue_link[i], speaker_link[i] = cue, speaker
    names = [IGNORE] * n
    if article.names is not None:
        names = bio(offsets, [(s, e, k or "?") for s, e, k in article.names], MENTIONS, len(text), "?")
    ends = [text[e - 1] in ".?!" for _, e in offsets]
    out = []
    for context, own in pack(sizes, ends):
        span = list(context) + list(own)
        where = {g: p + 1 for p, g in enumerate(span)}
        local = lambda values, blank: [blank] + [values[g] if g in own else blank for g in span] + [blank]
        # A link whose other end lies outside the window is "none": [CLS], position 0.
        link = lambda values: [IGNORE] + [IGNORE if g not in own or values[g] is None else where.get(values[g], 0)
                                          for g in span] + [IGNORE]
        positions = lambda spans: [where[g] for g in span if any(s <= offsets[g][0] < e for s, e in spans)]
        stances = []
        for a in article.stances:
            content = [p for p in positions(a.content) if span[p - 1] in own]
            if len(content) >= min(6, sum(1 for s, _ in offsets if any(x <= s < y for x, y in a.content))) and content:
                stances.append((content, positions(a.speaker), positions(a.cue),
                                STANCES.index(a.stance) if a.stance else IGNORE, LEANINGS.index(a.leaning) if a.leaning else IGNORE, a.target))
        pointers = []
        first_of = lambda spans: [where[g] for g in span if any(s <= offsets[g][0] < e for s, e in spans)
                                  and not any(s < offsets[g][0] and offsets[g - 1][0] >= s for s, e in spans if s <= offsets[g][0] < e)]
        for a in article.attributions or []:
            for kind, asking, right in a.asks:
                asking = [p for p in positions(asking) if span[p - 1] in own][:32]
                found = first_of(right)
                if asking and (found or not right):
                    pointers.append((kind, asking, found or [0]))
                elif asking and POINTERS[kind] == "antecedent":
                    pointers.append((kind, asking, [0]))       # not in this window
        out.append(Window([101] + [ids[g] for g in span] + [102], [(0, 0)] + [offsets[g] for g in span] + [(0, 0)],
                          range(1 + len(context), 1 + len(span)), local(roles, IGNORE), local(names, IGNORE),
                          link(cue_link), link(speaker_link), stances, article.id, pointers))
    return out


# --- the corpora ------------------------------------------------------------------------------------------------

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


def polnear(path, keep, stances, learn_roles=True, cast={}):
    kinds = {"PERSON": "person", "ORGANIZATION": "organisation", "LOCATION": "place", "MISC": None}
    out = []
    for d in lines(path):
        if d["id"] not in keep:
            continue
        attributions = []
        coded = [cast[i] for i in (f"{d['id']}#{q['id']}" for q in d["quotes"]) if i in cast]
        persons = persons_among(coded, {d["text"][e["start"]:e["end"]] for e in d.get("entities") or () if e["type"] == "PERSON"})
        for q in d["quotes"]:
            a = Attribution(q["content"], q.get("cue") or [], q.get("speaker") or [])
            label = stances.get(f"{d['id']}#{q['id']}")
            if label:
                a.stance, a.leaning, a.target = label["label"], label["leaning"], graded_record(label)
            if q.get("speaker_kind") and q.get("speaker_entity"):
                kind = "person" if len(q["speaker_entity"].split()) > 1 and "person" in str(q.get("speaker_entity_method", "")) + str(q["speaker_kind"]) \
                    or a.speaker and d["text"][a.speaker[0][0]:a.speaker[0][1]].lower() in ("he", "she") else ""
                a.asks = antecedent(d["text"], a.speaker, q["speaker_entity"], kind)
            if f"{d['id']}#{q['id']}" in cast:
                a.asks = coded_asks(d["text"], a, cast[f"{d['id']}#{q['id']}"], persons)
            attributions.append(a)
        names = None
        if d.get("entities"):
            names = with_titles(d["text"], [(e["start"], e["end"], kinds.get(e["type"])) for e in d["entities"]])
        out.append(Article(d["id"], d["text"], attributions, names, [a for a in attributions if a.stance], learn_roles))
    return out


def own_articles(path):
    """Our annotated articles. Names: what the gold names; other capitalised words teach nothing."""
    label = {"C": "conciliatory", "F": "confrontational", "N": "neutral", "c": "conciliatory", "f": "confrontational"}
    out = []
    for d in lines(path):
        text = d["text"]
        attributions = [Attribution(s["spans"], s["cue_spans"], s["speaker_spans"], label[s["stance"]], label[s["lean"]],
                                    graded(label[s["stance"]], label[s["lean"]], False)) for s in d["statements"]]
        persons = {s["speaker"] for s in d["statements"] if s["type"] == "person"}
        parts = collections.Counter(f for name in persons for f in set(forms_of(name, "person")[1:]))
        shared = {f for f, n in parts.items() if n > 1}
        for a, s in zip(attributions, d["statements"]):
            if s["type"] in ("unnamed", "group"):      # who has no name in the text points to nobody
                a.asks = [(POINTERS.index("antecedent"), a.speaker, [])] if a.speaker else []
            else:
                a.asks = antecedent(text, a.speaker, s["speaker"], s["type"], shared)
            if s["type"] == "country" and a.asks: a.asks = [(a.asks[0][0], a.speaker, [x for x in parties(text, s["side"] or s["speaker"], ())
                                                             if not any(m < x[1] and x[0] < n for m, n in a.speaker)])]
            for kind, asking, side in (("side", a.speaker, s["side"]), ("target", a.content, s["target"])):
                right = parties(text, side, persons) if side else []
                if asking and (right or not side):
                    a.asks.append((POINTERS.index(kind), asking, right))
        names = []
        known = {"person": "person", "organisation": "organisation", "country": "place"}
        for s in sorted(d["statements"], key=lambda s: -len(s["speaker"])):
            kind = known.get(s["type"])
            forms = [s["speaker"]] if kind else []
            if kind == "person" and " " in s["speaker"]:
                forms += [s["speaker"].split()[-1], s["speaker"].split()[0]]
            for form in forms:
                for m in re.finditer(r"\b" + re.escape(form) + r"(?!\w)", text):
                    if not any(a < m.end() and m.start() < b for a, b, _ in names):
                        names.append((m.start(), m.end(), kind))
        for m in re.finditer(r"\b[A-Z][\w.’'-]*", text):
            if not any(a < m.end() and m.start() < b for a, b, _ in names):
                names.append((m.start(), m.end(), None))
        out.append(Article(d["id"], text, attributions, with_titles(text, sorted(names, key=lambda n: n[:2])), attributions))
    return out


def gum(path):
    """Wikinews: names only (its attribution is incomplete). Long markables teach nothing, short proper ones do."""
    kinds = {"person": "person", "organization": "organisation", "place": "place"}
    out = []
    for d in lines(path):
        text, names = d["text"], []
        for e in sorted(d["entities"], key=lambda e: e["end"] - e["start"]):
            words = text[e["start"]:e["end"]]
            if e["pron"] or not re.search(r"[A-Z]", words):
                continue
            kind = kinds.get(e["type"]) if e["proper"] and len(words.split()) <= 4 and not re.search(r"\b[a-z]{3,}", words) else None
            if words.lower().startswith("the "):
                e["start"] += 4
            if not any(a < e["end"] and e["start"] < b for a, b, _ in names):
                names.append((e["start"], e["end"], kind))
        out.append(Article(d["id"], text, None, with_titles(text, sorted(names, key=lambda n: n[:2]))))
    return out


def worldwide(path, codes=None):
    """World news with named entities; of some, statements that the reader found, coded by language models (`codes`: data/worldwide-cast.jsonl)."""
    kinds = {"Person": "person", "Organization": "organisation", "Location": "place", "NORP": "group", "Facility": None,
             "Misc": None, "Product": None}
    coded = collections.defaultdict(list)
    for r in lines(codes) if codes else (): coded[r["id"]].append(r)
    out = []
    for d in lines(path):
        text = d["text"]
        names = [(e["start"], e["end"], kinds[e["type"]]) for e in d["entities"] if e["type"] in kinds]
        attributions, statements = [], coded[d["id"]]
        persons = persons_among([(r["name"], r["type"], r["side"], r["target"]) for r in statements],
                                {text[e["start"]:e["end"]] for e in d["entities"] if e["type"] == "Person"})
        for r in statements:
            a = Attribution(r["spans"], r["cue"], r["speaker"])
            a.stance, a.leaning = CODES[r["stance"].rstrip("?")]
            a.target = graded(a.stance, a.leaning, r["stance"].endswith("?"))
            a.asks = coded_asks(text, a, (r["name"], r["type"], r["side"], r["target"]), persons)
            attributions.append(a)
        out.append(Article(d["id"], text, attributions or None, with_titles(text, names), attributions, learn_roles=False))
    return out


def statement_text(statement, speaker, cue, context):
    """The text in which a lone statement is read; src/pipeline.rs `stance_of` builds the same."""
    lead = " ".join(x for x in (speaker, cue) if x)
    head = f"{context}\n" if context else ""
    start = len(head) + (len(lead) + 2 if lead else 0)
    text = head + (f"{lead}: " if lead else "") + statement
    speaker_span = [[len(head), len(head) + len(speaker)]] if speaker else []
    at = len(head) + (len(speaker) + 1 if speaker else 0)
    cue_span = [[at, at + len(cue)]] if cue else []
    return text, [[start, start + len(statement)]], speaker_span, cue_span


def tail(text, words=50):
    """The last words of a context, without line ends."""
    return " ".join(text.split()[-words:])


def lone_statements(records):
    out = []
    for r in records:
        statement = " ".join(r["statement"].split())
        context = tail(r.get("context_before") or "")
        text, content, speaker, cue = statement_text(statement, r["speaker"] or "", r["cue"] or "", context)
        a = Attribution(content, cue, speaker, r["label"], r["leaning"], graded_record(r))
        out.append(Article(r["id"], text, None, None, [a]))
    return out


def written_statements(path):
    """Our own training statements, models/train/data: as the coded ones."""
    label = {"C": "conciliatory", "F": "confrontational", "N": "neutral", "c": "conciliatory", "f": "confrontational"}
    return [dict(r, id=f"written#{n}", label=label[r["label"]], leaning=label[r["leaning"]]) for n, r in enumerate(lines(path))]


def silver(path, codes, keep):
    """Statements of PolNeAR that language models coded under STANCE.md (models/train/data/polnear-codes.csv: id, code) as records
    of the coded ones' kind. Codes: C, F, Nc, Nf; `?` where the coder hesitated."""
    with open(codes, encoding="utf-8") as file:
        code = dict(line.strip().rsplit(",", 1) for line in file if "#" in line)
    out = []
    for d in lines(path):
        if d["id"] not in keep:
            continue
        text = d["text"]
        blocks = paragraphs(text)
        words = lambda spans: " ".join(" ".join(text[a:b].split()) for a, b in spans or [])
        for q in d["quotes"]:
            id = f"{d['id']}#{q['id']}"
            if id not in code:
                continue
            at = next((i for i, (a, b) in enumerate(blocks) if a <= q["content"][0][0] < b), 0)
            stance, leaning = CODES[code[id].rstrip("?")]
            out.append(dict(id=id, statement=words(q["content"]), speaker=words(q.get("speaker")), cue=words(q.get("cue")),
                            context_before=text[slice(*blocks[at - 1])][-250:] if at else "", label=stance, leaning=leaning,
                            doubt=code[id].endswith("?")))
    return out


def events(path, part):
    """PLV's sentences on cooperation or conflict, for the leaning alone. One in seven is held out as our own test split."""
    out = []
    for n, r in enumerate(lines(path)):
        if (n % 7 == 3) == (part == "held"):
            text = " ".join(r["text"].split())
            out.append(Article(f"plv#{n}", text, None, None, [Attribution([[0, len(text)]], [], [], None, r["label"])]))
    return out


def lone_of_own(path):
    """Statements of our articles as lone ones: context is the paragraph before, as in `sayso eval`."""
    label = {"C": "conciliatory", "F": "confrontational", "N": "neutral", "c": "conciliatory", "f": "confrontational"}
    out = []
    for d in lines(path):
        text = d["text"]
        blocks = paragraphs(text)
        for s in d["statements"]:
            at = next((i for i, (a, b) in enumerate(blocks) if a <= s["spans"][0][0] < b), 0)
            words = lambda spans: " ".join(" ".join(text[a:b].split()) for a, b in spans)
            out.append(dict(id=d["id"], statement=words(s["spans"]), speaker=words(s["speaker_spans"][:1]), cue=words(s["cue_spans"][:1]),
                            context_before=text[slice(*blocks[at - 1])] if at else "", label=label[s["stance"]], leaning=label[s["lean"]]))
    return lone_statements(out)
