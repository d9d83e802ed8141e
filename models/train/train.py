"""Trains the reader: roles, mentions, links and stance on one encoder.

    python train.py BACKBONE_DIR OUT_DIR [--epochs 4] [--lr 1.2e-4] [--data ../../../shared/data]

Seeds are fixed; bf16 autocast on the CPU. After each epoch: component F on the devtest cut, stance on the open set, and a
checkpoint, from which a run that was stopped goes on (--resume). What is measured and exported is the moving average of the weights.
"""
import argparse, collections, copy, dataclasses, json, math, os, random, time
import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn.functional import cross_entropy

import corpora, pointing, windowing
from windowing import IGNORE, LINKS, POINTERS, ROLES, STANCES
from model import Reader
from swaps import swapped

parser = argparse.ArgumentParser()
parser.add_argument("backbone"); parser.add_argument("out")
parser.add_argument("--epochs", type=int, default=4); parser.add_argument("--lr", type=float, default=1.2e-4)
parser.add_argument("--head-lr", type=float, default=5e-4); parser.add_argument("--batch", type=int, default=16)
parser.add_argument("--data", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../shared/data"))
parser.add_argument("--seed", type=int, default=1); parser.add_argument("--resume", action="store_true")
parser.add_argument("--written", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "data"), help="folder of our own statements and articles")
parser.add_argument("--written-from", type=int, default=0, help="epoch from which they are read")
parser.add_argument("--lone-from", type=int, default=0, help="epoch from which statements are read alone, too")
parser.add_argument("--coded", type=float, default=0.4, help="share of the silver statements read alone in an epoch")
parser.add_argument("--total", type=int, default=0, help="steps of the schedule, where the last epochs' number is not known yet")
parser.add_argument("--start", help="checkpoint whose weights a second stage begins with")
parser.add_argument("--links", type=float, default=0.15, help="weight of the links' loss"); parser.add_argument("--names", type=float, default=0.5)
parser.add_argument("--pointers", type=float, default=0.1, help="weight of antecedents, sides and targets")
parser.add_argument("--stance", type=float, default=0.35); parser.add_argument("--news", type=int, default=1, help="times that PolNeAR is read in an epoch")
parser.add_argument("--limit", type=int, default=0, help="windows an epoch, for a trial run")
parser.add_argument("--first", type=int, default=0, help="windows of the first epoch, while articles are still being written")
parser.add_argument("--frozen", type=int, default=0, help="lowest layers that stay as they are, and the embeddings with them: half of the layers save a third of the time")
parser.add_argument("--f32", action="store_true", help="no bf16: for processors without it, where it takes thirty times as long")
parser.add_argument("--sure", type=int, default=0, help="the last articles of our own, of which no limit leaves any out")
args = parser.parse_args()
torch.manual_seed(args.seed); random.seed(args.seed); np.random.seed(args.seed)

tokenizer = Tokenizer.from_file(args.backbone + "/tokenizer.json"); tokenizer.no_padding(); tokenizer.no_truncation()
data = lambda name: os.path.join(args.data, name)

# --- data: the devtest cut and everything called dev or open stay out of training
splits = json.load(open(data("polnear-splits.json")))
records = corpora.lines(data("stance-statements-train.jsonl"))
stances = {r["id"]: r for r in records if r["corpus"] == "polnear"}
read = lambda articles: [w for a in articles for w in windowing.windows(a, tokenizer)]
coded, codes = [], os.path.join(args.written, "polnear-codes.csv")
def news_windows():
    """PolNeAR with the stances known so far."""
    global coded
    coded = corpora.silver(data("polnear-train.jsonl"), codes, set(splits["polnear_train"])) if os.path.exists(codes) else []
    known = {r["id"]: r for r in coded} | stances
    cast = os.path.join(args.written, "polnear-cast.csv")
    cast = pointing.cast_codes(cast) if os.path.exists(cast) else {}
    return read(corpora.polnear(data("polnear-train.jsonl"), set(splits["polnear_train"]), known, cast=cast))
