"""Fits the biases of the stance head on the coded statements of PolNeAR's devtest cut, the open set and our dev articles (in place and
alone), then its temperature on devtest and the open set together (vector and temperature scaling, Guo et al., ICML 2017), and prints what that does.

    python calibrate.py BACKBONE_DIR CHECKPOINT [--data ../../../shared/data]
"""
import argparse, json, os
import torch
from tokenizers import Tokenizer

import corpora, windowing
from model import Reader

parser = argparse.ArgumentParser()
parser.add_argument("backbone"); parser.add_argument("checkpoint")
parser.add_argument("--data", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../shared/data"))
args = parser.parse_args()
model = Reader(args.backbone)
model.load_state_dict(torch.load(args.checkpoint, map_location="cpu")["model"]); model.eval()
tokenizer = Tokenizer.from_file(args.backbone + "/tokenizer.json"); tokenizer.no_padding(); tokenizer.no_truncation()


@torch.no_grad()
def logits(articles):
    rows, gold, leans = [], [], []
    for article in articles:
        for w in windowing.windows(article, tokenizer):
            if not w.stances: continue
            ids = torch.tensor([w.ids])
            hidden = model.encode(ids, ids != 0)[0]
            for content, speaker, cue, stance, leaning, _ in w.stances:
                out, lean = model.stance_logits(model.stance_features(hidden, content, speaker, cue))
                rows.append(out); gold.append(stance); leans.append(lean)
    return torch.stack(rows), torch.tensor(gold), torch.stack(leans)


def report(name, out, gold, leans, temperature):
    p = (out / temperature).softmax(-1); top, guess = p.max(-1)
    f = [200 * int(((guess == c) & (gold == c)).sum()) / max(1, int((guess == c).sum() + (gold == c).sum())) for c in range(3)]
    bins = [(top > b / 10) & (top <= (b + 1) / 10) for b in range(10)]
    ece = sum(float(abs((guess == gold)[m].float().mean() - top[m].mean())) * int(m.sum()) for m in bins if m.any()) / len(gold)
    poles = gold < 2
    flips = int(((guess < 2) & poles & (guess != gold)).sum()) / len(gold)
    lean = {n: float((s.argmax(-1) == gold)[poles].float().mean()) for n, s in
            (("head", leans), ("poles", out[:, :2]), ("sum", out[:, :2] + leans))}
    print(f"{name}: T {temperature:.2f} macro-F {sum(f) / 3:.1f} ({' '.join(f'{x:.0f}' for x in f)}) ECE {ece:.3f} flips {flips:.3f} leaning",
          {k: round(100 * v, 1) for k, v in lean.items()})


devtest = set(json.load(open(args.data + "/polnear-splits.json"))["polnear_devtest"])
held = [r for r in corpora.lines(args.data + "/stance-statements-train.jsonl") if r["id"].split("#")[0] in devtest]
sets = {"devtest": logits(corpora.lone_statements(held)),
        "open": logits(corpora.lone_statements(corpora.lines(args.data + "/stance-statements-open.jsonl"))),
        "articles-dev": logits(corpora.own_articles(args.data + "/articles/articles-dev.jsonl")),
        "articles-dev, lone": logits(corpora.lone_of_own(args.data + "/articles/articles-dev.jsonl"))}


def macro(out, gold, bias):
    guess = (out + torch.tensor(bias)).argmax(-1)
    return sum(200 * int(((guess == c) & (gold == c)).sum()) / max(1, int((guess == c).sum() + (gold == c).sum())) for c in range(3)) / 3


# Biases, because training weighs the rare class up: a coarse grid, so that little can be tuned to the two sets.
grid = [(c / 5, f / 5, 0.0) for c in range(-3, 5) for f in range(-3, 4)]
bias = max(grid, key=lambda b: sum(macro(out, gold, b) for out, gold, _ in sets.values()))
lean = max((b / 5 for b in range(-10, 6)), key=lambda b: sum(
    float(((leans + torch.tensor([b, 0.0])).argmax(-1) == gold)[gold < 2].float().mean()) for _, gold, leans in sets.values()))
out, gold = (torch.cat([sets[n][i] for n in ("devtest", "open")]) for i in (0, 1))
temperature = min((t / 20 for t in range(8, 80)), key=lambda t: float(torch.nn.functional.cross_entropy((out + torch.tensor(bias)) / t, gold)))
for name, (out, gold, leans) in sets.items():
    report(name + " raw", out, gold, leans, 1.0)
    report(name, out + torch.tensor(bias), gold, leans + torch.tensor([lean, 0.0]), temperature)
print("--stance-bias", *bias, "--leaning-bias", lean, 0.0, "--temperature", temperature)
