#!/usr/bin/env python3
"""Makes the data of tests/scorer_parity.rs: gold from the project's own articles, predictions with errors
of every kind, and what the reference scorers say of them.

    python3 tests/scorer_parity/make.py ../shared/tools ../shared/data/articles/articles-train.jsonl

Writes gold.jsonl, predicted.jsonl, instances.jsonl and expected.json next to this file. The same check on
PolNeAR, whose text must not be committed:

    python3 tests/scorer_parity/make.py ../shared/tools ../shared/data/polnear-dev.jsonl \\
        ../shared/data/polnear-dev.cofenet-instances.jsonl OUT_DIR
    SAYSO_PARITY=OUT_DIR cargo test --release --test scorer_parity
"""
import json, os, random, re, sys

tools, source = sys.argv[1:3]
published, here = sys.argv[3:5] if len(sys.argv) == 5 else (None, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, tools)
import score_components, score_relations

rng = random.Random(21)
CHOSEN = 5  # the articles with the most different marks

# What the articles lack: a cue inside quotation marks, an unclosed and a running quotation, characters
# outside the basic plane, a combining mark, a statement told twice with another cue.
EXTRA = (
    "Mara Quist repeated: “The mayor said \"no\" and, the clerk warned, ‘the bridge is shut.’”\n\n"
    "“We go on, 𝔪y friends, said Oda Re\u0301my. It is 5\" of snow.\n\n"
    "“First,” he added, “the harbour.\n\n"
    "“Second, the ferry 🚢 at noon.” According to the board, which reported it twice, fares \"rise\" and fall."
)

def at(words, start=0):
    s = EXTRA.index(words, start)
    return [s, s + len(words)]

EXTRA_GOLD = [
    {"content": [at("“The mayor said \"no\" and, the clerk warned, ‘the bridge is shut.’”")], "speaker": [at("Mara Quist")], "cue": [at("repeated")]},
    {"content": [at("\"no\"")], "speaker": [at("The mayor")], "cue": [at("said")]},
    {"content": [at("the bridge is shut.")], "speaker": [at("the clerk")], "cue": [at("warned")]},
    {"content": [at("“We go on, 𝔪y friends,")], "speaker": [at("Oda Re\u0301my")], "cue": [at("said", 90)]},
    {"content": [at("“First,”"), at("“the harbour."), at("“Second, the ferry 🚢 at noon.”")], "speaker": [at("he", at("“First")[0])], "cue": [at("added")]},
    {"content": [at("fares \"rise\" and fall.")], "speaker": [at("the board")], "cue": [at("According to")]},
    {"content": [at("fares \"rise\" and fall")], "speaker": [at("the board")], "cue": [at("reported")]},
    {"content": [at("fares \"rise\" and fall")], "speaker": [], "cue": [at("reported")]},
    {"content": [at("It is 5\" of snow.")], "speaker": [], "cue": []},
]

def marks(text):
    return len(set(text) & set("“”\"‘’«»„")) + ("''" in text)

def quotes(d):
    if "quotes" in d: return [{"content": q["content"], "speaker": q["speaker"] or [], "cue": q["cue"] or []} for q in d["quotes"]]
    return [{"content": s["spans"], "speaker": s["speaker_spans"], "cue": s["cue_spans"]} for s in d["statements"]]

read = lambda path: [json.loads(line) for line in open(path, encoding="utf-8")]
documents = read(source)
if not published: documents = sorted(documents, key=lambda d: (-marks(d["text"]), d["id"]))[:CHOSEN]
gold = [{"id": d["id"], "text": d["text"], "quotes": quotes(d)} for d in documents]
gold.append({"id": "extra", "text": EXTRA, "quotes": EXTRA_GOLD})

one = lambda r: [r[0][0], r[-1][1]] if r else None

def shaken(span, size, reach):
    s, e = span[0] + rng.randint(-reach, reach), span[1] + rng.randint(-reach, reach)
    s, e = max(0, min(s, e)), max(0, s, e)
    return [min(s, size), e]