news = news_windows()
own = read(corpora.own_articles(data("articles/articles-train.jsonl")))
debates = [r for r in records if r["corpus"] == "unscon"]
lone = [r for r in records if r["corpus"] == "polnear" and r["id"].split("#")[0] not in set(splits["polnear_devtest"])]
events = read(corpora.events(data("stance-plv-train.jsonl"), "train"))
def world_windows():
    """World news: those whose cast has been coded so far, and those with names only."""
    codes = os.path.join(args.written, "worldwide-cast.jsonl")
    windows = read(corpora.worldwide(data("ner-worldwide-train.jsonl"), codes if os.path.exists(codes) else None))
    windows += read(corpora.gum(data("gum-news-open.jsonl")))
    return [w for w in windows if w.stances or w.pointers], [w for w in windows if not w.stances and not w.pointers]
world, named = world_windows()
devtest = read(corpora.polnear(data("polnear-train.jsonl"), set(splits["polnear_devtest"]), {}))
open_set = read(corpora.lone_statements(corpora.lines(data("stance-statements-open.jsonl"))))
held_events = read(corpora.events(data("stance-plv-train.jsonl"), "held"))
held_set = read(corpora.lone_statements(r for r in records if r["id"].split("#")[0] in set(splits["polnear_devtest"])))
lone_dev = read(corpora.lone_of_own(data("articles/articles-dev.jsonl")))
own_dev = read(corpora.own_articles(data("articles/articles-dev.jsonl")))
print("windows: news", len(news), "articles", len(own), "debates", len(debates), "lone", len(lone), "world", len(world), "named", len(named),
      "| devtest", len(devtest), "open", len(open_set), "articles-dev", len(own_dev), flush=True)


def written(name, default):
    """What we wrote for training; read anew each epoch, for it may grow while an early epoch runs."""
    path = os.path.join(args.written, name)
    return corpora.lines(path) if os.path.exists(path) else default


def blurred(window, pick):
    """A copy in which one word piece in twelve is hidden, so that statements seen many times do not wear out."""
    return dataclasses.replace(window, ids=[103 if 0 < i < len(window.ids) - 1 and pick.random() < 0.08 else t for i, t in enumerate(window.ids)])


