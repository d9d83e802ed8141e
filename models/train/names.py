"""Trains what names tell by their letters: from which countries a person may come, and whether a man or a woman bears them.

    python names.py [NAMES_DIR] [OUT_DIR]          # data/names and ../names

Bag of hashed word and letter n-grams -> 24 numbers -> one score a country (as fastText, Joulin et al. 2016). src/speakers/origin.rs
computes the same; src/speakers/gender.rs does for the other: one number a n-gram, their mean times the square root of their count. Prints how often the right country comes first, and how often it beats another one drawn at random, on whole names
kept out of training; then trains on all of them, and writes the lists of given names for src/speakers/lexicon.rs.
"""
import functools, glob, json, os, random, sys, unicodedata
import torch
from safetensors.torch import save_file

HERE = os.path.dirname(os.path.abspath(__file__))
BUCKETS, WIDTH, LONGEST = 1 << 16, 24, 4


def fold(word):
    """As src/speakers/words.rs: lower case without accents and full stops."""
    plain = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c) and c != ".").lower()
    return plain.replace("\u2019", "'")


def bucket(gram):
    """FNV-1a, 64 bits."""
    value = 0xCBF29CE484222325
    for byte in gram.encode():
        value = (value ^ byte) * 0x100000001B3 % (1 << 64)
    return value % BUCKETS


def spelt(name):
    words = [w for w in name.replace("-", " ").split() if any(c.isalnum() for c in fold(w))]
    out = []
    for n, word in enumerate(words):
        plain = f"<{fold(word)}>"
        out.append(plain)
        if len(words) > 1 and n in (0, len(words) - 1): out.append(("1" if n == 0 else "9") + plain)
        out += [plain[i:i + size] for size in range(2, LONGEST + 1) for i in range(len(plain) - size + 1) if size < len(plain)]
        out += ["^" + c for c in unicodedata.normalize("NFC", word.lower()) if not c.isascii()]
    return out


def grams(name): return [bucket(g) for g in spelt(name)]


def placed_grams(name):
    """Each word's own n-grams, marked as those of the first, the last or another word: a family name tells no gender."""
    words = name.split()
    place = lambda n: "" if len(words) == 1 else "1" if n == 0 else "9" if n == len(words) - 1 else "5"
    return [bucket(place(n) + g) for n, w in enumerate(words) for g in spelt(w)]


def read(folder):
    """Country -> lists of men's, women's and family names, whole names with gender."""
    found = {}
    for path in sorted(glob.glob(folder + "/*.txt")):
        with open(path, encoding="utf-8") as file:
            lines = dict(line.strip().split(":", 1) for line in file if ":" in line)
        cut = lambda key: [w.strip() for w in lines[key].split(",") if w.strip()]
        found[lines["country"].strip()] = (cut("men"), cut("women"), cut("families"), [(f[:-3].strip(), f[-2]) for f in cut("full")])
    return found


def examples(people, kept_out, pick, times):
    """Whole names as written, family names alone, and given names joined with family names in the country's order."""
    out = []
    for label, (men, women, families, full) in enumerate(people.values()):
        whole = [n for n, _ in full if n not in kept_out]
        starts = sum(n.split()[0] in families for n in whole) > len(whole) / 2
        out += [(n, label) for n in whole] * 3 * times
        out += [(n, label) for n in families] * times
        for _ in range(200 * times):
            given, family = pick.choice(men if pick.random() < 0.5 else women), pick.choice(families)
            out.append((f"{family} {given}" if starts else f"{given} {family}", label))
    return out


class Origins(torch.nn.Module):
    def __init__(self, countries):
        super().__init__()
        self.grams = torch.nn.EmbeddingBag(BUCKETS, WIDTH, mode="sum")
        self.countries = torch.nn.Linear(WIDTH, countries)
        torch.nn.init.normal_(self.grams.weight, std=0.1)

    def forward(self, batch):
        ids = [grams_of(n) for n in batch]
        offsets = torch.tensor([0] + [len(i) for i in ids[:-1]]).cumsum(0)
        sums = self.grams(torch.tensor([i for each in ids for i in each]), offsets)
        return self.countries(sums / torch.tensor([[len(i) ** 0.5] for i in ids]))


grams_of, placed_grams_of = functools.cache(grams), functools.cache(placed_grams)


