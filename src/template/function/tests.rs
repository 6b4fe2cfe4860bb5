//! The documentation's own examples, function by function.
