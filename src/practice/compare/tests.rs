//! Small recordings of our own, each with the recording of Azure that it follows.
