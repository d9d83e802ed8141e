"""Fits the weights with which the speaker rules weigh candidates: a conditional logit (McFadden 1974) for whom a mention stands for, nets
with one hidden layer for sides and targets (src/speakers/net.rs).

    cargo run --release --features ballots -- extract ARTICLES.jsonl -o rows.jsonl 2> DUMP      # for each set of articles
    python ballots.py KIND --fit DUMP:GOLD[:WEIGHT] ... --test DUMP:GOLD ... [--l2 2]

KIND is side, target, or Pronoun, Definite, Bare, Thing, Body (whom a mention stands for). GOLD are articles with statements in the form of
data/articles.jsonl (`ballots.py polnear --polnear` makes them from PolNeAR and its codes). Tells by five-fold cross-validation over
documents how often the fitted weights choose right. Weights of mentions are fitted towards those that stand in the source now, and
printed as Rust (`--write` puts them there); nets start from nothing, and `--write` puts them into ../cast.
"""
import argparse, collections, csv, json, os, re
import numpy as np
import torch
from safetensors.torch import load_file, save_file

HERE = os.path.dirname(os.path.abspath(__file__))
NETS = ("side", "target")
CAST = os.path.join(HERE, "../cast")
HIDDEN, EPOCHS, DECAY, RATE, MEMBERS = 16, 10, 1e-3, 3e-3, 4
SOURCES = {"Pronoun": ("referent.rs", "PRONOUN"), "Definite": ("referent.rs", "DEFINITE"), "Bare": ("referent.rs", "BARE"), "Thing": ("things.rs", "THING"),
           "Body": ("things.rs", "BODY")}
ABSENT = -1e4


def normal(name): return re.sub(r"^(the|a|an|one) ", "", (name or "").lower().replace("’", "'")).strip()
def same(a, b): return sorted(re.split(", | and ", normal(a))) == sorted(re.split(", | and ", normal(b)))
def letters(text, spans): return {i for a, b in spans for i in range(a, b) if text[i].isalnum()}


def polnear(source, codes, out):
    """PolNeAR's coded statements in the form of our articles."""
    with open(codes, encoding="utf-8", newline="") as file: code = {r["id"]: r for r in csv.DictReader(file)}
    with open(source, encoding="utf-8") as lines, open(out, "w", encoding="utf-8") as made:
        for d in map(json.loads, lines):
            found = [(q, code[f"{d['id']}#{q['id']}"]) for q in d["quotes"] if f"{d['id']}#{q['id']}" in code]
            statements = [dict(spans=q["content"], speaker_spans=q.get("speaker") or [], cue_spans=q.get("cue") or [], speaker=c["name"],
                               type=c["type"], side=c["side"], target=c["target"]) for q, c in found]
            if statements: made.write(json.dumps(dict(id=d["id"], text=d["text"], statements=statements)) + "\n")


def choices(dump, gold, kind):
    """(document, gold name, candidates) of each choice that a gold statement answers."""
    told = collections.defaultdict(list)
    with open(dump, encoding="utf-8") as file:
        for line in file:
            if line.startswith("ballot "):
                ballot = json.loads(line[7:])
                if ballot["kind"] == kind: told[ballot["head"]].append(ballot)
    out = []
    for d in map(json.loads, open(gold, encoding="utf-8")):
        ballots, statements = told.get(d["text"][:80], []), d["statements"]
        asked = "spans" if kind in ("side", "target") else "speaker_spans"
        parts = [(letters(d["text"], s[asked]), s) for s in statements]
        seen = set()
        for ballot in ballots:
            own = letters(d["text"], ballot["spans"])
            best = max(parts, key=lambda p: len(own & p[0]) / max(1, len(own | p[0])), default=None)
            key = tuple(map(tuple, ballot["spans"]))
            if best is None or len(own & best[0]) * 2 < len(own | best[0]) or key in seen: continue
            seen.add(key)
            s = best[1]
            # Whoever has no name is right as any candidate without one: such choices teach nothing of whom to name.
            answer = s[kind] if kind in ("side", "target") else s["speaker"]
            if kind not in ("side", "target") and not answer: continue
            out.append((d["id"], answer, ballot["rows"]))
    return out


