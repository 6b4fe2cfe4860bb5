//! Files that grow line by line. A line counts once it is whole, and only up to the length that was agreed upon: what a
//! killed process wrote beyond it is written over.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::Path,
};

use serde::{Serialize, de::DeserializeOwned};

/// Grown to more than this many times what it was when it was last written whole, a file is written whole again. So all
/// the rewriting together costs no more than the growing.
const WORN: u64 = 2;
/// Bytes below which a file is never worn.
const SMALL: u64 = 256 * 1024;

/// True when a file of this many bytes, that had `whole` bytes when it was last written whole, is to be written anew.
pub(super) fn is_worn(length: u64, whole: u64) -> bool {
    length > SMALL.saturating_add(whole.saturating_mul(WORN))
}

/// One value as a line.
pub(super) fn line<T: Serialize>(value: &T) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    Ok(line)
}

/// Writes lines at the given place, which is the end of what counts, and gives the new end.
pub(super) fn append(path: &Path, at: u64, lines: &[u8]) -> io::Result<u64> {
    let mut file = OpenOptions::new().write(true).open(path)?;
    if file.seek(SeekFrom::End(0))? != at {
        file.set_len(at)?;
        file.seek(SeekFrom::Start(at))?;
    }
    file.write_all(lines)?;
    Ok(at + length(lines))
}

/// What was read of a file.
pub(super) struct Lines<T> {
    /// The values of the whole lines.
    pub values: Vec<T>,
    /// Where the first of them ends.
    pub first: u64,
    /// Where the last of them ends.
    pub end: u64,
}

/// The whole lines between two places.
pub(super) fn read<T: DeserializeOwned>(
    path: &Path,
    from: u64,
    to: Option<u64>,
) -> io::Result<Lines<T>> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    file.take(to.map_or(u64::MAX, |to| to.saturating_sub(from))).read_to_end(&mut bytes)?;
    if to.is_some_and(|to| to != from + length(&bytes)) {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let mut lines = Lines { values: Vec::new(), first: from, end: from };
    let whole = bytes.split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n"));
    for line in whole {
        lines.values.push(serde_json::from_slice(line)?);
        lines.end += length(line);
        if lines.first == from {
            lines.first = lines.end;
        }
    }
    Ok(lines)
}

pub(super) fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}
