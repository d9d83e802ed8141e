"""From the corpora in ../shared/data to training windows.

A window is what the encoder reads at once: [CLS], the end of what came before as context, whole paragraphs, [SEP].
The packing is the one of src/reader/windows.rs; a test of the Rust engine holds both to the same windows.
"""
import json, random, re
from dataclasses import dataclass, field

ROLES = ["O", "B-speaker", "I-speaker", "B-cue", "I-cue", "B-content", "I-content"]
MENTION_KINDS = ["person", "organisation", "place", "group", "title"]
MENTIONS = ["O"] + [f"{p}-{k}" for k in MENTION_KINDS for p in "BI"]
STANCES = ["conciliatory", "confrontational", "neutral"]
LEANINGS = STANCES[:2]
IGNORE = -100
WINDOW, CONTEXT = 256, 48


@dataclass
class Attribution:
    """One gold statement: spans are code points in its document."""
    content: list
    cue: list
    speaker: list
    stance: str | None = None
    leaning: str | None = None


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
    stances: list      # (content positions, speaker positions, cue positions, stance, leaning)
    article: str = ""


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
                                STANCES.index(a.stance) if a.stance else IGNORE, LEANINGS.index(a.leaning) if a.leaning else IGNORE))
        out.append(Window([101] + [ids[g] for g in span] + [102], [(0, 0)] + [offsets[g] for g in span] + [(0, 0)],
                          range(1 + len(context), 1 + len(span)), local(roles, IGNORE), local(names, IGNORE),
                          link(cue_link), link(speaker_link), stances, article.id))
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


def polnear(path, keep, stances, learn_roles=True):
    kinds = {"PERSON": "person", "ORGANIZATION": "organisation", "LOCATION": "place", "MISC": None}
    out = []
    for d in lines(path):
        if d["id"] not in keep:
            continue
        attributions = []
        for q in d["quotes"]:
            a = Attribution(q["content"], q.get("cue") or [], q.get("speaker") or [])
            label = stances.get(f"{d['id']}#{q['id']}")
            if label:
                a.stance, a.leaning = label["label"], label["leaning"]
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
        attributions = [Attribution(s["spans"], s["cue_spans"], s["speaker_spans"], label[s["stance"]], label[s["lean"]])
                        for s in d["statements"]]
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


def worldwide(path):
    kinds = {"Person": "person", "Organization": "organisation", "Location": "place", "NORP": "group", "Facility": None,
             "Misc": None, "Product": None}
    out = []
    for d in lines(path):
        names = [(e["start"], e["end"], kinds[e["type"]]) for e in d["entities"] if e["type"] in kinds]
        out.append(Article(d["id"], d["text"], None, with_titles(d["text"], names)))
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
        a = Attribution(content, cue, speaker, r["label"], r["leaning"])
        out.append(Article(r["id"], text, None, None, [a]))
    return out


def written_statements(path):
    """Our own training statements, models/train/data: as the coded ones."""
    label = {"C": "conciliatory", "F": "confrontational", "N": "neutral", "c": "conciliatory", "f": "confrontational"}
    return [dict(r, id=f"written#{n}", label=label[r["label"]], leaning=label[r["leaning"]]) for n, r in enumerate(lines(path))]


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