def arrays(found, width):
    n = max(width, max(len(rows) for *_, rows in found))
    signs = len(found[0][2][0][1])
    x, mask, y = np.zeros((len(found), n, signs), np.float32), np.full((len(found), n), ABSENT, np.float32), np.zeros((len(found), n), np.float32)
    for i, (_, answer, rows) in enumerate(found):
        for k, (name, row) in enumerate(rows):
            x[i, k], mask[i, k], y[i, k] = row, 0, same(name, answer)
    return [torch.tensor(t) for t in (x, mask, y)]


def fitted(x, mask, y, weight, start, l2):
    w = start.clone().requires_grad_(True)
    known = y.sum(1) > 0
    x, mask, y, weight = x[known], mask[known], y[known], weight[known]
    optimizer = torch.optim.LBFGS([w], max_iter=150, line_search_fn="strong_wolfe")

    def loss():
        optimizer.zero_grad()
        log = torch.log_softmax(x @ w + mask, -1)
        out = -(weight * torch.logsumexp(log + torch.log(y + 1e-9), -1)).sum() + l2 * ((w - start) ** 2).sum()
        out.backward()
        return out
    optimizer.step(loss)
    return w.detach()


def chosen(scores, mask, y): return y[torch.arange(len(y)), (scores + mask).argmax(1)]
def right(w, x, mask, y): return chosen(x @ w, mask, y)


class Net(torch.nn.Module):
    """As src/speakers/net.rs: a candidate's signs, the most of each that any candidate has, and the most that another one has."""

    def __init__(self, signs):
        super().__init__()
        self.linear = torch.nn.Parameter(torch.zeros(signs))
        self.hidden = torch.nn.Linear(3 * signs, HIDDEN)
        self.out = torch.nn.Parameter(torch.zeros(HIDDEN))

    def forward(self, x, mask):
        x = x * (mask == 0)[..., None]
        first, second = x.topk(2, 1).values.clamp_min(0).chunk(2, 1)
        others = torch.where(x >= first, second.expand_as(x), first.expand_as(x))
        return x @ self.linear + torch.relu(self.hidden(torch.cat([x, first.expand_as(x), others], -1))) @ self.out


