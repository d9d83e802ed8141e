"""Checkpoint -> what the Rust engine reads: model.safetensors (f16 matrices, int8 word embeddings), config.json,
tokenizer.json, and reference.json, the trainer's own outputs on a text of ours for the parity test.

    python export.py BACKBONE_DIR CHECKPOINT OUT_DIR --name NAME --version V [--stance-bias C F N] [--leaning-bias C F] [--temperature T] [--thresholds JSON]
"""
import argparse, json, os, shutil
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer

import windowing
from model import LINK_WIDTH, Reader

parser = argparse.ArgumentParser()
parser.add_argument("backbone"); parser.add_argument("checkpoint"); parser.add_argument("out")
parser.add_argument("--name", default="bge12"); parser.add_argument("--version", default="2")
parser.add_argument("--stance-bias", type=float, nargs=3, default=[0, 0, 0], help="added to the stance logits, from calibrate.py")
parser.add_argument("--leaning-bias", type=float, nargs=2, default=[0, 0])
parser.add_argument("--temperature", type=float, default=1.0); parser.add_argument("--thresholds", default="{}")
args = parser.parse_args()

model = Reader(args.backbone)
model.load_state_dict(torch.load(args.checkpoint, map_location="cpu")["model"])
model.eval()
with torch.no_grad():
    model.stance_out.bias += torch.tensor(args.stance_bias)
    model.stance_leaning.bias += torch.tensor(args.leaning_bias)
shape = model.encoder.config
state = {k: v.float() for k, v in model.state_dict().items()}
out = {}


def matrix(name, value): out[name] = value.to(torch.float16).contiguous()
def vector(name, value): out[name] = value.float().contiguous()
def linear(name, source): matrix(name + ".weight", state[source + ".weight"]); vector(name + ".bias", state[source + ".bias"])
def norm(name, source): vector(name + ".weight", state[source + ".weight"]); vector(name + ".bias", state[source + ".bias"])


word = state["encoder.embeddings.word_embeddings.weight"]
scale = word.abs().amax(1).clamp_min(1e-8) / 127
out["embeddings.word"] = torch.round(word / scale[:, None]).clamp(-127, 127).to(torch.int8)
vector("embeddings.word.scale", scale)
matrix("embeddings.position", state["encoder.embeddings.position_embeddings.weight"] + state["encoder.embeddings.token_type_embeddings.weight"][0])
norm("embeddings.norm", "encoder.embeddings.LayerNorm")
for i in range(shape.num_hidden_layers):
    source = f"encoder.encoder.layer.{i}."
    parts = [source + f"attention.self.{p}" for p in ("query", "key", "value")]
    matrix(f"layer.{i}.qkv.weight", torch.cat([state[p + ".weight"] for p in parts]))
    vector(f"layer.{i}.qkv.bias", torch.cat([state[p + ".bias"] for p in parts]))
    linear(f"layer.{i}.out", source + "attention.output.dense"); norm(f"layer.{i}.norm1", source + "attention.output.LayerNorm")
    linear(f"layer.{i}.up", source + "intermediate.dense"); linear(f"layer.{i}.down", source + "output.dense")
    norm(f"layer.{i}.norm2", source + "output.LayerNorm")
for name, source in (("roles", "roles"), ("mentions", "mentions"), ("stance.attend", "stance_attend"),
                     ("stance.hidden", "stance_hidden"), ("stance.out", "stance_out"), ("stance.leaning", "stance_leaning")):
    linear(name, source)
for i, name in enumerate(windowing.LINKS):          # cue and speaker in one matrix, each pointer in its own
    rows = slice(0, 4 * LINK_WIDTH) if i == 0 else slice(2 * i * LINK_WIDTH, 2 * (i + 1) * LINK_WIDTH)
    if i != 1:
        at = "links" if i == 0 else "pointer." + name
        matrix(at + ".weight", state["links.weight"][rows]); vector(at + ".bias", state["links.bias"][rows])
os.makedirs(args.out, exist_ok=True)
save_file(out, args.out + "/model.safetensors")
shutil.copy(args.backbone + "/tokenizer.json", args.out)
json.dump(dict(name=args.name, version=args.version, layers=shape.num_hidden_layers, heads=shape.num_attention_heads,
               width=shape.hidden_size, intermediate=shape.intermediate_size, layer_norm_eps=shape.layer_norm_eps,
               max_position=shape.max_position_embeddings, window=windowing.WINDOW, context=windowing.CONTEXT, link_width=LINK_WIDTH, pointers=windowing.POINTERS,
               roles=windowing.ROLES, role_transitions=[round(float(x), 4) for x in state["crf.transitions"].flatten()], mentions=windowing.MENTIONS, stance=windowing.STANCES, leaning=windowing.LEANINGS,
               stance_temperature=args.temperature, thresholds=json.loads(args.thresholds)),
          open(args.out + "/config.json", "w"), indent=1)

# The reference: outputs in f32 with the weights as stored (rounded), so that only the engines differ.
with torch.no_grad():
    for k, v in model.state_dict().items():
        if k == "encoder.embeddings.word_embeddings.weight": v.copy_(out["embeddings.word"].float() * scale[:, None])
        elif v.ndim == 2 and "crf" not in k and "token_type" not in k and "position" not in k: v.copy_(v.half().float())
    text = ("“We will not be hurried,” Foreign Minister Ilse Brandvold said on Monday, adding that the ministry would answer the letter in writing.\n"
            "Her counterpart, Tomas Reyes, welcomed the offer. “It is a beginning,” he told reporters.")
    article = windowing.Article("reference", text, [], None)
    tokenizer = Tokenizer.from_file(args.out + "/tokenizer.json"); tokenizer.no_padding(); tokenizer.no_truncation()
    window = windowing.windows(article, tokenizer)[0]
    ids = torch.tensor([window.ids])
    hidden = model.encode(ids, ids != 0).float()
    cue, speaker = model.link_logits(hidden, ids != 102)
    content, who, how = list(range(2, 8)), list(range(9, 14)), [14]
    stance, leaning = model.stance_logits(model.stance_features(hidden[0], content, who, how))
    rounded = lambda t: [[round(float(x), 5) for x in row] for row in t]
    json.dump(dict(text=text, ids=window.ids, roles=rounded(model.roles(hidden)[0]), mentions=rounded(model.mentions(hidden)[0]),
                   hidden_first=rounded(hidden[0][:, :8]), cue_link_from=2, cue_link=rounded(cue[0][2:3])[0], speaker_link=rounded(speaker[0][2:3])[0],
                   stance_positions=dict(content=content, speaker=who, cue=how), stance=rounded(stance[None])[0], leaning=rounded(leaning[None])[0]),
              open(args.out + "/reference.json", "w"))
print({k: tuple(v.shape) for k, v in list(out.items())[:4]}, "bytes", os.path.getsize(args.out + "/model.safetensors"))
