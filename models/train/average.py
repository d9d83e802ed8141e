"""Mean of a stage's weights and those it began with: keeps what the stage forgot (WiSE-FT, Wortsman et al., CVPR 2022).

    python average.py BEFORE.pt AFTER.pt OUT.pt [--share 0.75]
"""
import argparse
import torch

parser = argparse.ArgumentParser()
parser.add_argument("before"); parser.add_argument("after"); parser.add_argument("out")
parser.add_argument("--share", type=float, default=0.75, help="weight of AFTER")
args = parser.parse_args()
before, after = (torch.load(path, map_location="cpu")["model"] for path in (args.before, args.after))
for name, new in after.items():
    old = before.get(name)
    if old is None or not new.is_floating_point(): continue
    part = new[:len(old)] if new.shape != old.shape else new      # the links of a checkpoint from before there were pointers
    part.mul_(args.share).add_(old, alpha=1 - args.share)
torch.save(dict(model=after), args.out)
