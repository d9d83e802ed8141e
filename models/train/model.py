"""One encoder, several heads: the model that src/reader/ runs."""
import math
import torch
from torch import nn
from transformers import AutoModel

from corpora import LEANINGS, MENTIONS, ROLES, STANCES

LINK_WIDTH, STANCE_WIDTH = 64, 256


class Reader(nn.Module):
    def __init__(self, backbone):
        super().__init__()
        # No dropout inside attention: it forbids the fused kernel and costs half of the time on a CPU.
        self.encoder = AutoModel.from_pretrained(backbone, add_pooling_layer=False, attention_probs_dropout_prob=0.0,
                                                 attn_implementation="sdpa")
        width = self.encoder.config.hidden_size
        self.drop = nn.Dropout(0.1)
        self.roles = nn.Linear(width, len(ROLES))
        self.mentions = nn.Linear(width, len(MENTIONS))
        self.links = nn.Linear(width, 4 * LINK_WIDTH)     # cue query, cue key, speaker query, speaker key
        self.stance_attend = nn.Linear(width, 1)
        self.stance_hidden = nn.Linear(6 * width, STANCE_WIDTH)
        self.stance_out = nn.Linear(STANCE_WIDTH, len(STANCES))
        self.stance_leaning = nn.Linear(STANCE_WIDTH, len(LEANINGS))

    def encode(self, ids, mask):
        return self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state

    def link_logits(self, hidden, readable):
        """[batch, from, to] for cue and speaker; `readable` is the mask without [SEP]."""
        cq, ck, sq, sk = self.links(hidden).float().chunk(4, -1)
        out = []
        for q, k in ((cq, ck), (sq, sk)):
            logits = q @ k.transpose(1, 2) / math.sqrt(LINK_WIDTH)
            out.append(logits.masked_fill(~readable[:, None, :], -1e4))
        return out

    def stance_features(self, hidden, content, speaker, cue):
        """One statement in one window: hidden [length, width], positions of its parts."""
        inside = hidden[content]
        weights = torch.softmax(self.stance_attend(inside).float(), 0).to(inside.dtype)
        mean = lambda where: hidden[where].mean(0) if where else torch.zeros_like(hidden[0])
        return torch.cat([inside.mean(0), (weights * inside).sum(0), mean(speaker), mean(cue), hidden[0], inside.max(0).values])

    def stance_logits(self, features):
        features = self.drop(nn.functional.gelu(self.stance_hidden(self.drop(features))))
        return self.stance_out(features).float(), self.stance_leaning(features).float()
