//! The command line: arguments → run → exit code.

mod cli {
    pub mod eval;

    /// How a run ended that could run at all.
    pub enum Exit {
        Done,
        SomeFailed,
    }
}

use clap::Parser;

/// Who said what, to whom, and in what spirit.
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    Eval(cli::eval::Args),
}

fn main() -> std::process::ExitCode {
    let Command::Eval(args) = Cli::parse().command;
    match cli::eval::run(args) {
        Ok(cli::Exit::Done) => std::process::ExitCode::SUCCESS,
        Ok(cli::Exit::SomeFailed) => std::process::ExitCode::FAILURE,
        Err(error) => {
            use std::io::Write;
            let _ = writeln!(std::io::stderr(), "sayso: {error}");
            std::process::ExitCode::from(2)
        }
    }
}