def net(x, mask, y, weight, seed):
    torch.manual_seed(seed)
    known = y.sum(1) > 0
    x, mask, y, weight = x[known], mask[known], y[known], weight[known]
    out = Net(x.shape[-1]); optimizer = torch.optim.Adam(out.parameters(), lr=RATE)
    steps = EPOCHS * -(-len(x) // 64); fall = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 - step / steps)
    for _ in range(EPOCHS):
        for part in torch.randperm(len(x)).split(64):
            log = torch.log_softmax(out(x[part], mask[part]) + mask[part], -1)
            size = (out.linear ** 2).sum() + 0.3 * (out.hidden.weight ** 2).sum() + 0.3 * (out.out ** 2).sum()
            loss = -(weight[part] * torch.logsumexp(log + torch.log(y[part] + 1e-9), -1)).mean() + DECAY * size
            optimizer.zero_grad(); loss.backward(); optimizer.step(); fall.step()
    return out


@torch.no_grad()
def together(nets):
    """The mean of several nets, which is one with all their hidden units."""
    cat = lambda parts: torch.cat(list(parts)).detach().clone()
    return dict(linear=sum(n.linear for n in nets) / len(nets), hidden=cat(n.hidden.weight for n in nets),
                bias=cat(n.hidden.bias for n in nets), out=cat(n.out for n in nets) / len(nets))


def fit_net(kind, sets, tests, width, data, weight, fold, show, write):
    x, mask, y = (torch.cat(parts) for parts in zip(*data))
    train = lambda keep: [net(x[keep], mask[keep], y[keep], weight[keep], seed) for seed in range(MEMBERS)]
    score = lambda nets, x, mask: sum(n(x, mask) for n in nets) / len(nets)
    print(len(x), "choices; an answer is there in", show((y.sum(1) > 0).float()))
    ok = torch.zeros(len(x))
    for k in range(5):
        nets = train(fold != k)
        with torch.no_grad(): ok[fold == k] = chosen(score(nets, x[fold == k], mask[fold == k]), mask[fold == k], y[fold == k])
    print("cross-validated", show(ok), flush=True)
    nets = train(fold >= 0)
    told = []
    for spec, found in tests:
        tx, tmask, ty = arrays(found, width)
        with torch.no_grad(): scores = score(nets, tx, tmask)
        print(spec, len(found), f"{100 * chosen(scores, tmask, ty).mean():.1f}")
        told += [([row for _, row in found[n][2]], [round(float(v), 5) for v in scores[n, :len(found[n][2])]]) for n in range(0, 40, 8)]
    if not write: return
    path, reference = os.path.join(CAST, "choices.safetensors"), os.path.join(CAST, "reference.json")
    tensors = load_file(path) if os.path.exists(path) else {}
    tensors.update({f"{kind}.{part}": value.contiguous() for part, value in together(nets).items()})
    save_file(tensors, path)
    cases = json.load(open(reference)) if os.path.exists(reference) else {}
    cases[kind] = told
    json.dump(cases, open(reference, "w"), separators=(",", ":"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=[*NETS, *SOURCES, "polnear"])
    parser.add_argument("--fit", nargs="+", default=[]); parser.add_argument("--test", nargs="*", default=[])
    parser.add_argument("--l2", type=float, default=2.0); parser.add_argument("--write", action="store_true", help="into the source, or ../cast")
    parser.add_argument("--polnear", nargs=3, metavar=("SOURCE", "CODES", "OUT"))
    args = parser.parse_args()
    if args.polnear: polnear(*args.polnear); raise SystemExit
    torch.set_num_threads(1); torch.manual_seed(1)
    sets = [(spec.split(":"), choices(*spec.split(":")[:2], args.kind)) for spec in args.fit]
    tests = [(spec, choices(*spec.split(":")[:2], args.kind)) for spec in args.test]
    width = max(len(rows) for _, found in [*sets, *tests] for *_, rows in found)
    data = [arrays(found, width) for _, found in sets]
    weight = torch.cat([torch.full((len(found),), float(spec[2]) if len(spec) > 2 else 1.0) for spec, found in sets])
    docs = [doc for _, found in sets for doc, *_ in found]
    names = sorted(set(docs)); fold = torch.tensor([names.index(d) % 5 for d in docs])
    bounds = np.cumsum([0] + [len(found) for _, found in sets])
    show = lambda ok: " ".join(f"{100 * ok[a:b].mean():.1f}" for a, b in zip(bounds, bounds[1:]))
    if args.kind in NETS:
        fit_net(args.kind, sets, tests, width, data, weight, fold, show, args.write)
        raise SystemExit
    path = os.path.join(HERE, "../../src/speakers", SOURCES[args.kind][0])
    source = open(path, encoding="utf-8").read()
    stands = re.search(r"const " + SOURCES[args.kind][1] + r": Row =\s*\[(.*?)\];", source, re.S)
    start = torch.tensor([float(v) for v in stands[1].replace("\n", " ").split(",") if v.strip()])
    x, mask, y = (torch.cat(parts) for parts in zip(*data))
    print(len(docs), "choices; an answer is there in", show((y.sum(1) > 0).float()), "| as they stand", show(right(start, x, mask, y)))
    for l2 in sorted({args.l2 / 4, args.l2, args.l2 * 4}):
        ok = torch.zeros(len(docs))
        for k in range(5):
            w = fitted(x[fold != k], mask[fold != k], y[fold != k], weight[fold != k], start, l2)
            ok[fold == k] = right(w, x[fold == k], mask[fold == k], y[fold == k])
        print("l2", l2, "cross-validated", show(ok))
    w = fitted(x, mask, y, weight, start, args.l2)
    for spec, found in tests:
        t = arrays(found, width)
        print(spec, len(found), "as they stand", f"{100 * right(start, *t).mean():.1f}", "fitted", f"{100 * right(w, *t).mean():.1f}")
    values = [f"{float(v):.2f}" for v in w]
    rust = "const " + SOURCES[args.kind][1] + ": Row = [\n    " + ", ".join(values) + ",\n];"
    print(rust)
    if args.write: open(path, "w", encoding="utf-8").write(source[:stands.start()] + rust + source[stands.end():])
