//! The stance head in training: the layers of [`heads`](crate::reader::heads), with gradients.

use tch::{Kind, Reduction, Tensor, nn, nn::Module, nn::OptimizerConfig};

use super::device;
use crate::reader::config::Config;
use crate::reader::engine::Device;
use crate::reader::heads::{StanceFeatures, Start};
use crate::reader::weights::Tensors;
use crate::stance::Labels;

/// Share of the features and of the inner layer hidden in each step; as in models/train/model.py.
const DROPOUT: f64 = 0.3;

/// Weight of the forced choice's loss beside that of the labels.
const LEANING: f64 = 0.3;

/// What the loss passes over.
const IGNORED: i64 = -100;

/// A tensor of a trained head: name in the model file, shape, numbers.
pub type Named = (String, Vec<usize>, Vec<f32>);

/// A stance head that can be trained.
pub struct Head {
    store: nn::VarStore,
    attend: nn::Linear,
    hidden: nn::Linear,
    out: nn::Linear,
    leaning: nn::Linear,
    optimiser: nn::Optimizer,
    /// Weight of each label's statements in the loss.
    weights: Tensor,
    /// Its logarithm: by so much the logits of rare labels are too great, and are lowered when the head is used.
    excess: Tensor,
    width: usize,
}

impl Head {
    /// A head for `labels`, whose statements count as `weights` say; the same `seed` draws the same one.
    pub fn new(
        config: &Config,
        tensors: &Tensors<'_>,
        start: Start,
        labels: &Labels,
        weights: &[f32],
        seed: u64,
        place: Device,
    ) -> Result<Self, String> {
        // One thread adds in one order: the same seed gives the same head.
        tch::set_num_threads(1);
        tch::manual_seed(seed.cast_signed());
        let width = config.width;
        let inner = tensors.len("stance.hidden.bias")?;
        let store = nn::VarStore::new(device(place));
        let linear = |name: &str, inputs: usize, outputs: usize| {
            nn::linear(
                store.root() / "stance" / name,
                inputs as i64,
                outputs as i64,
                nn::LinearConfig::default(),
            )
        };
        let mut attend = linear("attend", width, 1);
        let mut hidden = linear("hidden", 6 * width, inner);
        let (mut out, mut leaning) = (linear("out", inner, weights.len()), linear("leaning", inner, 2));
        if start == Start::Model {
            let inner_layers =
                [("attend", &mut attend, [1, width]), ("hidden", &mut hidden, [inner, 6 * width])];
            let outputs = [("out", &mut out, [weights.len(), inner]), ("leaning", &mut leaning, [2, inner])];
            // Its outputs mean something only under its own labels.
            let outputs = outputs.into_iter().filter(|_| config.stance == labels.names());
            for (name, layer, shape) in inner_layers.into_iter().chain(outputs) {
                let weight = tensors.floats(&format!("stance.{name}.weight"), &shape)?;
                let bias = tensors.floats(&format!("stance.{name}.bias"), &shape[..1])?;
                tch::no_grad(|| {
                    layer.ws.copy_(&Tensor::from_slice(&weight).view([shape[0] as i64, shape[1] as i64]));
                    if let Some(values) = &mut layer.bs {
                        values.copy_(&Tensor::from_slice(&bias));
                    }
                });
            }
        }
        let excess = Tensor::from_slice(weights).log().to_device(store.device());
        if start == Start::Model && config.stance == labels.names() {
            out.bs.iter_mut().for_each(|bias| tch::no_grad(|| bias.copy_(&(&*bias + &excess))));
        }
        let optimiser = nn::AdamW { wd: 0.01, ..nn::AdamW::default() };
        let optimiser = optimiser.build(&store, 0.0).map_err(|error| error.to_string())?;
        let weights = Tensor::from_slice(weights).to_device(store.device());
        Ok(Self { attend, hidden, out, leaning, optimiser, weights, excess, width, store })
    }

