"""One encoder, several heads: the model that src/reader/ runs, written so that it trains fast on a CPU."""
import math
import torch
from torch import nn
from torch.nn.functional import gelu, layer_norm, linear
from transformers import AutoModel

from windowing import IGNORE, LEANINGS, LINKS, MENTIONS, ROLES, STANCES

LINK_WIDTH, STANCE_WIDTH = 64, 256
FORBIDDEN = -1e4


class Attention(torch.autograd.Function):
    """softmax(q·k/√d + mask)·v in bf16, keeping the weights for the way back: half of the time of torch's fused kernel on
    a CPU, whose backward pass is slow for heads of 32."""

    @staticmethod
    def forward(ctx, q, k, v, mask):
        batch, heads, n, d = q.shape
        q, k, v = (x.reshape(batch * heads, n, d) for x in (q * (1 / math.sqrt(d)), k, v))
        with torch.autocast("cpu", enabled=False):
            scores = torch.bmm(q, k.transpose(1, 2)).view(batch, heads, n, n)
            if mask is not None: scores.add_(mask.to(scores.dtype))
            weights = torch.softmax(scores, -1).view(batch * heads, n, n)
            out = torch.bmm(weights, v)
        ctx.save_for_backward(q, k, v, weights); ctx.shape = (batch, heads, n, d)
        return out.view(batch, heads, n, d)

    @staticmethod
    def backward(ctx, grad):
        q, k, v, weights = ctx.saved_tensors
        d = q.shape[-1]
        grad = grad.reshape(q.shape)
        inner = torch.bmm(grad, v.transpose(1, 2))
        inner = torch._softmax_backward_data(inner, weights, -1, weights.dtype)
        return (torch.bmm(inner, k).mul_(1 / math.sqrt(d)).view(ctx.shape), torch.bmm(inner.transpose(1, 2), q).view(ctx.shape),
                torch.bmm(weights.transpose(1, 2), grad).view(ctx.shape), None)


class Drop:
    """Dropout from a pool of ready masks at a random offset: torch's generator takes an eighth of a step on a CPU."""
    pools = {}

    def __init__(self, p): self.p = p

    def __call__(self, x, training):
        if not training or self.p == 0: return x
        key = (self.p, x.dtype)
        if key not in self.pools:
            seeded = torch.Generator().manual_seed(int(1000 * self.p) + 7)
            self.pools[key] = ((torch.rand(1 << 24, generator=seeded) >= self.p).float() / (1 - self.p)).to(x.dtype)
        pool = self.pools[key]
        at = int(torch.randint(0, pool.numel() - x.numel(), (1,)))
        return x * pool[at:at + x.numel()].view(x.shape)


class Crf(nn.Module):
    """Linear-chain conditional random field over the roles (Lafferty et al., ICML 2001): learnt transitions, the BIO scheme's
    forbidden ones held out. The engine adds `transitions` in its Viterbi search."""

    def __init__(self):
        super().__init__()
        self.transitions = nn.Parameter(torch.zeros(len(ROLES), len(ROLES)))      # [from, to]
        banned = torch.zeros(len(ROLES), len(ROLES))
        for i, a in enumerate(ROLES):
            for j, b in enumerate(ROLES):
                if b.startswith("I-") and a[2:] != b[2:]: banned[i, j] = FORBIDDEN
        self.register_buffer("banned", banned, persistent=False)

    def loss(self, logits, gold):
        """Mean negative log-likelihood a token; logits [batch, n, roles]; gold IGNORE outside each window's own stretch."""
        seen = gold != IGNORE
        rows = seen.any(1)
        logits, gold, seen = logits[rows].float(), gold[rows], seen[rows]
        sizes = seen.sum(1); first = seen.float().argmax(1); n = int(sizes.max())
        where = (first[:, None] + torch.arange(n)[None]).clamp_max(gold.shape[1] - 1)
        inside = torch.arange(n)[None] < sizes[:, None]
        e = logits.gather(1, where[:, :, None].expand(-1, -1, logits.shape[-1]))
        y = gold.gather(1, where).clamp_min(0)
        t = self.transitions + self.banned
        score = e.gather(2, y[:, :, None])[:, :, 0]
        score = (score * inside).sum(1) + (t[y[:, :-1], y[:, 1:]] * inside[:, 1:]).sum(1)
        alpha = e[:, 0]
        for i in range(1, n):
            step = torch.logsumexp(alpha[:, :, None] + t[None], 1) + e[:, i]
            alpha = torch.where(inside[:, i, None], step, alpha)
        return (torch.logsumexp(alpha, 1) - score).sum() / sizes.sum()

    @torch.no_grad()
    def decode(self, logits):
        """Best path of one sequence, [n, roles]."""
        t, best, backs = self.transitions + self.banned, logits[0], []
        for row in logits[1:]:
            best, back = (best[:, None] + t).max(0)
            best = best + row; backs.append(back)
        path = [int(best.argmax())]
        for back in reversed(backs): path.append(int(back[path[-1]]))
        return path[::-1]


