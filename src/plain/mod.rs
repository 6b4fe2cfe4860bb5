//! The line-by-line face: prompts, plain lines and JSON lines. It must not decide anything about Azure.
