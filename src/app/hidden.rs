//! A secret on its way through messages and state: shared, never shown by accident, and absent from recordings.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::domain::secret::Secret;

/// A secret that several holders share. It is written as nothing, and read back as nothing.
#[derive(Clone, Default)]
pub struct Hidden(Option<Arc<Secret>>);

impl Hidden {
    /// Holds a secret.
    pub fn new(secret: Secret) -> Self {
        Self(Some(Arc::new(secret)))
    }

    /// The secret; `None` when it was read from a recording.
    pub fn secret(&self) -> Option<&Secret> {
        self.0.as_deref()
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Hidden")
    }
}

impl PartialEq for Hidden {
    fn eq(&self, other: &Self) -> bool {
        self.secret() == other.secret()
    }
}

impl Serialize for Hidden {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

impl<'de> Deserialize<'de> for Hidden {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <()>::deserialize(deserializer)?;
        Ok(Self::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_it_is_written() {
        let hidden = Hidden::new(Secret::new("a long secret".into()));
        assert_eq!(serde_json::to_string(&hidden).unwrap(), "null");
        assert!(!format!("{hidden:?}").contains("long"));
        let back: Hidden = serde_json::from_str("null").unwrap();
        assert!(back.secret().is_none());
    }
}
