//! What a model folder says of itself: `config.json`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::decode::Tag;
use super::pointers::Pointer;
use super::{MentionKind, Role};
use crate::stance::Labels;

/// Labels of the roles head, in the order of its rows.
pub const ROLES: [&str; 7] = ["O", "B-speaker", "I-speaker", "B-cue", "I-cue", "B-content", "I-content"];

/// Shape, labels and tuned numbers of a model; unknown fields are ignored.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Config {
    /// Name of the model, for `--version`.
    pub name: String,
    /// Version of the weights, for `--version`.
    pub version: String,
    /// Encoder layers.
    pub layers: usize,
    /// Attention heads of a layer.
    pub heads: usize,
    /// Width of a token vector.
    pub width: usize,
    /// Width inside the feed-forward block.
    pub intermediate: usize,
    /// Added to the variance in layer norms.
    pub layer_norm_eps: f32,
    /// Rows of the position table.
    pub max_position: usize,
    /// Most ids of one window, with `[CLS]` and `[SEP]`.
    pub window: usize,
    /// Most tokens of left context in a window.
    pub context: usize,
    /// Width of one query or key of the link head.
    pub link_width: usize,
    /// Pointers that the model has, by their names; a model may have none.
    #[serde(default)]
    pub pointers: Vec<String>,
    /// Labels of the roles head; must be [`ROLES`].
    pub roles: Vec<String>,
    /// What following one role label with another adds in the search for the best sequence, row by row (the label
    /// before, in the order of [`ROLES`]); empty: nothing.
    #[serde(default)]
    pub role_transitions: Vec<f32>,
    /// Labels of the mentions head: `O`, `B-person`, `I-person`, …
    pub mentions: Vec<String>,
    /// Labels of the stance head, 2 to 8: the friendly pole, the adverse pole, then the middle and others.
    pub stance: Vec<String>,
    /// Labels of the leaning; must be the first two of the stance.
    pub leaning: Vec<String>,
    /// Stance logits are divided by it before the softmax.
    #[serde(default = "one")]
    pub stance_temperature: f32,
    /// Tuned numbers of later stages, by name.
    #[serde(default)]
    pub thresholds: BTreeMap<String, f32>,
}

fn one() -> f32 {
    1.0
}

impl Config {
    /// What makes the shape unusable, if anything.
    pub(super) fn problem(&self) -> Option<String> {
        let sizes = [self.layers, self.heads, self.width, self.intermediate, self.link_width];
        if sizes.contains(&0) || self.mentions.is_empty() {
            return Some("layers, heads, widths and labels must not be zero".to_owned());
        }
        if !self.width.is_multiple_of(self.heads) {
            return Some(format!("width {} does not divide into {} heads", self.width, self.heads));
        }
        if self.max_position < self.window || self.window < self.context.saturating_add(8) {
            return Some(format!(
                "window {} needs room beside its context {} and within {} positions",
                self.window, self.context, self.max_position
            ));
        }
        if self.roles != ROLES {
            return Some(format!("roles must be {ROLES:?}"));
        }
        if ![0, ROLES.len() * ROLES.len()].contains(&self.role_transitions.len()) {
            return Some(format!("role_transitions must hold {0} times {0} numbers", ROLES.len()));
        }
        if let Err(problem) = Labels::new(self.stance.clone()) {
            return Some(format!("stance: {problem}"));
        }
        if self.leaning != self.stance[..2] {
            return Some("leaning must have the first two labels of stance".to_owned());
        }
        if !(self.stance_temperature > 0.0 && self.layer_norm_eps >= 0.0) {
            return Some("stance_temperature must be positive, layer_norm_eps not negative".to_owned());
        }
        if let Some(unknown) = self.pointers.iter().find(|name| Pointer::named(name).is_none()) {
            return Some(format!("unknown pointer {unknown:?}"));
        }
        if 255 < self.mentions.len() {
            return Some(format!("{} mention labels are too many", self.mentions.len()));
        }
        let unknown = self.mentions.iter().find(|label| mention_tag(label).is_none())?;
        Some(format!("unknown mention label {unknown:?}"))
    }

    /// The tags of the mentions head, in the order of its rows.
    pub(super) fn mention_tags(&self) -> Vec<Tag<MentionKind>> {
        self.mentions.iter().filter_map(|label| mention_tag(label)).collect()
    }
}

/// The tags of the roles head, in the order of [`ROLES`].
pub(super) const ROLE_TAGS: [Tag<Role>; 7] = [
    Tag::Outside,
    Tag::Begin(Role::Speaker),
    Tag::Inside(Role::Speaker),
    Tag::Begin(Role::Cue),
    Tag::Inside(Role::Cue),
    Tag::Begin(Role::Content),
    Tag::Inside(Role::Content),
];

fn mention_tag(label: &str) -> Option<Tag<MentionKind>> {
    let Some((place, kind)) = label.split_once('-') else {
        return (label == "O").then_some(Tag::Outside);
    };
    let kind = match kind {
        "person" => MentionKind::Person,
        "organisation" => MentionKind::Organisation,
        "place" => MentionKind::Place,
        "group" => MentionKind::Group,
        "title" => MentionKind::Title,
        _ => return None,
    };
    match place {
        "B" => Some(Tag::Begin(kind)),
        "I" => Some(Tag::Inside(kind)),
        _ => None,
    }
}
