//! A list that answers a default outside its bounds: the layout looks things up by number on every line.
//!
//! It must not grow when written to outside its bounds; such a write is lost.

/// Values by number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DefaultVec<T>(Vec<T>);

impl<T: Clone + Default> DefaultVec<T> {
    /// A table of so many defaults.
    pub(super) fn of(length: usize) -> Self {
        Self(vec![T::default(); length])
    }

    /// Whether there is such a place.
    pub(super) fn has(&self, index: usize) -> bool {
        index < self.0.len()
    }

    /// Changes a value.
    pub(super) fn set(&mut self, index: usize, value: T) {
        if let Some(slot) = self.0.get_mut(index) {
            *slot = value;
        }
    }
}

impl<T: Copy + Default> DefaultVec<T> {
    /// The value at a place.
    pub(super) fn at(&self, index: usize) -> T {
        self.0.get(index).copied().unwrap_or_default()
    }
}

impl<T> DefaultVec<Vec<T>> {
    /// Appends to the list at a place.
    pub(super) fn push(&mut self, index: usize, value: T) {
        if let Some(list) = self.0.get_mut(index) {
            list.push(value);
        }
    }

    /// The list at a place.
    pub(super) fn list(&self, index: usize) -> &[T] {
        self.0.get(index).map_or(&[], Vec::as_slice)
    }
}

impl<T> FromIterator<T> for DefaultVec<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        Self(values.into_iter().collect())
    }
}