def epoch_windows(epoch):
    """News and our articles (these twice, the second time blurred) each epoch; a third of the name corpus; lone statements, half of the coded
    news ones and all others, every second one with other actors."""
    global news, world, named
    if epoch: news = news_windows(); world, named = world_windows()
    pick = random.Random(1000 * args.seed + epoch)
    again = lambda windows: [blurred(w, pick) for w in windows]
    fresh = epoch >= args.written_from
    texts = list(corpora.own_articles(os.path.join(args.written, "articles.jsonl"))) if fresh and written("articles.jsonl", None) else []
    cut = [read([text]) for text in texts]
    articles = sum(cut, [])
    sure = {id(w) for windows in cut[max(0, len(cut) - args.sure):] for w in windows} if args.sure else set()
    statements = corpora.written_statements(os.path.join(args.written, "statements.jsonl")) if fresh and written("statements.jsonl", None) else []
    alone = (pick.sample(lone, len(lone) // 2) + pick.sample(coded, int(len(coded) * args.coded)) + debates + statements) if epoch >= args.lone_from else []
    alone = read(corpora.lone_statements([swapped(r, pick) if pick.random() < 0.5 else r for r in alone]))
    ours = read(corpora.lone_of_own(os.path.join(args.written, "articles.jsonl"))) if alone and articles else []
    alone += pick.sample(ours, len(ours) // 2)
    alone = [blurred(w, pick) for w in alone + (read(corpora.lone_of_own(data("articles/articles-train.jsonl"))) if alone else [])]
    chosen = news + own + articles + world + alone + events + pick.sample(named, len(named) // 3)
    chosen += again(news * (args.news - 1) + own + articles + world * (args.news - 1))
    print("epoch", epoch, "windows", len(chosen), "written", len(articles), len(statements), "coded", len(coded), "tokens", sum(len(w.ids) for w in chosen), flush=True)
    pick.shuffle(chosen)
    most = (args.first if epoch == 0 else 0) or args.limit
    if most and sure: chosen.sort(key=lambda w: id(w) not in sure)
    chosen = chosen[:most] if most else chosen
    if most and sure: pick.shuffle(chosen)
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
    n = -(-max(len(w.ids) for w in batch) // 32) * 32       # few shapes: a kernel is compiled for each new one
    pad = lambda rows, blank: torch.tensor([r + [blank] * (n - len(r)) for r in rows])
    ids = pad([w.ids for w in batch], 0)
    mask = ids != 0
    return (ids, mask, mask & (ids != 102), *(pad([getattr(w, f) for w in batch], IGNORE)
                                               for f in ("roles", "names", "cue_link", "speaker_link")))


model = Reader(args.backbone)
if args.start:
    known = torch.load(args.start, map_location="cpu")["model"]
    for name in ("links.weight", "links.bias"):      # a checkpoint from before there were pointers
        ours = model.state_dict()[name].clone()
        ours[:len(known[name])] = known[name]
        known[name] = ours
    model.load_state_dict(known)
half_precision = lambda: torch.autocast("cpu", dtype=torch.bfloat16, enabled=not args.f32)
named_parameters = list(model.named_parameters())
for n, p in named_parameters:
    layer = n.split(".layer.")[1].split(".")[0] if ".layer." in n else None
    if args.frozen and ("embeddings" in n or layer and int(layer) < args.frozen): p.requires_grad = False
is_matrix = lambda n, p: n.startswith("encoder.") and p.ndim > 1 and "embeddings" not in n
head = [p for n, p in named_parameters if not n.startswith(("encoder.", "crf."))]
decayed = [p for n, p in named_parameters if is_matrix(n, p)]
plain = [p for n, p in named_parameters if n.startswith("encoder.") and not is_matrix(n, p)]
optimizer = torch.optim.AdamW([dict(params=decayed, lr=args.lr, weight_decay=0.01), dict(params=plain, lr=args.lr, weight_decay=0.0),
                               dict(params=head, lr=args.head_lr, weight_decay=0.01), dict(params=[model.crf.transitions], lr=2e-3, weight_decay=0.0)], fused=True)
total = args.total or args.epochs * len(epoch_windows(args.epochs - 1))
schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: min(s / (0.06 * total + 1), max(0.0, (total - s) / (0.94 * total))))
# Conciliatory is the rare class (12 %); weights are the square root of inverse frequency.
count = collections.Counter(s[3] for w in news + own for s in w.stances) + collections.Counter(STANCES.index(r["label"]) for r in debates)
stance_weight = torch.tensor([math.sqrt(sum(count.values()) / (3 * max(1, count[i]))) for i in range(3)])
print("stance counts", dict(count), "weights", stance_weight.tolist(), "batches", total, flush=True)


def pointer_terms(batch, hidden, readable, right=None, model=model):
    """Mean loss of each kind of pointer; a pointer is right on any naming of its end. `right` counts what is found."""
    rows = [k for k, w in enumerate(batch) if w.pointers]
    logits = torch.stack(model.link_logits(hidden[rows], readable[rows], range(2, len(LINKS))), 1)     # [row, kind, from, to]
    at, gold, kinds, weight = [], [], [], []
    for r, k in enumerate(rows):
        for kind, asking, ends in batch[k].pointers:
            for p in asking:
                at.append((r, kind, p)); gold.append(ends); kinds.append(kind); weight.append(1 / len(asking))
    at = torch.tensor(at)
    log = torch.log_softmax(logits[at[:, 0], at[:, 1], at[:, 2]], -1)
    allowed = torch.zeros_like(log, dtype=torch.bool)
    for i, ends in enumerate(gold): allowed[i, ends] = True
    each = -torch.logsumexp(log.masked_fill(~allowed, -1e4), -1)
    if right is not None:
        place = 0
        for k in rows:
            for kind, asking, ends in batch[k].pointers:
                mean_log = log[place:place + len(asking)].mean(0); place += len(asking)
                name = POINTERS[kind]
                right[name] += int(mean_log.argmax()) in ends; right[name + "-all"] += 1
    kinds, weight = torch.tensor(kinds), torch.tensor(weight)
    return {n: (each * weight)[kinds == n].sum() / weight[kinds == n].sum() for n in set(kinds.tolist())}


def losses(batch):
    ids, mask, readable, roles, names, cue_link, speaker_link = tensors(batch)
    hidden = model.encode(ids, mask)
    dropped = model.drop(hidden)
    loss = {}
    mean = lambda logits, gold: cross_entropy(logits.float().reshape(-1, logits.shape[-1]), gold.reshape(-1), ignore_index=IGNORE)
    if (roles != IGNORE).any():
        logits = model.roles(dropped)
        loss["roles"], loss["crf"] = 0.5 * mean(logits, roles), 0.5 * model.crf.loss(logits, roles)
    if (names != IGNORE).any(): loss["mentions"] = args.names * mean(model.mentions(dropped), names)
    if (cue_link != IGNORE).any():
        cue, speaker = model.link_logits(dropped, readable)
        loss["links"] = args.links * (mean(cue, cue_link) + mean(speaker, speaker_link))
    if any(w.pointers for w in batch):
        loss["pointers"] = args.pointers * sum(pointer_terms(batch, dropped, readable).values())
    # One gather for all statements: its way back is one pass over `hidden`, not one a statement.
    rows, parts, gold, lean, graded, n = [], [], [], [], [], hidden.shape[1]
    for k, w in enumerate(batch):
        for content, speaker, cue, stance, leaning, target in w.stances:
            graded.append(target or (0.0, 0.0, 0.0))
            rows += [k * n + p for p in [0, *content, *speaker, *cue]]
            parts.append((len(content), len(speaker), len(cue))); gold.append(stance); lean.append(leaning)
    if parts:
        gathered = hidden.reshape(-1, hidden.shape[-1])[torch.tensor(rows)].split([1 + sum(p) for p in parts])
        features = [model.stance_features(g, slice(1, 1 + c), slice(1 + c, 1 + c + s), slice(1 + c + s, 1 + c + s + q))
                    for g, (c, s, q) in zip(gathered, parts)]
        out, leaning = model.stance_logits(torch.stack(features))
        share = len(gold) / 12                  # a statement weighs the same whichever batch it falls into
        gold, lean = torch.tensor(gold), torch.tensor(lean)
        if (gold != IGNORE).any():
            kept = gold != IGNORE
            loss["stance"] = args.stance * min(share, 3) * cross_entropy(out[kept], torch.tensor(graded)[kept], weight=stance_weight)
        if (lean != IGNORE).any(): loss["leaning"] = 0.15 * min(share, 3) * cross_entropy(leaning, lean, ignore_index=IGNORE)
    return loss


@torch.no_grad()
def evaluate(model):
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
        with half_precision():
            hidden = model.encode(ids, mask)
            guess, (cue, speaker) = model.roles(hidden).float(), model.link_logits(hidden, readable)
            name = model.mentions(hidden).argmax(-1)
        for n, g, k in (("cue-link", cue_link, cue), ("speaker-link", speaker_link, speaker)):
            seen = g != IGNORE; hit[n] += int((k.argmax(-1) == g)[seen].sum()); hit[n + "-all"] += int(seen.sum())
        seen = (names != IGNORE) & ((names > 0) | (name > 0)); hit["names"] += int((name == names)[seen].sum()); hit["names-all"] += int(seen.sum())
        for k, w in enumerate(batch):
            gold, found = spans([w.roles[p] for p in w.own]), spans(model.crf.decode(guess[k, w.own.start:w.own.stop]))
            for role in ("speaker", "cue", "content"):
                g, f = {x for x in gold if x[1] == role}, {x for x in found if x[1] == role}
                hit[role, "tp"] += len(g & f); hit[role, "n"] += len(g) + len(f)
    for i in range(0, len(own_dev), 32):
        batch = own_dev[i:i + 32]
        ids, mask, readable, *_ = tensors(batch)
        with half_precision(): hidden = model.encode(ids, mask)
        if any(w.pointers for w in batch): pointer_terms(batch, hidden, readable, hit, model)
    text = " ".join(f"{r} {200 * hit[r, 'tp'] / max(1, hit[r, 'n']):.1f}" for r in ("speaker", "cue", "content"))
    text += " | " + " ".join(f"{n} {100 * hit[n] / max(1, hit[n + '-all']):.1f}" for n in ("cue-link", "speaker-link", "names", *POINTERS))
    for name, windows in (("devtest", held_set), ("open", open_set), ("articles-dev", own_dev), ("lone-dev", lone_dev), ("events", held_events)):
        gold, found, lean, lean_all = [], [], 0, 0
        for i in range(0, len(windows), 32):
            batch = windows[i:i + 32]
            ids, mask, *_ = tensors(batch)
            with half_precision():
                hidden = model.encode(ids, mask)
                for k, w in enumerate(batch):
                    for content, speaker, cue, stance, leaning, _ in w.stances:
                        out, l = model.stance_logits(model.stance_features(hidden[k], content, speaker, cue))
                        if stance != IGNORE: gold.append(stance); found.append(int(out.argmax()))
                        if stance < 2: lean += int(int(l.argmax()) == leaning); lean_all += 1
        f = []
        for c in range(3):
            tp = sum(g == c == p for g, p in zip(gold, found))
            f.append(200 * tp / max(1, gold.count(c) + found.count(c)))
        text += f" | {name} macro-F {sum(f) / 3:.1f} ({' '.join(f'{x:.0f}' for x in f)}) leaning {100 * lean / max(1, lean_all):.1f}"
    return text


os.makedirs(args.out, exist_ok=True)
checkpoint, step, epoch = args.out + "/checkpoint.pt", 0, 0
average = copy.deepcopy(model)          # moving average of the weights over some 150 steps: half a point better than the last ones
if args.resume and os.path.exists(checkpoint):
    saved = torch.load(checkpoint)
    model.load_state_dict(saved["last"]); average.load_state_dict(saved["model"])
    optimizer.load_state_dict(saved["optimizer"]); schedule.load_state_dict(saved["schedule"])
    step, epoch = saved["step"], saved["epoch"]
model.train()
started, running = time.time(), collections.Counter()
while epoch < args.epochs and step < total:
    for batch in epoch_windows(epoch):
        with half_precision():
            loss = losses(batch)
        optimizer.zero_grad(set_to_none=True)
        sum(loss.values()).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step(); schedule.step(); step += 1
        if step % 10 == 0 and os.path.exists("/tmp/train_threads"):
            n = int(open("/tmp/train_threads").read() or 1)
            if n != torch.get_num_threads(): os.sched_setaffinity(0, range(n)); torch.set_num_threads(n); print("threads", n, flush=True)
        if step % 5 == 0:
            with torch.no_grad():
                torch._foreach_lerp_(list(average.parameters()), list(model.parameters()), max(0.033, 1 / (1 + step / 5)))
        for k, v in loss.items(): running[k] += v.item()
        if os.path.exists(args.out + "/total"):      # the schedule may be cut while it runs
            total = int(open(args.out + "/total").read())
        if step >= total: break
        if step % 50 == 0:
            print(f"step {step}/{total} " + " ".join(f"{k} {v / 50:.3f}" for k, v in sorted(running.items())) + f" {time.time() - started:.0f}s", flush=True)
            running.clear()
    epoch += 1
    torch.save(dict(model=average.state_dict(), last=model.state_dict(), optimizer=optimizer.state_dict(), schedule=schedule.state_dict(),
                    step=step, epoch=epoch), checkpoint + ".tmp")
    os.replace(checkpoint + ".tmp", checkpoint)
    print(f"epoch {epoch}: {evaluate(average)} {time.time() - started:.0f}s", flush=True)
