//! The heads: small layers over the encoder's vectors.

use super::config::{Config, ROLES};
use super::lanes;
use super::pointers::Pointer;
use super::product::{View, product};
use super::weights::{Linear, Tensors};

/// Which of a content's partners a link leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Link {
    /// The reporting words.
    Cue,
    /// The words that stand for the speaker.
    Speaker,
}

/// Most stance labels that a model may have besides the first three.
pub const FURTHER: usize = 5;

/// What the stance head says of one statement, before calibration.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StanceScores {
    /// Logits of conciliatory, confrontational, neutral; divide by
    /// [`Reading::stance_temperature`](super::Reading::stance_temperature) before the softmax.
    pub logits: [f32; 3],
    /// Logits of further labels; -∞ where the model has none.
    pub further: [f32; FURTHER],
    /// Logits of the forced choice: conciliatory, confrontational.
    pub leaning: [f32; 2],
}

impl StanceScores {
    /// For statements the encoder has not read: neutral.
    pub const UNREAD: Self =
        Self { logits: [-3.0, -3.0, 3.0], further: [f32::NEG_INFINITY; FURTHER], leaning: [0.0, 0.0] };
}

/// Weights of all heads.
pub struct Heads {
    pub(super) config: Config,
    pub(super) roles: Linear,
    pub(super) mentions: Linear,
    pub(super) links: Linear,
    /// Query and key of each pointer that the model has.
    pub(super) pointers: Vec<(Pointer, Linear)>,
    attend: Linear,
    hidden: Linear,
    out: Linear,
    leaning: Linear,
}

impl std::fmt::Debug for Heads {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Heads of {} {}", self.config.name, self.config.version)
    }
}

/// What a stance is read from, as plain numbers: what the head is trained on.
#[derive(Debug, Clone, PartialEq)]
pub struct StanceFeatures {
    /// Vectors of the content's tokens, row after row; their mean, weighted by the head itself, is a feature too.
    pub content: Vec<f32>,
    /// The other features side by side: means of content, speaker and cue, `[CLS]`, greatest of the content.
    pub means: Vec<f32>,
}

/// What a stance head's inner layers begin with when it learns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// What the model has learnt; the outputs are drawn anew if the labels are others.
    Model,
    /// Nothing: all its weights are drawn.
    Fresh,
}

/// The token vectors that a stance is read from, as rows of `width` floats.
pub(super) struct StanceInput<'a> {
    /// Rows of the content's tokens, at least one.
    pub content: Vec<&'a [f32]>,
    /// … of the speaker's.
    pub speaker: Vec<&'a [f32]>,
    /// … of the cue's.
    pub cue: Vec<&'a [f32]>,
    /// Row of `[CLS]` in the window of the content's first token.
    pub start: &'a [f32],
}

impl StanceInput<'_> {
    /// The features that no weight of the head goes into.
    fn means(&self, width: usize) -> Vec<f32> {
        let mut means = mean(&self.content, width);
        means.extend(mean(&self.speaker, width));
        means.extend(mean(&self.cue, width));
        means.extend_from_slice(self.start);
        means.extend(greatest(&self.content, width));
        means
    }

    pub(super) fn features(&self, width: usize) -> StanceFeatures {
        StanceFeatures { content: self.content.concat(), means: self.means(width) }
    }
}

impl Heads {
    /// Takes the heads' tensors, of the shapes that `config` tells.
    pub fn new(config: Config, tensors: &Tensors<'_>) -> Result<Self, String> {
        let width = config.width;
        // The hidden layer's width is the trainer's choice: its bias tells it.
        let inner = tensors.len("stance.hidden.bias")?;
        Ok(Self {
            roles: tensors.linear("roles", ROLES.len(), width)?,
            mentions: tensors.linear("mentions", config.mentions.len(), width)?,
            links: tensors.linear("links", 4 * config.link_width, width)?,
            pointers: pointers(&config, tensors)?,
            attend: tensors.linear("stance.attend", 1, width)?,
            hidden: tensors.linear("stance.hidden", inner, 6 * width)?,
            out: tensors.linear("stance.out", config.stance.len(), inner)?,
            leaning: tensors.linear("stance.leaning", config.leaning.len(), inner)?,
            config,
        })
    }

