"""The corpora of ../shared/data and our own data in data/, read as articles with gold."""
import collections, json, re

from pointing import antecedent, coded_asks, forms_of, parties, persons_among, with_titles
from windowing import CODES, POINTERS, Article, Attribution, graded, graded_record, paragraphs


def lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


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