def train(people, kept_out, epochs=6):
    torch.manual_seed(1)
    pick = random.Random(1)
    model = Origins(len(people))
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3, weight_decay=1e-6)
    rows = examples(people, kept_out, pick, 1)
    steps = epochs * (len(rows) // 256 + 1)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: max(0.02, 1 - s / steps))
    for epoch in range(epochs):
        rows = examples(people, kept_out, pick, 1)
        pick.shuffle(rows)
        total = 0.0
        for i in range(0, len(rows), 256):
            batch = rows[i:i + 256]
            loss = torch.nn.functional.cross_entropy(model([n for n, _ in batch]), torch.tensor([l for _, l in batch]), label_smoothing=0.05)
            optimizer.zero_grad(); loss.backward(); optimizer.step(); schedule.step()
            total += loss.item() * len(batch)
        print(f"epoch {epoch + 1}: loss {total / len(rows):.3f}", flush=True)
    return model.eval()


class Genders(torch.nn.Module):
    """Log-odds of a man."""
    def __init__(self):
        super().__init__()
        self.grams = torch.nn.EmbeddingBag(BUCKETS, 1, mode="sum")
        torch.nn.init.zeros_(self.grams.weight)

    def forward(self, batch):
        ids = [placed_grams_of(n) for n in batch]
        offsets = torch.tensor([0] + [len(i) for i in ids[:-1]]).cumsum(0)
        return self.grams(torch.tensor([i for each in ids for i in each]), offsets)[:, 0] / torch.tensor([len(i) ** 0.5 for i in ids])


def gender_examples(people, kept_out, pick):
    """Whole names, family names alone (which tell nothing), given names joined with family names in the country's order."""
    out = []
    for men, women, families, full in people.values():
        whole = [(n, g) for n, g in full if n not in kept_out]
        starts = sum(n.split()[0] in families for n, _ in whole) > len(whole) / 2
        out += [(n, float(g == "m")) for n, g in whole] * 3
        out += [(n, 0.5) for n in pick.sample(families, min(20, len(families)))]
        for _ in range(150):
            man = pick.random() < 0.5
            given, family = pick.choice(men if man else women), pick.choice(families)
            out.append((f"{family} {given}" if starts else f"{given} {family}", float(man)))
    return out


def train_genders(people, kept_out, epochs=6):
    torch.manual_seed(1)
    pick = random.Random(1)
    model = Genders()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    steps = epochs * (len(gender_examples(people, kept_out, pick)) // 256 + 1)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: max(0.02, 1 - s / steps))
    for _ in range(epochs):
        rows = gender_examples(people, kept_out, pick)
        pick.shuffle(rows)
        for i in range(0, len(rows), 256):
            batch = rows[i:i + 256]
            gold = torch.tensor([g for _, g in batch]) * 0.9 + 0.05
            loss = torch.nn.functional.binary_cross_entropy_with_logits(model([n for n, _ in batch]), gold)
            optimizer.zero_grad(); loss.backward(); optimizer.step(); schedule.step()
    return model.eval()


def save_genders(people, kept_out, out):
    model = train_genders(people, kept_out)
    with torch.no_grad():
        held = [(float(model([n])[0]), g == "m") for *_, full in people.values() for n, g in full if n in kept_out]
        right = [(odds > 0) == man for odds, man in held]
        sure = [r for r, (odds, _) in zip(right, held) if abs(odds) >= 1]
        print(f"gender of {len(held)} names kept out: right {100 * sum(right) / len(right):.1f} %; "
              f"odds beyond 1: {100 * len(sure) / len(held):.1f} %, of these right {100 * sum(sure) / len(sure):.1f} %")
    model = train_genders(people, set())
    with torch.no_grad():
        save_file(dict(grams=model.grams.weight[:, 0].half().contiguous()), out + "/genders.safetensors")
        names = [full[k][0] for *_, full in list(people.values())[::9] for k in (0, 7)]
        odds = [[n, round(float(o), 3)] for n, o in zip(names, model(names))]
    json.dump(odds, open(out + "/gender-reference.json", "w", encoding="utf-8"), ensure_ascii=False, indent=0)


if __name__ == "__main__":
    folder, out = (sys.argv[1:] + [HERE + "/data/names", HERE + "/../names"][len(sys.argv) - 1:])[:2]
    people = read(folder)
    pick = random.Random(7)
    kept_out = {n for *_, full in people.values() for n, _ in pick.sample(full, len(full) // 8)}
    os.makedirs(out, exist_ok=True)
    save_genders(people, kept_out, out)
    model = train(people, kept_out)
    with torch.no_grad():
        first = beats = count = 0
        for label, (*_, full) in enumerate(people.values()):
            for name, _ in full:
                if name in kept_out:
                    scores = model([name])[0]
                    count += 1; first += int(scores.argmax()) == label
                    beats += sum(float(scores[label] > scores[pick.choice([k for k in range(len(people)) if k != label])]) for _ in range(10)) / 10
    print(f"{len(people)} countries, {count} names kept out: right country first {100 * first / count:.1f} %, beats another {100 * beats / count:.1f} %")
    model = train(people, set())
    half = lambda t: t.detach().half().contiguous()
    save_file(dict(grams=half(model.grams.weight), countries=half(model.countries.weight), shift=half(model.countries.bias)), out + "/origins.safetensors",
              metadata={"countries": json.dumps(list(people), ensure_ascii=False)})
    with torch.no_grad():       # what the Rust side must give
        names = [full[k][0] for *_, full in list(people.values())[::9] for k in (0, 7)]
        logs = torch.log_softmax(model(names), -1)
    sure = [[n, list(people)[int(l.argmax())], round(float(l.max()), 3)] for n, l in zip(names, logs)]
    json.dump(sure, open(out + "/reference.json", "w", encoding="utf-8"), ensure_ascii=False, indent=0)
    given = [{fold(n) for lists in people.values() for n in lists[k] if " " not in n and "-" not in n} for k in (0, 1)]
    for k, name in enumerate(("men", "women")):
        with open(f"{HERE}/../lexicon/given-names-world-{name}.txt", "w", encoding="utf-8") as file:
            file.write(f"# Given names of {name}, folded and sorted, written by models/train/names.py from models/train/data/names (ours).\n")
            file.write("".join(n + "\n" for n in sorted(given[k] - given[1 - k]) if len(n) > 1))
