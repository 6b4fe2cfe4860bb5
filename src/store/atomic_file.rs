//! Files that are written whole or not at all, readable by their owner only.
//!
//! A crash at any moment leaves the old content or the new, never a part of it.

use std::{
    fs::File,
    io::{self, Write as _},
    path::Path,
};

use crate::domain::problem::{Problem, Result};

/// Writes a file whole: into a temporary file beside it, to the disk, then renamed over the old one, and the directory
/// to the disk as well. The directory is made where it is missing, for its owner only.
///
/// # Errors
/// When the directory or the file cannot be written.
pub fn write(path: &Path, content: &[u8]) -> Result<()> {
    let directory = path.parent().unwrap_or_else(|| Path::new("."));
    make_directory(directory)?;
    replace(directory, path, content).map_err(|error| unwritable(path, &error))
}

/// Makes a directory for its owner only; one that is there is left as it is.
///
/// # Errors
/// When it cannot be made.
pub fn make_directory(directory: &Path) -> Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(directory).map_err(|error| unwritable(directory, &error))
}

/// Reads a file; `None` when there is none.
///
/// # Errors
/// When it is there and cannot be read.
pub fn read(path: &Path) -> Result<Option<Vec<u8>>> {
    match std::fs::read(path) {
        Ok(content) => Ok(Some(content)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable(path, &error)),
    }
}

/// Removes a file; one that is not there counts as removed.
///
/// # Errors
/// When it is there and cannot be removed.
pub fn remove(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Ok(()) => path.parent().map_or(Ok(()), to_disk).map_err(|error| unwritable(path, &error)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(unwritable(path, &error)),
    }
}

fn replace(directory: &Path, path: &Path, content: &[u8]) -> io::Result<()> {
    // On Unix a temporary file is readable by its owner only, and a rename keeps that.
    let mut file = tempfile::Builder::new().prefix(".writing-").tempfile_in(directory)?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    to_disk(directory)
}

/// Brings a directory's entries to the disk, where the platform can.
fn to_disk(directory: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(directory)?.sync_all()?;
    }
    Ok(())
}

fn unwritable(path: &Path, error: &io::Error) -> Problem {
    Problem::new(
        "CannotWrite",
        "A file of this program could not be written.",
        "Check free space and rights of the directory, or set PRIVATEAML_HOME to another one.",
    )
    .at(path.display().to_string())
    .saying(error.to_string())
}

fn unreadable(path: &Path, error: &io::Error) -> Problem {
    Problem::new(
        "CannotRead",
        "A file of this program could not be read.",
        "Check the rights of the file.",
    )
    .at(path.display().to_string())
    .saying(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_private() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("deep/er/file");
        assert_eq!(read(&path).unwrap(), None);
        write(&path, b"a long first content").unwrap();
        write(&path, b"short").unwrap();
        assert_eq!(read(&path).unwrap().unwrap(), b"short");
        let left = std::fs::read_dir(path.parent().unwrap()).unwrap().count();
        assert_eq!(left, 1, "no temporary file stays");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode(&path), 0o600);
            assert_eq!(mode(path.parent().unwrap()), 0o700);
        }
        remove(&path).unwrap();
        remove(&path).unwrap();
        assert_eq!(read(&path).unwrap(), None);
    }

    #[test]
    fn what_cannot_be_written_is_said_with_its_place() {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("file"), "x").unwrap();
        let problem = write(&home.path().join("file/below"), b"x").unwrap_err();
        assert_eq!(problem.code, "CannotWrite");
        assert!(problem.place.unwrap().contains("file"));
    }
}
