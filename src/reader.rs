//! The reader: one pass of a small encoder over a document, and what its heads say.
//!
//! The embedded engine is plain Rust and runs on any x86-64 and aarch64; its [`kernel`] is chosen at run
//! time. rust-bert on libtorch is another [`Engine`] (feature `torch`). No other module names an inference engine.

mod builtin;
pub mod config;
pub mod decode;
mod encoder;
pub mod engine;
pub mod heads;
pub mod kernel;
mod lanes;
pub mod pointers;
mod product;
pub mod reading;
pub mod tokens;
#[cfg(feature = "torch")]
pub(crate) mod torch;
pub(crate) mod weights;
pub mod windows;

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

pub use engine::Engine;
pub use heads::{Link, StanceFeatures, StanceScores};
pub use pointers::{Pointed, Pointer};
pub use reading::Reading;

use crate::stance::Labels;
use crate::{Error, Span};
use config::{Config, ROLE_TAGS};
use decode::Tag;
use encoder::Encoder;
use heads::Heads;
use reading::Vectors;
use tokens::{Tokeniser, Tokens};
use weights::Tensors;
use windows::Window;

/// Vectors are kept for the windows that start before this token: some 50,000 words, 200 MB. What follows
/// is read all the same, but links go by distance there and stances are neutral.
const KEPT: usize = 65_536;

/// What a stretch of text is in an attribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// The words that stand for the speaker.
    Speaker,
    /// The reporting words.
    Cue,
    /// The quoted or reported words.
    Content,
}

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MentionKind {
    /// A person's name, without title.
    Person,
    /// An organisation, institution, newspaper.
    Organisation,
    /// A country, capital or other place.
    Place,
    /// A nationality, religion or party: "Chinese", "Republicans".
    Group,
    /// A title or office next to a name: "Secretary of State".
    Title,
}

/// A stretch that the roles head marked.
#[derive(Debug, Clone, PartialEq)]
pub struct RoleSpan {
    /// What it is.
    pub role: Role,
    /// Bytes in the text.
    pub span: Span,
    /// Tokens in the reading.
    pub tokens: std::ops::Range<usize>,
    /// Mean probability of its tokens' labels, 0–1.
    pub confidence: f32,
}

/// A name that the mentions head marked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mention {
    /// What it stands for.
    pub kind: MentionKind,
    /// Bytes in the text, on word boundaries, without possessive 's.
    pub span: Span,
    /// Mean probability of its tokens' labels, 0–1.
    pub confidence: f32,
}

/// A loaded model, shared by all threads.
pub struct Reader {
    tokeniser: Tokeniser,
    encoder: Encoder,
    heads: Arc<Heads>,
    /// Windows read in one go.
    together: usize,
    mention_tags: Vec<Tag<MentionKind>>,
}

/// The three files of a model.
pub(crate) struct Files {
    pub(crate) config: Cow<'static, [u8]>,
    pub(crate) tokenizer: Cow<'static, [u8]>,
    pub(crate) weights: Cow<'static, [u8]>,
}

impl Files {
    /// Reads those in `models` (or its subfolder `reader`), or takes those built in; also gives where they stand.
    pub(crate) fn of(models: Option<&Path>) -> Result<(Self, PathBuf), Error> {
        let Some(folder) = models else { return Ok((builtin::files(), PathBuf::from("built in"))) };
        let inner = folder.join("reader");
        let folder = if inner.is_dir() { inner } else { folder.to_owned() };
        let read = |name: &str| -> Result<Cow<'static, [u8]>, Error> {
            let path = folder.join(name);
            std::fs::read(&path).map(Cow::Owned).map_err(|error| broken(&path, error.to_string()))
        };
        let files = Self { config: read(CONFIG)?, tokenizer: read(TOKENIZER)?, weights: read(WEIGHTS)? };
        Ok((files, folder))
    }
}

impl Reader {
    /// Loads the model built into the program, or that in the folder `models` (or its subfolder `reader`):
    /// `config.json`, `tokenizer.json`, `model.safetensors`. The engine is [`Engine::embedded`].
    ///
    /// # Errors
    /// [`Error::Model`]: a file is missing or broken, or does not fit the others; that of
    /// [`Engine::embedded`].
    pub fn load(models: Option<&Path>) -> Result<Self, Error> {
        Self::load_with(models, Engine::embedded()?)
    }

    /// [`load`](Self::load) with this engine or kernel.
    ///
    /// # Errors
    /// [`Error::Model`]: a file is missing or broken, or does not fit the others; that of [`Engine::check`].
    pub fn load_with(models: Option<&Path>, engine: impl Into<Engine>) -> Result<Self, Error> {
        let engine = engine.into();
        engine.check()?;
        let (files, folder) = Files::of(models)?;
        Self::new(&files, engine).map_err(|(name, reason)| broken(&folder.join(name), reason))
    }

    /// Name and version of the model built into the program, without loading it.
    pub fn builtin_name() -> Option<String> {
        let config: Config = serde_json::from_slice(&builtin::files().config).ok()?;
        Some(format!("{} {}", config.name, config.version))
    }

    /// Puts a model together; in case of failure the file at fault and why.
    fn new(files: &Files, engine: Engine) -> Result<Self, (&'static str, String)> {
        let config: Config =
            serde_json::from_slice(&files.config).map_err(|error| (CONFIG, error.to_string()))?;
        if let Some(problem) = config.problem() {
            return Err((CONFIG, problem));
        }
        let in_weights = |reason: String| (WEIGHTS, reason);
        let tensors = Tensors::new(&files.weights).map_err(in_weights)?;
        let encoder = Encoder::new(&config, &tensors, engine).map_err(in_weights)?;
        let tokeniser =
            Tokeniser::new(&files.tokenizer, encoder.vocabulary()).map_err(|reason| (TOKENIZER, reason))?;
        let mention_tags = config.mention_tags();
        let heads = Arc::new(Heads::new(config, &tensors).map_err(in_weights)?);
        Ok(Self { tokeniser, encoder, heads, together: engine.together(), mention_tags })
    }

