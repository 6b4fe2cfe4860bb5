//! Tests of resources over the whole handler, with a clock of their own.
