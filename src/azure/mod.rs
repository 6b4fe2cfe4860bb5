//! The outside world: Azure, over one HTTP client. It knows nothing of screens, records or the engine.
