"""Fits the temperature of the stance head on the open set (Guo et al., ICML 2017) and prints what it does to calibration.

    python calibrate.py BACKBONE_DIR CHECKPOINT [--data ../../../shared/data]
"""
import argparse, os
import torch
from tokenizers import Tokenizer

import corpora
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
        for w in corpora.windows(article, tokenizer):
            if not w.stances: continue
            hidden = model.encode(torch.tensor([w.ids]), None)[0]
            for content, speaker, cue, stance, leaning in w.stances:
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


out, gold, leans = logits(corpora.lone_statements(corpora.lines(args.data + "/stance-statements-open.jsonl")))
temperature = min((t / 20 for t in range(8, 80)), key=lambda t: float(torch.nn.functional.cross_entropy(out / t, gold)))
for t in (1.0, temperature): report("open", out, gold, leans, t)
report("articles-dev", *logits(corpora.own_articles(args.data + "/articles/articles-dev.jsonl")), temperature)
print("temperature", temperature)
