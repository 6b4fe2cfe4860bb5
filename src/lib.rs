//! privateaml builds a private Azure Machine Learning environment from one terminal screen.

pub mod azure;
pub mod cli;
pub mod domain;
pub mod engine;
pub mod plain;
pub mod practice;
pub mod store;
pub mod template;