class Reader(nn.Module):
    def __init__(self, backbone):
        super().__init__()
        self.encoder = AutoModel.from_pretrained(backbone, add_pooling_layer=False)
        width = self.encoder.config.hidden_size
        self.small, self.strong = Drop(0.1), Drop(0.3)
        self.roles = nn.Linear(width, len(ROLES))
        self.crf = Crf()
        self.mentions = nn.Linear(width, len(MENTIONS))
        self.links = nn.Linear(width, 2 * len(LINKS) * LINK_WIDTH)     # a query and a key for each of LINKS
        self.stance_attend = nn.Linear(width, 1)
        self.stance_hidden = nn.Linear(6 * width, STANCE_WIDTH)
        self.stance_out = nn.Linear(STANCE_WIDTH, len(STANCES))
        self.stance_leaning = nn.Linear(STANCE_WIDTH, len(LEANINGS))

    def drop(self, x): return self.small(x, self.training)

    def encode(self, ids, mask):
        """BERT's encoder, last layer; MPNet's differs in names and has a position bias in its attention."""
        shape, e = self.encoder.config, self.encoder.embeddings
        norm = lambda module, x: layer_norm(x, module.normalized_shape, module.weight, module.bias, module.eps)
        n, mpnet = ids.shape[1], shape.model_type == "mpnet"
        first = shape.pad_token_id + 1 if mpnet else 0
        x = e.word_embeddings(ids) + e.position_embeddings.weight[first:first + n]
        if not mpnet: x = x + e.token_type_embeddings.weight[0]
        x = self.drop(norm(e.LayerNorm, x))
        bias = None if mask.all() and not mpnet else torch.where(mask, 0.0, FORBIDDEN)[:, None, None, :]
        if mpnet: bias = bias + self.encoder.encoder.compute_position_bias(x).detach()[:1]
        heads = shape.num_attention_heads
        for layer in self.encoder.encoder.layer:
            a = layer.attention
            parts = (a.attn.q, a.attn.k, a.attn.v) if mpnet else (a.self.query, a.self.key, a.self.value)
            qkv = linear(x, torch.cat([p.weight for p in parts]), torch.cat([p.bias for p in parts]))
            q, k, v = qkv.view(*qkv.shape[:2], 3, heads, -1).permute(2, 0, 3, 1, 4)
            mixed = Attention.apply(q, k, v, bias).transpose(1, 2).reshape(x.shape)
            dense, after = (a.attn.o, a.LayerNorm) if mpnet else (a.output.dense, a.output.LayerNorm)
            x = norm(after, x + self.drop(dense(mixed)))
            x = norm(layer.output.LayerNorm, x + self.drop(layer.output.dense(gelu(layer.intermediate.dense(x)))))
        return x

    def link_logits(self, hidden, readable, kinds=(0, 1)):
        """[batch, from, to] for each of these LINKS; `readable` is the mask without [SEP]."""
        parts = self.links(hidden).float().chunk(2 * len(LINKS), -1)
        out = []
        for kind in kinds:
            logits = parts[2 * kind] @ parts[2 * kind + 1].transpose(1, 2) / math.sqrt(LINK_WIDTH)
            out.append(logits.masked_fill(~readable[:, None, :], FORBIDDEN))
        return out

    def stance_features(self, hidden, content, speaker, cue):
        """One statement in one window: hidden [length, width] with [CLS] first, positions (lists or slices) of its parts."""
        inside = hidden[content]
        weights = torch.softmax(self.stance_attend(inside).float(), 0).to(inside.dtype)
        mean = lambda where: hidden[where].mean(0) if len(hidden[where]) else torch.zeros_like(hidden[0])
        return torch.cat([inside.mean(0), (weights * inside).sum(0), mean(speaker), mean(cue), hidden[0], inside.max(0).values])

    def stance_logits(self, features):
        strong = lambda x: self.strong(x, self.training)
        features = strong(gelu(self.stance_hidden(strong(features))))
        return self.stance_out(features).float(), self.stance_leaning(features).float()