    /// One step at this learning rate over statements with their labels; gives the loss.
    pub fn step(&mut self, batch: &[(&StanceFeatures, usize)], rate: f64) -> f64 {
        let features: Vec<&StanceFeatures> = batch.iter().map(|(features, _)| *features).collect();
        let labels: Vec<i64> = batch.iter().map(|(_, label)| *label as i64).collect();
        let (logits, leaning) = self.forward(&features, Mode::Training);
        let target = Tensor::from_slice(&labels).to_device(self.store.device());
        let mut loss = logits.cross_entropy_loss(&target, Some(&self.weights), Reduction::Mean, IGNORED, 0.0);
        // The forced choice learns from the statements at the poles.
        if labels.iter().any(|&label| label < 2) {
            let poles: Vec<i64> =
                labels.iter().map(|&label| if label < 2 { label } else { IGNORED }).collect();
            let poles = Tensor::from_slice(&poles).to_device(self.store.device());
            loss +=
                leaning.cross_entropy_loss::<Tensor>(&poles, None, Reduction::Mean, IGNORED, 0.0) * LEANING;
        }
        self.optimiser.set_lr(rate);
        self.optimiser.backward_step_clip_norm(&loss, 1.0);
        loss.double_value(&[])
    }

    /// Logits of each statement's labels.
    pub fn logits(&self, batch: &[&StanceFeatures]) -> Vec<Vec<f32>> {
        let logits = tch::no_grad(|| self.forward(batch, Mode::Use).0 - &self.excess);
        let columns = logits.size()[1] as usize;
        numbers(&logits).chunks_exact(columns).map(<[f32]>::to_vec).collect()
    }

    /// The head's weights.
    pub fn named(&self) -> Vec<Named> {
        let mut named: Vec<Named> = self
            .store
            .variables()
            .into_iter()
            .map(|(name, tensor)| {
                let tensor = if name == "stance.out.bias" { tensor.detach() - &self.excess } else { tensor };
                let shape = tensor.size().into_iter().map(|size| size as usize).collect();
                (name, shape, numbers(&tensor))
            })
            .collect();
        named.sort_by(|(a, ..), (b, ..)| a.cmp(b));
        named
    }

    /// Logits of labels and leaning; the features stand in the order of `Heads::stance`.
    fn forward(&self, batch: &[&StanceFeatures], mode: Mode) -> (Tensor, Tensor) {
        let (count, width) = (batch.len(), self.width);
        let longest = batch.iter().map(|features| features.content.len()).max().unwrap_or(0) / width;
        let mut content = vec![0.0; count * longest * width];
        let mut mask = vec![super::HIDDEN; count * longest];
        for (at, features) in batch.iter().enumerate() {
            content[at * longest * width..][..features.content.len()].copy_from_slice(&features.content);
            mask[at * longest..][..features.content.len() / width].fill(0.0);
        }
        let means: Vec<f32> = batch.iter().flat_map(|features| features.means.iter().copied()).collect();
        let tensor = |values: &[f32], shape: &[i64]| {
            Tensor::from_slice(values).view(shape).to_device(self.store.device())
        };
        let (count, longest, width) = (count as i64, longest as i64, width as i64);
        let content = tensor(&content, &[count, longest, width]);
        let weights = self.attend.forward(&content).squeeze_dim(2) + tensor(&mask, &[count, longest]);
        let weights = weights.softmax(1, Kind::Float).unsqueeze(1);
        let pooled = weights.bmm(&content).squeeze_dim(1);
        let means = tensor(&means, &[count, 5 * width]);
        let (first, others) = (means.narrow(1, 0, width), means.narrow(1, width, 4 * width));
        let dropped = |x: Tensor| x.dropout(DROPOUT, mode == Mode::Training);
        let features = dropped(Tensor::cat(&[first, pooled, others], 1));
        let inner = dropped(self.hidden.forward(&features).gelu("none"));
        (self.out.forward(&inner), self.leaning.forward(&inner))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Training,
    Use,
}

fn numbers(tensor: &Tensor) -> Vec<f32> {
    let tensor = tensor.detach().to_device(tch::Device::Cpu).to_kind(Kind::Float).contiguous();
    let mut numbers = vec![0.0; tensor.numel()];
    tensor.copy_data(&mut numbers, tensor.numel());
    numbers
}
