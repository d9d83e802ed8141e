//! `sayso finetune`: the stance head fitted to a codebook of one's own.

use std::io::{IsTerminal, Write};
use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use sayso::Error;
use sayso::finetune::codings::Columns;
use sayso::finetune::{self, Codings, Event, Fitted, Options, Start};
use sayso::reader::engine::Device;
use sayso::rows::sink::stdout_error;
use sayso::stance::Labels;

use super::{About, Engine, EngineName, Exit, say};

const EXAMPLES: &str = "\
Examples:
  sayso finetune --codings coded.csv -o models/mine
  sayso finetune --codings coded.csv --label-column code --labels ally,foe,neither -o models/mine
  sayso extract articles/ --models models/mine -o statements.csv

The codings are a table with a statement and its label a record; speaker, cue and context help where they are there. The
rows that sayso extract writes are such a table: correct their stance and use them. Labels are your own, 2 to 8. The first
two of --labels are taken for the poles, friendly and adverse: leaning and score are theirs; texts too long to be read
get the third. A few hundred statements are the least that says something.";

/// Fit the stance to your own codings: writes a model folder for --models.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// What is to be fitted
    #[arg(long, value_enum, default_value = "stance")]
    task: Task,
    /// Coded statements: a .csv, .tsv or .jsonl file, or - for standard input (CSV)
    #[arg(long, value_name = "FILE")]
    codings: PathBuf,
    /// Folder for the new model
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
    /// Column with the statement [default: statement, text, quote or sentence]
    #[arg(long, value_name = "NAME")]
    text_column: Option<String>,
    /// Column with the label [default: label, code or stance]
    #[arg(long, value_name = "NAME")]
    label_column: Option<String>,
    /// Column with the speaker's name [default: speaker, if there]
    #[arg(long, value_name = "NAME")]
    speaker_column: Option<String>,
    /// Column with the reporting words [default: cue, if there]
    #[arg(long, value_name = "NAME")]
    cue_column: Option<String>,
    /// Column with what was written before the statement [default: context or context_before, if there]
    #[arg(long, value_name = "NAME")]
    context_column: Option<String>,
    /// Labels to learn: friendly pole, adverse pole, middle, others [default: those in the table]
    #[arg(long, value_name = "A,B,C", value_delimiter = ',')]
    labels: Vec<String>,
    /// Most passes over the statements
    #[arg(long, value_name = "N", default_value = "40")]
    epochs: NonZeroUsize,
    /// Passes without a better macro-F before it ends
    #[arg(long, value_name = "N", default_value_t = 8)]
    patience: usize,
    /// Share of the statements kept for checking
    #[arg(long, value_name = "SHARE", default_value_t = 0.2)]
    validation: f64,
    /// Greatest learning rate
    #[arg(long, value_name = "RATE", default_value_t = 5e-4)]
    learning_rate: f64,
    /// Statements of one step
    #[arg(long, value_name = "N", default_value = "32")]
    batch: NonZeroUsize,
    /// What split and first weights are drawn from; the same seed gives the same model
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Begin with an untrained head, not with what the model has learnt of stance
    #[arg(long)]
    fresh: bool,
    /// Name of the new model [default: that of its folder]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    #[command(flatten)]
    engine: Engine,
    /// No progress bar or notes; what was reached is still told
    #[arg(long, short)]
    quiet: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Task {
    /// What a statement does toward its counterpart
    Stance,
}

