"""From documents with gold to training windows.

A window is what the encoder reads at once: [CLS], the end of what came before as context, whole paragraphs, [SEP].
The packing is the one of src/reader/windows.rs; a test of the Rust engine holds both to the same windows.
"""
import re
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
