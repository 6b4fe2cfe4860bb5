//! Where the jumpbox credentials are kept: what was asked for, what an environment has, or what this machine can do.
//!
//! It is settled before anything exists, and never silently: without a keychain the person chooses. It must not touch
//! the credentials themselves.

use std::{path::Path, sync::Arc};

use tokio::task::block_in_place;

use super::exit::Ending;
use crate::domain::environment::Keeping;
use crate::domain::problem::{Problem, Result};
use crate::domain::secret::Secret;
use crate::plain::output::Output;
use crate::plain::prompt::{NoAnswer, Prompter, Question};
use crate::store::keychain::{
    self, AskPassphrase, KEYCHAIN_WAITS, OsKeychain, PassphrasePurpose, SecretStore, Waiting, probe,
};
use crate::store::paths::Paths;

/// What the choice depends on.
#[derive(Clone, Copy)]
pub struct KeepingRequest<'a> {
    /// What the flag says.
    pub flag: Option<Keeping>,
    /// What an environment that exists was made with.
    pub recorded: Option<Keeping>,
    /// True on the practice cloud.
    pub practice: bool,
    /// A file whose first line is the passphrase.
    pub passphrase_file: Option<&'a Path>,
}

/// Settles where credentials are kept, and opens that store; `None` keeps them nowhere.
///
/// # Errors
/// When there is no keychain and nobody can be asked, naming the flag.
pub async fn settle(
    wish: KeepingRequest<'_>,
    paths: &Paths,
    prompter: Prompter,
    output: Output,
) -> Result<Option<Arc<dyn SecretStore>>, Ending> {
    let keeping = match (wish.flag, wish.recorded) {
        (Some(chosen), _) | (None, Some(chosen)) => chosen,
        (None, None) => {
            let keychain = OsKeychain::telling(waiting(output), wish.practice);
            by_machine(&keychain, wish.practice, prompter, output).await?
        }
    };
    Ok(open(keeping, wish, paths, prompter, output))
}

/// The store of a kind.
pub fn open(
    keeping: Keeping,
    wish: KeepingRequest<'_>,
    paths: &Paths,
    prompter: Prompter,
    output: Output,
) -> Option<Arc<dyn SecretStore>> {
    let ask = passphrase(wish.passphrase_file.map(Path::to_owned), prompter);
    keychain::open(keeping, paths, wish.practice, ask, waiting(output))
}

/// Says that the keychain is waited for.
fn waiting(output: Output) -> Waiting {
    Arc::new(move || {
        let text = format!("{KEYCHAIN_WAITS} Ctrl-C leaves.");
        output.prose(&text);
        output.event("notice", serde_json::json!({ "text": text }));
    })
}

/// The keychain where it keeps what it is given, else what the person prefers.
async fn by_machine(
    keychain: &dyn SecretStore,
    practice: bool,
    prompter: Prompter,
    output: Output,
) -> Result<Keeping, Ending> {
    let Err(problem) = probe(keychain).await else { return Ok(Keeping::Keychain) };
    if practice {
        output.say("No keychain here: the practice credentials go to a practice store, which protects nothing.");
        return Ok(Keeping::Practice);
    }
    output.prose(&format!("{} {}", problem.what, problem.advice));
    let options = [
        "In a file encrypted with a passphrase".to_owned(),
        "Nowhere: I set a new password when I need it".to_owned(),
    ];
    let question = Question {
        prompt: "Where should the jumpbox credentials be saved?",
        help: "nothing has been created yet",
        flag: "--credentials file or --credentials none",
    };
    match block_in_place(|| prompter.choose(question, &options, 0)) {
        Ok(0) => Ok(Keeping::File),
        Ok(_) => Ok(Keeping::None),
        Err(NoAnswer::Nobody(_)) => Err(Ending::NeedsAnswer(Box::new(Problem {
            advice: "Unlock or start a keychain, or choose: --credentials file (encrypted with a passphrase) or \
                     --credentials none (a new password is set later). Nothing has been created."
                .into(),
            ..problem.at("--credentials")
        }))),
        Err(other) => Err(other.into()),
    }
}

fn passphrase(file: Option<std::path::PathBuf>, prompter: Prompter) -> AskPassphrase {
    Arc::new(move |purpose| match &file {
        Some(file) => first_line(file),
        None => ask(purpose, prompter),
    })
}

fn first_line(file: &Path) -> Result<Secret> {
    let unreadable = |why: String| {
        Problem::new(
            "PassphraseFileUnreadable",
            format!("The passphrase file cannot be used: {why}."),
            "Check the path behind --passphrase-file; its first line is the passphrase.",
        )
        .at("--passphrase-file")
    };
    let text =
        Secret::new(std::fs::read_to_string(file).map_err(|error| unreadable(error.to_string()))?);
    match text.expose().lines().next() {
        Some(line) if !line.is_empty() => Ok(Secret::new(line.to_owned())),
        _ => Err(unreadable("its first line is empty".into())),
    }
}

fn ask(purpose: &PassphrasePurpose, prompter: Prompter) -> Result<Secret> {
    let (prompt, help, twice) = match purpose {
        PassphrasePurpose::New => (
            "Passphrase for the credentials file:",
            "at least 8 characters; it cannot be recovered",
            true,
        ),
        PassphrasePurpose::Existing(_) => {
            ("Passphrase of the credentials file:", "as you chose it", false)
        }
    };
    let question = Question { prompt, help, flag: "--passphrase-file" };
    block_in_place(|| prompter.secret(question, twice)).map_err(|reason| match reason {
        NoAnswer::Nobody(problem) => *problem,
        NoAnswer::Cancelled => Problem::new(
            "Cancelled",
            "No passphrase was given.",
            "Run the command again. Nothing was changed.",
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::keychain::{Failing, MemoryStore};

    async fn settled(keychain: &MemoryStore, practice: bool) -> Result<Keeping, Ending> {
        by_machine(keychain, practice, Prompter::Nobody, Output::new(true, true)).await
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_keychain_that_works_is_used_without_a_question() {
        let keychain = MemoryStore::new();
        assert_eq!(settled(&keychain, false).await.unwrap(), Keeping::Keychain);
        assert!(keychain.accounts().is_empty());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn without_a_keychain_and_anybody_to_ask_the_flag_is_named() {
        let keychain = MemoryStore::new();
        keychain.set_failing(Some(Failing::Writes));
        let ending = settled(&keychain, false).await.unwrap_err();
        assert_eq!(ending.code(), 4);
        let advice = &ending.problem().unwrap().advice;
        assert!(advice.contains("--credentials file") && advice.contains("--credentials none"));
        assert!(advice.contains("Nothing has been created"));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn on_the_practice_cloud_the_practice_store_takes_its_place() {
        let keychain = MemoryStore::new();
        keychain.set_failing(Some(Failing::Reads));
        assert_eq!(settled(&keychain, true).await.unwrap(), Keeping::Practice);
    }
}
