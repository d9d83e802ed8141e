"""Refits the stance head alone on the frozen encoder, with our articles in lone form too.

    python head.py BACKBONE_DIR CHECKPOINT OUT_CHECKPOINT [--data ../../../shared/data]

`train.py` shows the head statements of our articles in their articles only; `sayso stance` reads lone ones. The encoder stays as
it is, so features are computed once.
"""
import argparse, collections, json, os, random
import torch
from tokenizers import Tokenizer
from torch import nn
from torch.nn.functional import cross_entropy

import corpora
from model import Reader, STANCE_WIDTH

parser = argparse.ArgumentParser()
parser.add_argument("backbone"); parser.add_argument("checkpoint"); parser.add_argument("out")
parser.add_argument("--epochs", type=int, default=6); parser.add_argument("--lr", type=float, default=3e-4)
parser.add_argument("--dropout", type=float, default=0.5); parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--data", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../shared/data"))
args = parser.parse_args()
data = lambda name: os.path.join(args.data, name)
tokenizer = Tokenizer.from_file(args.backbone + "/tokenizer.json"); tokenizer.no_padding(); tokenizer.no_truncation()
saved = torch.load(args.checkpoint, map_location="cpu")
reader = Reader(args.backbone); reader.load_state_dict(saved["model"]); reader.eval()


splits = json.load(open(data("polnear-splits.json")))
records = corpora.lines(data("stance-statements-train.jsonl"))
coded = {r["id"]: r for r in records if r["corpus"] == "polnear"}
parts = dict(train=corpora.polnear(data("polnear-train.jsonl"), set(splits["polnear_train"]), coded)
             + corpora.own_articles(data("articles/articles-train.jsonl")) + corpora.lone_of_own(data("articles/articles-train.jsonl"))
             + corpora.lone_statements(records),
             open=corpora.lone_statements(corpora.lines(data("stance-statements-open.jsonl"))),
             dev=corpora.own_articles(data("articles/articles-dev.jsonl")), lone_dev=corpora.lone_of_own(data("articles/articles-dev.jsonl")))


@torch.no_grad()
def features(articles):
    windows = sorted((w for a in articles for w in corpora.windows(a, tokenizer) if w.stances), key=lambda w: len(w.ids))
    x, gold, lean = [], [], []
    for i in range(0, len(windows), 16):
        some = windows[i:i + 16]; n = max(len(w.ids) for w in some)
        ids = torch.tensor([w.ids + [0] * (n - len(w.ids)) for w in some])
        with torch.autocast("cpu", dtype=torch.bfloat16): hidden = reader.encode(ids, ids != 0)
        for k, w in enumerate(some):
            for content, speaker, cue, stance, leaning in w.stances:
                x.append(reader.stance_features(hidden[k].float(), content, speaker, cue)); gold.append(stance); lean.append(leaning)
    return torch.stack(x), torch.tensor(gold), torch.tensor(lean)


sets = {name: features(articles) for name, articles in parts.items()}
print({k: len(v[1]) for k, v in sets.items()}, flush=True)
x, gold, lean = sets["train"]
count = collections.Counter(gold.tolist())
weight = torch.tensor([len(gold) / (3 * count[c]) for c in range(3)])


def report(tag, model):
    line = tag
    for name in ("open", "dev", "lone_dev"):
        fx, fg, _ = sets[name]
        with torch.no_grad(): out, leans = model(fx)
        guess, poles = out.argmax(-1), fg < 2
        f = [200 * int(((guess == c) & (fg == c)).sum()) / max(1, int((guess == c).sum() + (fg == c).sum())) for c in range(3)]
        line += f" | {name} {sum(f) / 3:.1f} ({' '.join(f'{v:.0f}' for v in f)}) lean {100 * float((leans.argmax(-1) == fg)[poles].float().mean()):.1f}"
    print(line, flush=True)


class Head(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.hidden = nn.Linear(x.shape[1], width); self.out = nn.Linear(width, 3); self.leaning = nn.Linear(width, 2)
        self.drop = nn.Dropout(args.dropout)
    def forward(self, x):
        h = self.drop(nn.functional.gelu(self.hidden(self.drop(x))))
        return self.out(h), self.leaning(h)


def fit(seed):
    torch.manual_seed(seed); pick = random.Random(seed)
    head = Head(STANCE_WIDTH)
    optimizer = torch.optim.AdamW(head.parameters(), lr=args.lr, weight_decay=0.05)
    order = list(range(len(gold))); total = args.epochs * (len(order) // 64); step = 0
    for epoch in range(args.epochs):
        head.train(); pick.shuffle(order)
        for i in range(0, len(order) - 63, 64):
            some = order[i:i + 64]
            for group in optimizer.param_groups: group["lr"] = args.lr * (1 - step / total)
            out, leans = head(x[some])
            loss = cross_entropy(out, gold[some], weight=weight, label_smoothing=0.1) + 0.5 * cross_entropy(leans, lean[some], ignore_index=corpora.IGNORE, label_smoothing=0.1)
            optimizer.zero_grad(); loss.backward(); optimizer.step(); step += 1
        head.eval(); report(f"seed {seed} epoch {epoch + 1}", head)
    return head


report("as trained", lambda v: reader.stance_logits(v))
head = fit(args.seed)
for name, value in head.state_dict().items(): saved["model"]["stance_" + name] = value.detach().clone()
torch.save(dict(model=saved["model"]), args.out)
