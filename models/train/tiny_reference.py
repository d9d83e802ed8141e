"""Makes the tiny random model of the parity test and what PyTorch says it gives.

    python models/train/tiny_reference.py    # needs torch, safetensors, tokenizers

Writes models/train/tiny/{model.safetensors,config.json,tokenizer.json,reference.json}. It is also the plain
statement of the weights' format, the windows and the heads: written independently of the Rust reader, which
src/reader/tests.rs holds to it.
"""
import json, math, pathlib, random
import torch, torch.nn.functional as F
from safetensors.torch import save_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

OUT = pathlib.Path(__file__).parent / "tiny"
OUT.mkdir(exist_ok=True)
torch.manual_seed(7); random.seed(7)
CFG = dict(
    name="tiny", version="0", layers=2, heads=3, width=24, intermediate=40, layer_norm_eps=1e-12, max_position=24,
    window=20, context=5, link_width=5, pointers=["antecedent"],
    roles=["O", "B-speaker", "I-speaker", "B-cue", "I-cue", "B-content", "I-content"],
    mentions=["O"] + [f"{p}-{k}" for k in ("person", "organisation", "place", "group", "title") for p in "BI"],
    stance=["conciliatory", "confrontational", "neutral"], leaning=["conciliatory", "confrontational"],
    stance_temperature=1.5, thresholds={"statement": 0.4}, note="random weights, for tests only")
L, H, NH, FF, D, S = CFG["layers"], CFG["width"], CFG["heads"], CFG["intermediate"], CFG["link_width"], 9

# --- tokeniser: 100 pieces
words = "the is not read said lead elan ora minister end talks we will and of to".split()
vocab = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"] + words + list("abcdefghijklmnopqrstuvwxyz")
vocab += ["##" + c for c in "abcdefghijklmnopqrstuvwxyz"] + list(".,!?'\"“”’—-()[]:;") + ["##ing", "##ers", "##ed"]
vocab += [f"[unused{i}]" for i in range(100 - len(vocab))]
assert len(vocab) == 100
tok = Tokenizer(models.WordPiece({w: i for i, w in enumerate(vocab)}, unk_token="[UNK]", max_input_chars_per_word=100))
tok.normalizer = normalizers.BertNormalizer(lowercase=True)
tok.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
tok.add_special_tokens(["[PAD]", "[UNK]", "[CLS]", "[SEP]"])
tok.save(str(OUT / "tokenizer.json"), pretty=False)

# --- weights: drawn, rounded to what is stored, then used as rounded
W, stored = {}, {}
def put(name, shape, scale, dtype):
    stored[name] = (torch.randn(shape) * scale).to(dtype); W[name] = stored[name].float()
def linear(name, out, inp, scale=0.25):
    put(name + ".weight", (out, inp), scale, torch.float16); put(name + ".bias", (out,), 0.1, torch.float32)
def norm(name):
    stored[name + ".weight"] = W[name + ".weight"] = 1 + 0.1 * torch.randn(H); put(name + ".bias", (H,), 0.1, torch.float32)
stored["embeddings.word"] = torch.randint(-127, 128, (100, H), dtype=torch.int8)
stored["embeddings.word.scale"] = torch.rand(100) * 0.01 + 0.001
W["embeddings.word"] = stored["embeddings.word"].float() * stored["embeddings.word.scale"][:, None]
put("embeddings.position", (CFG["max_position"], H), 0.3, torch.float16); norm("embeddings.norm")
for i in range(L):
    linear(f"layer.{i}.qkv", 3 * H, H, 0.4); linear(f"layer.{i}.out", H, H); norm(f"layer.{i}.norm1")
    linear(f"layer.{i}.up", FF, H); linear(f"layer.{i}.down", H, FF); norm(f"layer.{i}.norm2")
linear("roles", 7, H, 0.8); linear("mentions", 11, H, 0.8); linear("links", 4 * D, H, 0.5)
linear("stance.attend", 1, H); linear("stance.hidden", S, 6 * H); linear("stance.out", 3, S, 1.0); linear("stance.leaning", 2, S, 1.0)
linear("pointer.antecedent", 2 * D, H, 0.5)
stored["layer.1.up.weight"] = stored["layer.1.up.weight"].to(torch.bfloat16)  # any float type is welcome
W["layer.1.up.weight"] = stored["layer.1.up.weight"].float()
save_file(stored, str(OUT / "model.safetensors"))
(OUT / "config.json").write_text(json.dumps(CFG, indent=1) + "\n")

