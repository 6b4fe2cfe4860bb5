//! A mirror that is told each change stays the same as the original, whatever is done in between.

use proptest::prelude::*;

use crate::practice::state::tracked::{TrackedLog, TrackedMap, TrackedValue};

#[derive(Debug, Clone)]
enum Act {
    Insert(u8, u8),
    Change(u8, u8),
    Remove(u8),
    Retain(u8),
    Tell,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        (0..9_u8, any::<u8>()).prop_map(|(key, value)| Act::Insert(key, value)),
        (0..9_u8, any::<u8>()).prop_map(|(key, value)| Act::Change(key, value)),
        (0..9_u8).prop_map(Act::Remove),
        (0..9_u8).prop_map(Act::Retain),
        Just(Act::Tell),
    ]
}

/// As it goes over the disk.
fn sent<T: serde::Serialize + serde::de::DeserializeOwned>(change: &T) -> T {
    serde_json::from_slice(&serde_json::to_vec(change).unwrap()).unwrap()
}

proptest! {
    #[test]
    fn a_shelf_and_its_mirror_have_the_same_in_the_same_order(
        acts in proptest::collection::vec(act(), 1..40)
    ) {
        let (mut shelf, mut mirror) = (TrackedMap::default(), TrackedMap::default());
        for act in acts.into_iter().chain([Act::Tell]) {
            match act {
                Act::Insert(key, value) => {
                    shelf.insert(key.to_string(), value);
                }
                Act::Change(key, value) => {
                    if let Some(kept) = shelf.get_mut(&key.to_string()) {
                        *kept = value;
                    }
                }
                Act::Remove(key) => {
                    shelf.shift_remove(&key.to_string());
                }
                Act::Retain(least) => shelf.retain(|key, _| key.as_str() >= &*least.to_string()),
                Act::Tell => {
                    if let Some(change) = shelf.take_change() {
                        mirror.apply(Some(sent(&change)));
                    }
                    prop_assert!(shelf.iter().eq(mirror.iter()), "{shelf:?} {mirror:?}");
                    prop_assert!(shelf.take_change().is_none() && mirror.take_change().is_none());
                }
            }
        }
        let mut whole = TrackedMap::default();
        whole.apply(Some(sent(&shelf.whole())));
        prop_assert!(whole.iter().eq(shelf.iter()));
    }

    #[test]
    fn a_row_and_its_mirror_have_the_same(
        acts in proptest::collection::vec((any::<u8>(), 1..6_usize, any::<bool>()), 1..40)
    ) {
        let (mut row, mut mirror) = (TrackedLog::default(), TrackedLog::default());
        for (item, most, is_told) in acts {
            row.push(item, most);
            if is_told {
                mirror.apply(Some(sent(&row.take_change().unwrap())));
                prop_assert_eq!(&*row, &*mirror);
                prop_assert!(row.take_change().is_none());
            }
        }
    }
}

#[test]
fn a_value_that_was_only_looked_at_for_changing_has_not_changed() {
    let mut kept = TrackedValue::read(vec![1]);
    kept.retain(|_| true);
    assert_eq!(kept.take_change(), None);
    kept.push(2);
    assert_eq!(kept.take_change(), Some(vec![1, 2]));
    assert_eq!(kept.take_change(), None);
    assert_eq!(TrackedValue::new(3).take_change(), Some(3));
}