def predict(document):
    size, out = len(document["text"]), []
    for q in document["quotes"]:
        content, speaker, cue = [list(c) for c in q["content"]], one(q["speaker"]), one(q["cue"])
        fate = rng.random()
        if fate < .12: continue                                                   # missed
        if fate < .34: content = [shaken(c, size, 3) for c in content]            # edges a little off
        elif fate < .42: content = [shaken(c, size, 45) for c in content]         # edges far off
        elif fate < .47: content = [[c[0], c[0] + 2 * (c[1] - c[0]) // 3] for c in content]  # the last third lost
        elif fate < .52: content = content[:1]                                    # later parts lost
        elif fate < .58: content = [[content[0][0], content[-1][1]]]              # everything between
        elif fate < .66 and content[0][1] - content[0][0] > 8:                    # cut in two statements
            middle = (content[0][0] + content[0][1]) // 2
            out.append({"content": [[content[0][0], middle]], "speaker": speaker, "cue": None})
            content[0] = [middle, content[0][1]]
        fate = rng.random()
        if fate < .10: speaker = None
        elif fate < .25 and speaker: speaker = shaken(speaker, size, 6)
        elif fate < .33: start = rng.randrange(size); speaker = [start, start + 9]
        fate = rng.random()
        if fate < .10: cue = None
        elif fate < .25 and cue: cue = shaken(cue, size, 5)
        out.append({"content": content, "speaker": speaker, "cue": cue})
        if rng.random() < .08: out.append(dict(out[-1]))                          # told twice
        if rng.random() < .08: out.append(dict(out[-1], cue=None))                # and without its cue
    for m in re.finditer(r"“[^”\n]{3,40}”|\"[^\"\n]{3,40}\"", document["text"]):  # marked words as statements
        if rng.random() < .4: out.append({"content": [list(m.span())], "speaker": None, "cue": None})
    for _ in range(3):                                                            # out of nothing
        start = rng.randrange(size)
        out.append({"content": [[start, start + rng.randint(1, 120)]], "speaker": [start, start + 4], "cue": None})
    out.append({"content": [[3, 3]], "speaker": None, "cue": None})               # empty
    out.append({"content": [[size - 9, size + 50]], "speaker": None, "cue": None})  # beyond the end
    rng.shuffle(out)
    return {"id": document["id"], "quotes": out}

predicted = [predict(d) for d in gold if d["id"] != documents[1]["id"]]          # one document not predicted

def components(q):
    part = lambda span: [span] if span else []
    return {"content": q["content"], "speaker": part(q["speaker"]), "cue": part(q["cue"])}

instances = read(published) if published else []
for d in [] if published else gold:
    for line in re.finditer(r"[^\n]+", d["text"]):
        offsets = [[line.start() + m.start(), line.start() + m.end()] for m in re.finditer(r"\w+|[^\w\s]", line[0])]
        instances.append({"doc": d["id"], "offsets": offsets, "labels": score_components.project(d, {"offsets": offsets})})

docs = {d["id"]: (d["text"], score_relations.quoted_mask(d["text"])) for d in gold}
unified = lambda q: {"content": one(q["content"]), "content_spans": q["content"], "speaker": one(q["speaker"]), "cue": one(q["cue"])}
G = {d["id"]: score_relations.dedupe(score_relations.json_rels([unified(q) for q in d["quotes"]], *docs[d["id"]])) for d in gold}
P = {p["id"]: [{"content": one(q["content"]), "content_spans": q["content"], "speaker": q["speaker"], "cue": q["cue"]} for q in p["quotes"]] for p in predicted}
relations, _ = score_relations.score(docs, G, P)
runs = score_components.score(instances, {p["id"]: {"id": p["id"], "quotes": [components(q) for q in p["quotes"]]} for p in predicted})
flat = {}
for k in ("source", "cue", "content"):
    for m in ("exact", "begin"):
        for name, value in zip("PRF", runs[k, m]): flat[f"{k}_{m}_{name}"] = value
    flat[f"{k}_jaccard"] = runs[k, "jaccard"]

def write(name, records):
    with open(os.path.join(here, name), "w", encoding="utf-8", newline="\n") as f:
        f.writelines(json.dumps(r, ensure_ascii=False) + "\n" for r in records)

write("gold.jsonl", gold); write("predicted.jsonl", predicted); write("instances.jsonl", instances)
with open(os.path.join(here, "expected.json"), "w") as f:
    json.dump({"relations": relations, "components": flat}, f, indent=1); f.write("\n")