# --- the forward
def lin(name, x): return F.linear(x, W[name + ".weight"], W[name + ".bias"])
def ln(name, x): return F.layer_norm(x, (H,), W[name + ".weight"], W[name + ".bias"], CFG["layer_norm_eps"])
def encode(ids):
    x = ln("embeddings.norm", W["embeddings.word"][ids] + W["embeddings.position"][: len(ids)])
    for i in range(L):
        q, k, v = (t.view(len(ids), NH, H // NH).transpose(0, 1) for t in lin(f"layer.{i}.qkv", x).split(H, -1))
        a = torch.softmax(q @ k.transpose(1, 2) / math.sqrt(H // NH), -1) @ v
        x = ln(f"layer.{i}.norm1", x + lin(f"layer.{i}.out", a.transpose(0, 1).reshape(len(ids), H)))
        x = ln(f"layer.{i}.norm2", x + lin(f"layer.{i}.down", F.gelu(lin(f"layer.{i}.up", x))))
    return x

def pack(lengths, ends, room, context):
    """Windows (context start, own start, own end); see src/reader/windows.rs."""
    wins, start, at = [], 0, 0
    limit = lambda: start - min(context, start) + room
    for n in lengths:
        p, e = at, at + n; at = e
        while e > limit():
            if p == start:  # the paragraph overflows a fresh window: cut it
                full = limit(); p = full
                for c in range(full, full - (full - start) // 4 - 1, -1):
                    if ends[c - 1]: p = c; break
            wins.append((start - min(context, start), start, p)); start = p
    if start < at: wins.append((start - min(context, start), start, at))
    return wins

# --- a document
TEXT = ("“We will not read the letter of Élan and the minister,” Ora Lund said. The talks end! Is it so? Perhaps not.\n"
        "Ora’s minister said the talks of Norvik ended to the talkers.\n"
        "“The end,” said the minister of Élan.\n")
spans, ids, ends, lengths, at = [], [], [], [], 0
for line in TEXT.split("\n"):
    if line.strip():
        enc = tok.encode(line, add_special_tokens=False); n = 0
        for i, (a, b) in zip(enc.ids, enc.offsets):
            if a < b:
                ids.append(i); spans.append((at + a, at + b)); ends.append(line[b - 1] in ".!?"); n += 1
        lengths.append(n)
    at += len(line) + 1
wins = pack(lengths, ends, CFG["window"] - 2, CFG["context"])
rows = [encode([2] + ids[c:e] + [3]) for c, s, e in wins]
owner = {t: w for w, (c, s, e) in enumerate(wins) for t in range(s, e)}
vec = lambda t: rows[owner[t]][1 + t - wins[owner[t]][0]]
hidden = torch.stack([vec(t) for t in range(len(ids))])

def tokens_of(span): return [t for t, (a, b) in enumerate(spans) if a < span[1] and span[0] < b]
def find(s, nth=0):
    i = -1
    for _ in range(nth + 1): i = TEXT.index(s, i + 1)
    return (i, i + len(s))
def link(which, content, candidates):
    totals, n = [0.0] * (1 + len(candidates)), 0
    for part in content:
        for t in tokens_of(part)[:64]:
            w = owner[t]; c, s, e = wins[w]
            v = lin("links", rows[w]).split(D, -1); q, k = (v[0], v[1]) if which == "cue" else (v[2], v[3])
            lp = torch.log_softmax(k[: 1 + e - c] @ q[1 + t - c] / math.sqrt(D), -1)  # without [SEP]
            totals[0] += max(lp[0].item(), -15); n += 1
            for j, cand in enumerate(candidates):
                seen = [1 + u - c for u in tokens_of(cand) if c <= u < e]
                totals[1 + j] += max(torch.logsumexp(lp[seen], 0).item(), -15) if seen else -15
    return [x / n for x in totals]
def pointer(asked, candidates):
    """Mean log-probability of nobody and of each candidate's first token, over those in the window of each token that asks."""
    totals, n = torch.zeros(1 + len(candidates)), 0
    firsts = [tokens_of(c)[0] for c in candidates]
    for part in asked:
        for t in tokens_of(part)[:32]:
            w = owner[t]; c, s, e = wins[w]
            q, k = lin("pointer.antecedent", rows[w]).split(D, -1)
            inside = [j for j, u in enumerate(firsts) if c <= u < e]
            at = [0] + [1 + firsts[j] - c for j in inside]
            lp = torch.log_softmax(k[at] @ q[1 + t - c] / math.sqrt(D), -1).clamp_min(-9)
            row = torch.full((1 + len(candidates),), -9.0); row[[0] + [1 + j for j in inside]] = lp
            totals += row; n += 1
    return (totals / n).tolist()
def stance(content, cue, speaker):
    toks = [t for part in content for t in tokens_of(part)]
    h = hidden[toks]; zero = torch.zeros(H)
    mean = lambda s: hidden[tokens_of(s)].mean(0) if s and tokens_of(s) else zero
    f = torch.cat([h.mean(0), torch.softmax(lin("stance.attend", h), 0).T[0] @ h, mean(speaker), mean(cue), rows[owner[toks[0]]][0], h.max(0).values])
    g = F.gelu(lin("stance.hidden", f))
    return lin("stance.out", g).tolist(), lin("stance.leaning", g).tolist()

to_bytes = lambda s: [len(TEXT[:s[0]].encode()), len(TEXT[:s[1]].encode())]
c1 = [find("We will not read the letter of Élan and the minister")]
c2 = [find("talks of Norvik"), find("The end")]
cands = [find("Ora Lund"), find("minister", 1), find("said", 1), find("said", 2)]
r = lambda x: [round(v, 6) for v in x]
ref = dict(
    text=TEXT, tokens=[to_bytes(s) for s in spans], windows=wins, hidden=[r(h.tolist()) for h in hidden],
    roles=[r(x) for x in torch.softmax(lin("roles", hidden), -1).tolist()],
    mentions=[r(x) for x in torch.softmax(lin("mentions", hidden), -1).tolist()],
    links=[dict(link=k, content=[to_bytes(s) for s in c], candidates=[to_bytes(s) for s in cands], scores=r(link(k, c, cands)))
           for k in ("cue", "speaker") for c in (c1, c2)],
    pointers=[dict(asked=[to_bytes(s) for s in c], candidates=[to_bytes(s) for s in cands], scores=r(pointer(c, cands))) for c in (c1, c2)],
    stances=[dict(content=[to_bytes(s) for s in c], cue=to_bytes(q) if q else None, speaker=to_bytes(p) if p else None,
                  logits=r(o), leaning=r(l))
             for c, q, p in ((c1, find("said"), find("Ora Lund")), (c2, None, find("minister", 1)), (c1 + c2, None, None))
             for o, l in [stance(c, q, p)]])
(OUT / "reference.json").write_text(json.dumps(ref, ensure_ascii=False) + "\n")
print(len(ids), "tokens", wins, {p.name: p.stat().st_size for p in OUT.iterdir()})
