"""Trains the reader: roles, mentions, links and stance on one encoder.

    python train.py BACKBONE_DIR OUT_DIR [--epochs 5] [--lr 1e-4] [--data ../../../shared/data]

Seeds are fixed; bf16 autocast on the CPU. After each epoch: component F on the devtest cut, stance on the open set, and a
checkpoint, from which a run that was stopped goes on (--resume).
"""
import argparse, collections, json, math, os, random, time
import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn.functional import cross_entropy

import corpora
from corpora import IGNORE, LEANINGS, ROLES, STANCES
from model import Reader

parser = argparse.ArgumentParser()
parser.add_argument("backbone"); parser.add_argument("out")
parser.add_argument("--epochs", type=int, default=5); parser.add_argument("--lr", type=float, default=1e-4)
parser.add_argument("--head-lr", type=float, default=5e-4); parser.add_argument("--batch", type=int, default=16)
parser.add_argument("--data", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../shared/data"))
parser.add_argument("--seed", type=int, default=1); parser.add_argument("--resume", action="store_true")
parser.add_argument("--limit", type=int, default=0, help="windows an epoch, for a trial run")
args = parser.parse_args()
torch.manual_seed(args.seed); random.seed(args.seed); np.random.seed(args.seed)

tokenizer = Tokenizer.from_file(args.backbone + "/tokenizer.json"); tokenizer.no_padding(); tokenizer.no_truncation()
data = lambda name: os.path.join(args.data, name)

# --- data: the devtest cut and everything called dev or open stay out of training
splits = json.load(open(data("polnear-splits.json")))
records = corpora.lines(data("stance-statements-train.jsonl"))
stances = {r["id"]: r for r in records if r["corpus"] == "polnear"}
read = lambda articles: [w for a in articles for w in corpora.windows(a, tokenizer)]
news = read(corpora.polnear(data("polnear-train.jsonl"), set(splits["polnear_train"]), stances))
own = read(corpora.own_articles(data("articles/articles-train.jsonl")))
debates = read(corpora.lone_statements([r for r in records if r["corpus"] == "unscon"]))
held = {r["id"] for r in records if r["id"].split("#")[0] in set(splits["polnear_devtest"])}
lone = read(corpora.lone_statements([r for r in records if r["corpus"] == "polnear"]))
named = read(corpora.worldwide(data("ner-worldwide-train.jsonl"))) + read(corpora.gum(data("gum-news-open.jsonl")))
devtest = read(corpora.polnear(data("polnear-train.jsonl"), set(splits["polnear_devtest"]), {}))
open_set = read(corpora.lone_statements(corpora.lines(data("stance-statements-open.jsonl"))))
own_dev = read(corpora.own_articles(data("articles/articles-dev.jsonl")))
print("windows: news", len(news), "articles", len(own), "debates", len(debates), "lone", len(lone), "named", len(named),
      "| devtest", len(devtest), "open", len(open_set), "articles-dev", len(own_dev), flush=True)


def epoch_windows(epoch):
    """News and our articles (twice) each epoch; a third of the name corpus; half of the lone statements."""
    pick = random.Random(1000 * args.seed + epoch)
    chosen = news + own + own + debates + pick.sample(lone, len(lone) // 2) + pick.sample(named, len(named) // 3)
    pick.shuffle(chosen)
    chosen = chosen[:args.limit] if args.limit else chosen
    pools = [sorted(chosen[i:i + args.batch * 50], key=lambda w: len(w.ids)) for i in range(0, len(chosen), args.batch * 50)]
    batches, current, room = [], [], args.batch * 256
    for pool in pools:                       # as many windows a batch as fit in batch × 256 word pieces
        for w in pool:
            if current and (len(current) + 1) * max(len(w.ids), len(current[-1].ids)) > room or len(current) >= 48:
                batches.append(current); current = []
            current.append(w)
        if current: batches.append(current); current = []
    pick.shuffle(batches)
    return batches


def tensors(batch):
    n = max(len(w.ids) for w in batch)
    pad = lambda rows, blank: torch.tensor([r + [blank] * (n - len(r)) for r in rows])
    ids = pad([w.ids for w in batch], 0)
    mask = ids != 0
    return (ids, mask, mask & (ids != 102), *(pad([getattr(w, f) for w in batch], IGNORE)
                                               for f in ("roles", "names", "cue_link", "speaker_link")))


model = Reader(args.backbone)
head = [p for n, p in model.named_parameters() if not n.startswith("encoder.")]
decayed = [p for n, p in model.named_parameters() if n.startswith("encoder.") and p.ndim > 1 and "embeddings" not in n]
plain = [p for n, p in model.named_parameters() if n.startswith("encoder.") and not (p.ndim > 1 and "embeddings" not in n)]
optimizer = torch.optim.AdamW([dict(params=decayed, lr=args.lr, weight_decay=0.01), dict(params=plain, lr=args.lr, weight_decay=0.0),
                               dict(params=head, lr=args.head_lr, weight_decay=0.01)], fused=True)
total = args.epochs * len(epoch_windows(0))
schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: min(s / (0.06 * total + 1), max(0.0, (total - s) / (0.94 * total))))
# Conciliatory is the rare class (12 %); weights are the square root of inverse frequency.
count = collections.Counter(s[3] for w in news + own + debates for s in w.stances)
stance_weight = torch.tensor([math.sqrt(sum(count.values()) / (3 * max(1, count[i]))) for i in range(3)])
print("stance counts", dict(count), "weights", stance_weight.tolist(), "batches", total, flush=True)


def losses(batch):
    ids, mask, readable, roles, names, cue_link, speaker_link = tensors(batch)
    hidden = model.encode(ids, mask)
    dropped = model.drop(hidden)
    loss = {}
    mean = lambda logits, gold: cross_entropy(logits.float().reshape(-1, logits.shape[-1]), gold.reshape(-1), ignore_index=IGNORE)
    if (roles != IGNORE).any(): loss["roles"] = mean(model.roles(dropped), roles)
    if (names != IGNORE).any(): loss["mentions"] = 0.5 * mean(model.mentions(dropped), names)
    if (cue_link != IGNORE).any():
        cue, speaker = model.link_logits(dropped, readable)
        loss["links"] = 0.15 * (mean(cue, cue_link) + mean(speaker, speaker_link))
    features, gold, lean = [], [], []
    for k, w in enumerate(batch):
        for content, speaker, cue, stance, leaning in w.stances:
            features.append(model.stance_features(hidden[k], content, speaker, cue)); gold.append(stance); lean.append(leaning)
    if features:
        out, leaning = model.stance_logits(torch.stack(features))
        share = len(gold) / 12                  # a statement weighs the same whichever batch it falls into
        loss["stance"] = 0.35 * min(share, 3) * cross_entropy(out, torch.tensor(gold), weight=stance_weight, label_smoothing=0.1)
        lean = torch.tensor(lean)
        if (lean != IGNORE).any(): loss["leaning"] = 0.15 * min(share, 3) * cross_entropy(leaning, lean, ignore_index=IGNORE)
    return loss


@torch.no_grad()
def evaluate():
    model.eval()
    hit = collections.Counter()
    def spans(labels):
        out, start = set(), None
        for i, l in enumerate(labels + [0]):
            tag = ROLES[l] if l >= 0 else "O"
            if start is not None and not (tag.startswith("I-") and tag[2:] == start[1]):
                out.add((*start, i)); start = None
            if tag.startswith("B-") or (tag.startswith("I-") and start is None): start = (i, tag[2:])
        return out
    for i in range(0, len(devtest), 32):
        batch = devtest[i:i + 32]
        ids, mask, readable, roles, names, cue_link, speaker_link = tensors(batch)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            hidden = model.encode(ids, mask)
            guess, (cue, speaker) = model.roles(hidden).argmax(-1), model.link_logits(hidden, readable)
            name = model.mentions(hidden).argmax(-1)
        for n, g, k in (("cue-link", cue_link, cue), ("speaker-link", speaker_link, speaker)):
            seen = g != IGNORE; hit[n] += int((k.argmax(-1) == g)[seen].sum()); hit[n + "-all"] += int(seen.sum())
        seen = (names != IGNORE) & ((names > 0) | (name > 0)); hit["names"] += int((name == names)[seen].sum()); hit["names-all"] += int(seen.sum())
        for k, w in enumerate(batch):
            gold, found = spans([w.roles[p] for p in w.own]), spans([int(guess[k, p]) for p in w.own])
            for role in ("speaker", "cue", "content"):
                g, f = {x for x in gold if x[1] == role}, {x for x in found if x[1] == role}
                hit[role, "tp"] += len(g & f); hit[role, "n"] += len(g) + len(f)
    text = " ".join(f"{r} {200 * hit[r, 'tp'] / max(1, hit[r, 'n']):.1f}" for r in ("speaker", "cue", "content"))
    text += " | " + " ".join(f"{n} {100 * hit[n] / max(1, hit[n + '-all']):.1f}" for n in ("cue-link", "speaker-link", "names"))
    for name, windows in (("open", open_set), ("articles-dev", own_dev)):
        gold, found, lean, lean_all = [], [], 0, 0
        for i in range(0, len(windows), 32):
            batch = windows[i:i + 32]
            ids, mask, *_ = tensors(batch)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                hidden = model.encode(ids, mask)
                for k, w in enumerate(batch):
                    for content, speaker, cue, stance, leaning in w.stances:
                        out, l = model.stance_logits(model.stance_features(hidden[k], content, speaker, cue))
                        gold.append(stance); found.append(int(out.argmax()))
                        if stance < 2: lean += int(int(l.argmax()) == stance); lean_all += 1
        f = []
        for c in range(3):
            tp = sum(g == c == p for g, p in zip(gold, found))
            f.append(200 * tp / max(1, gold.count(c) + found.count(c)))
        text += f" | {name} macro-F {sum(f) / 3:.1f} ({' '.join(f'{x:.0f}' for x in f)}) leaning {100 * lean / max(1, lean_all):.1f}"
    model.train()
    return text


os.makedirs(args.out, exist_ok=True)
checkpoint, step, epoch = args.out + "/checkpoint.pt", 0, 0
if args.resume and os.path.exists(checkpoint):
    saved = torch.load(checkpoint)
    model.load_state_dict(saved["model"]); optimizer.load_state_dict(saved["optimizer"]); schedule.load_state_dict(saved["schedule"])
    step, epoch = saved["step"], saved["epoch"]
model.train()
started, running = time.time(), collections.Counter()
while epoch < args.epochs:
    for batch in epoch_windows(epoch):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = losses(batch)
        optimizer.zero_grad(set_to_none=True)
        sum(loss.values()).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step(); schedule.step(); step += 1
        for k, v in loss.items(): running[k] += v.item()
        if step % 50 == 0:
            print(f"step {step}/{total} " + " ".join(f"{k} {v / 50:.3f}" for k, v in sorted(running.items())) + f" {time.time() - started:.0f}s", flush=True)
            running.clear()
    epoch += 1
    print(f"epoch {epoch}: {evaluate()} {time.time() - started:.0f}s", flush=True)
    torch.save(dict(model=model.state_dict(), optimizer=optimizer.state_dict(), schedule=schedule.state_dict(), step=step, epoch=epoch), checkpoint + ".tmp")
    os.replace(checkpoint + ".tmp", checkpoint)