/// Runs `sayso finetune`.
///
/// # Errors
/// The codings are missing or cannot be learnt from, the models cannot be read or written, or libtorch is not built in.
pub fn run(args: &Args) -> Result<Exit, Error> {
    let Task::Stance = args.task;
    finetune::available()?;
    if !(0.0 < args.validation && args.validation < 1.0) {
        return Err(refused("--validation", "must lie between 0 and 1"));
    }
    if !(0.0 < args.learning_rate && args.learning_rate.is_finite()) {
        return Err(refused("--learning-rate", "must be greater than 0"));
    }
    let labels = match args.labels.as_slice() {
        [] => None,
        names => {
            let names = names.iter().map(|name| name.trim().to_owned()).collect();
            Some(Labels::new(names).map_err(|reason| refused("--labels", &reason))?)
        }
    };
    let columns = Columns {
        text: args.text_column.clone(),
        label: args.label_column.clone(),
        speaker: args.speaker_column.clone(),
        cue: args.cue_column.clone(),
        context: args.context_column.clone(),
    };
    let codings = Codings::read(&args.codings, &columns, labels.as_ref())?;
    // Before the work: what cannot be written should be said at once.
    std::fs::create_dir_all(&args.output).map_err(|source| Error::io(&args.output, source))?;

    let bar = Bar::new(args.quiet || !std::io::stderr().is_terminal());
    if !args.quiet {
        codings.notes.iter().for_each(|note| say(About::Note, note));
    }
    let models = args.engine.models.as_deref();
    let fitted =
        finetune::fit(models, args.engine.engine()?, &codings, &options(args), |event| bar.tell(event))?;
    bar.0.finish_and_clear();
    let folder = args.output.file_name().map_or("mine".into(), |name| name.to_string_lossy());
    let name = args.name.as_deref().unwrap_or(&folder);
    fitted.write(models, name, &remarks(args, &codings), &args.output)?;
    let outcome = outcome(args, &codings, &fitted);
    std::io::stdout().lock().write_all(outcome.as_bytes()).map_err(stdout_error)?;
    Ok(Exit::Done)
}

fn refused(argument: &str, reason: &str) -> Error {
    Error::Input { path: argument.to_owned(), reason: reason.to_owned() }
}

fn options(args: &Args) -> Options {
    let is_torch = args.engine.engine == Some(EngineName::Torch);
    Options {
        epochs: args.epochs,
        patience: args.patience,
        validation: args.validation,
        rate: args.learning_rate,
        batch: args.batch,
        seed: args.seed,
        start: if args.fresh { Start::Fresh } else { Start::Model },
        device: args.engine.device.filter(|_| is_torch).unwrap_or(Device::Cpu),
        threads: args.engine.threads(),
    }
}

/// How the model came to be, for its card.
fn remarks(args: &Args, codings: &Codings) -> String {
    let counts: Vec<String> = codings
        .labels
        .names()
        .iter()
        .zip(codings.counts())
        .map(|(name, count)| format!("{count} {name}"))
        .collect();
    format!(
        "Codings: `{}`, {} statements ({}). Seed {}, at most {} epochs, patience {}, learning rate {}, {} statements a \
         step, {} head, {} of the statements kept for checking.",
        codings.place,
        codings.codings.len(),
        counts.join(", "),
        args.seed,
        args.epochs,
        args.patience,
        args.learning_rate,
        args.batch,
        if args.fresh { "untrained" } else { "the model's" },
        args.validation,
    )
}

fn outcome(args: &Args, codings: &Codings, fitted: &Fitted) -> String {
    let Fitted { labels, learnt, epochs, before, after, .. } = fitted;
    format!(
        "{} statements: {learnt} learnt from, {} kept for checking; epoch {} of {}\n\n{}\n\
         macro-F {:.1} (before the first step {:.1}), the same label in {:.1} %, Krippendorff's alpha {:.3}\n\n\
         written to {folder}; to use it: sayso extract articles/ --models {folder}\n",
        codings.codings.len(),
        after.len(),
        epochs.0,
        epochs.1,
        after.table(labels),
        100.0 * after.macro_f(),
        100.0 * before.macro_f(),
        100.0 * after.accuracy(),
        after.alpha(),
        folder = args.output.display(),
    )
}

/// Tells how it goes on standard error: first statements read, then epochs.
struct Bar(ProgressBar);

impl Bar {
    fn new(is_hidden: bool) -> Self {
        let target = if is_hidden { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(None, target);
        let style =
            ProgressStyle::with_template("{bar:30} {msg}, {elapsed}").unwrap_or(ProgressStyle::default_bar());
        Self(bar.with_style(style))
    }

    fn tell(&self, event: Event) {
        match event {
            Event::Read(read, all) => {
                self.0.set_length(all as u64);
                self.0.set_position(read as u64);
                self.0.set_message(format!("{read} of {all} statements read"));
            }
            Event::Epoch(epoch, loss, macro_f) => {
                let macro_f = 100.0 * macro_f;
                self.0.set_message(format!("epoch {epoch}: loss {loss:.3}, macro-F {macro_f:.1}"));
            }
        }
    }
}