    /// Names of the stance labels.
    pub fn labels(&self) -> Labels {
        Labels::new(self.config().stance.clone()).unwrap_or_default()
    }

    /// What the model says of itself.
    pub fn config(&self) -> &Config {
        &self.heads.config
    }

    /// How many windows the encoder has read since loading: its passes, by all threads together.
    pub fn windows_read(&self) -> usize {
        self.encoder.windows_read()
    }

    /// Reads the paragraphs of a text; what lies outside them is not read. Never fails. The outcome depends
    /// on the text, the paragraphs and the model only.
    pub fn read(&self, text: &str, paragraphs: &[Span]) -> Reading {
        let tokens = self.tokeniser.split(text, paragraphs);
        let config = self.config();
        let lengths: Vec<usize> = tokens.paragraphs.iter().map(ExactSizeIterator::len).collect();
        let windows = windows::pack(&lengths, &tokens.ends, config.window - 2, config.context);
        let outcome = self.run(&tokens, &windows);

        let roles = decode::spans(&ROLE_TAGS, &config.role_transitions, &outcome.roles, &tokens);
        let roles = roles.into_iter().map(|found| RoleSpan {
            role: found.kind,
            span: decode::bytes(&tokens, &found.tokens),
            tokens: found.tokens,
            confidence: found.confidence,
        });
        let mentions = decode::spans(&self.mention_tags, &[], &outcome.mentions, &tokens);
        let mentions = mentions.into_iter().map(|found| Mention {
            kind: found.kind,
            span: decode::without_possessive(text, decode::bytes(&tokens, &found.tokens)),
            confidence: found.confidence,
        });
        Reading {
            roles: roles.collect(),
            mentions: mentions.filter(|mention| !mention.span.is_empty()).collect(),
            role_probabilities: outcome.roles.as_chunks().0.iter().map(|row| row.map(f32::exp)).collect(),
            tokens: tokens.spans,
            windows,
            vectors: Some(outcome.vectors),
        }
    }

    /// Runs encoder and heads over each window.
    fn run(&self, tokens: &Tokens, windows: &[Window]) -> Outcome {
        let heads = &self.heads;
        let width = heads.config.width;
        let kept = windows.iter().filter(|window| window.own.start < KEPT);
        let rows: usize = kept.map(|window| window.seen().len() + 2).sum();
        let mut outcome = Outcome {
            roles: Vec::with_capacity(tokens.ids.len() * heads.roles.outputs),
            mentions: Vec::with_capacity(tokens.ids.len() * heads.mentions.outputs),
            vectors: Vectors {
                heads: Arc::clone(heads),
                first_rows: Vec::new(),
                hidden: Vec::with_capacity(rows * width),
                links: Vec::with_capacity(rows * heads.links.outputs),
                pointed: vec![OnceLock::new(); windows.len() * heads.pointers.len()],
            },
        };
        // Seven windows are read as four and three rather than six and one.
        let runs = windows.len().div_ceil(self.together);
        for number in 0..runs {
            let together = &windows[number * windows.len() / runs..(number + 1) * windows.len() / runs];
            let ids: Vec<Vec<u32>> = together.iter().map(|window| self.ids(tokens, window)).collect();
            let hidden = self.encoder.forward(&ids);
            let mut rest = hidden.as_slice();
            for (window, ids) in together.iter().zip(&ids) {
                let (hidden, others) = rest.split_at(ids.len() * width);
                rest = others;
                let (skipped, count) = (1 + window.context.len(), window.own.len());
                let own = &hidden[skipped * width..(skipped + count) * width];
                outcome.roles.extend(log_probabilities(&heads.roles, own, count));
                outcome.mentions.extend(log_probabilities(&heads.mentions, own, count));
                if window.own.start < KEPT {
                    let vectors = &mut outcome.vectors;
                    vectors.first_rows.push(vectors.hidden.len() / width);
                    vectors.links.extend(heads.links.apply(hidden, ids.len()));
                    vectors.hidden.extend_from_slice(hidden);
                }
            }
        }
        outcome
    }

    /// What the encoder is given of a window.
    fn ids(&self, tokens: &Tokens, window: &Window) -> Vec<u32> {
        let seen = tokens.ids[window.seen()].iter().copied();
        [self.tokeniser.start_id()].into_iter().chain(seen).chain([self.tokeniser.end_id()]).collect()
    }
}

/// Names of a model's files.
pub(crate) const CONFIG: &str = "config.json";
pub(crate) const TOKENIZER: &str = "tokenizer.json";
pub(crate) const WEIGHTS: &str = "model.safetensors";

/// What a pass over a document yields; log-probabilities for each token.
struct Outcome {
    roles: Vec<f32>,
    mentions: Vec<f32>,
    vectors: Vectors,
}

fn log_probabilities(head: &weights::Linear, rows: &[f32], count: usize) -> Vec<f32> {
    let mut scores = head.apply(rows, count);
    lanes::log_softmax(&mut scores, head.outputs);
    scores
}

fn broken(path: &Path, reason: String) -> Error {
    Error::Model { path: PathBuf::from(path).display().to_string(), reason }
}

#[cfg(test)]
mod tests;