    /// Log-probabilities, over the positions `keys` of one window, of the partner of each token in
    /// `queries`; both are rows of link vectors (cue query, cue key, speaker query, speaker key).
    pub(super) fn partners(&self, link: Link, queries: &[f32], keys: &[f32]) -> Vec<f32> {
        let (size, step) = (self.config.link_width, self.links.outputs);
        let first = match link {
            Link::Cue => 0,
            Link::Speaker => 2 * size,
        };
        let (rows, columns) = (queries.len() / step, keys.len() / step);
        let mut scores = vec![0.0; rows * columns];
        if rows == 0 || columns == 0 {
            return scores;
        }
        product(
            View::rows(&queries[first..], rows, size, step),
            View::rows(&keys[first + size..], columns, size, step).transposed(),
            1.0 / (size as f32).sqrt(),
            &mut scores,
            columns,
        );
        lanes::log_softmax(&mut scores, columns);
        scores
    }

    pub(super) fn stance(&self, input: &StanceInput<'_>) -> StanceScores {
        let mut features = input.means(self.config.width);
        // The weighted mean stands second.
        drop(features.splice(self.config.width..self.config.width, self.pooled(&input.content)));
        let mut hidden = Vec::new();
        self.hidden.product(&features, 1, &mut hidden);
        lanes::add_bias_gelu(&mut hidden, &self.hidden.bias);
        let out = self.out.apply(&hidden, 1);
        let leaning = self.leaning.apply(&hidden, 1);
        let score = |place: usize| out.get(place).copied().unwrap_or(f32::NEG_INFINITY);
        StanceScores {
            logits: [0, 1, 2].map(score),
            further: std::array::from_fn(|more| score(3 + more)),
            leaning: [0, 1].map(|pole| leaning.get(pole).copied().unwrap_or(0.0)),
        }
    }

    /// Mean of the rows, weighted by the softmax of what `attend` says of each.
    fn pooled(&self, rows: &[&[f32]]) -> Vec<f32> {
        let mut weights = self.attend.apply(&rows.concat(), rows.len());
        let count = weights.len();
        lanes::log_softmax(&mut weights, count);
        let mut pooled = vec![0.0; self.config.width];
        for (row, weight) in rows.iter().zip(weights) {
            let weight = weight.exp();
            for (sum, value) in pooled.iter_mut().zip(*row) {
                *sum += weight * value;
            }
        }
        pooled
    }
}

/// Query and key layer of each pointer that the model names.
fn pointers(config: &Config, tensors: &Tensors<'_>) -> Result<Vec<(Pointer, Linear)>, String> {
    let layer = |name: &String| {
        let layer = tensors.linear(&format!("pointer.{name}"), 2 * config.link_width, config.width);
        Pointer::named(name).map(|pointer| layer.map(|layer| (pointer, layer)))
    };
    config.pointers.iter().filter_map(layer).collect()
}

/// Mean of the rows, zeros if there are none.
fn mean(rows: &[&[f32]], width: usize) -> Vec<f32> {
    let mut mean = vec![0.0; width];
    for row in rows {
        for (sum, value) in mean.iter_mut().zip(*row) {
            *sum += value / rows.len() as f32;
        }
    }
    mean
}

/// Greatest value of each feature.
fn greatest(rows: &[&[f32]], width: usize) -> Vec<f32> {
    let mut most = vec![f32::MIN; width];
    for row in rows {
        for (most, value) in most.iter_mut().zip(*row) {
            *most = most.max(*value);
        }
    }
    most
}
