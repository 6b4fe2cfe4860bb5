//! The tags of an environment's resource group, and the way back from them to its settings.
//!
//! With the group's region they are enough to rebuild everything but the password on another machine.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Settings;
use crate::domain::name::{EnvironmentName, Suffix};
use crate::domain::problem::{Problem, Result};

/// The tag by which environments are found; its value is `VERSION`.
pub const MARK: &str = "privateaml";
/// The version of the tags that this program writes.
pub const VERSION: &str = "1";
/// The tag with the environment's name.
pub const NAME: &str = "privateaml-name";
const SUFFIX: &str = "privateaml-suffix";
const ADDRESS_SPACE: &str = "privateaml-cidr";
const TEMPLATE: &str = "privateaml-template";
/// Tags with the choices that differ from the defaults, as JSON cut into pieces: `privateaml-choices-1` and so on.
const CHOICES: &str = "privateaml-choices-";
/// Longest value of a tag, in characters
/// (<https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations>).
const LONGEST: usize = 256;
/// Most tags of one resource group (same page).
const MOST: usize = 50;

/// What the tags of a group tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaggedEnvironment {
    /// What was chosen.
    pub settings: Settings,
    /// Hash of the template that was last sent.
    pub template_hash: Option<String>,
}

/// What changes in a group's tags. Both are empty when nothing does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagChanges {
    /// Tags to be set.
    pub set: BTreeMap<String, String>,
    /// Tags of a longer text from before, to be taken away afterwards.
    pub gone: BTreeMap<String, String>,
}

/// True for the name of one of our tags.
pub fn is_ours(key: &str) -> bool {
    key.to_lowercase().starts_with(MARK)
}

/// The tags of an environment's group: ours, and those that the person chose.
///
/// # Errors
/// When they would be more than Azure takes.
pub fn tags(settings: &Settings, template_hash: Option<&str>) -> Result<BTreeMap<String, String>> {
    let mut tags = settings.tags.clone();
    tags.insert(MARK.into(), VERSION.into());
    tags.insert(NAME.into(), settings.name.to_string());
    tags.insert(SUFFIX.into(), settings.suffix.to_string());
    tags.insert(ADDRESS_SPACE.into(), settings.address_space.to_string());
    if let Some(hash) = template_hash {
        tags.insert(TEMPLATE.into(), hash.chars().take(LONGEST).collect());
    }
    let choices = differing(settings);
    if !choices.is_empty() {
        let text: Vec<char> = Value::Object(choices).to_string().chars().collect();
        for (index, piece) in text.chunks(LONGEST).enumerate() {
            tags.insert(format!("{CHOICES}{}", index + 1), piece.iter().collect());
        }
    }
    let too_long =
        settings.tags.iter().find(|(key, value)| is_ours(key) || value.chars().count() > LONGEST);
    if let Some((key, _)) = too_long {
        return Err(Problem::new(
            "InvalidTag",
            format!("The tag {key} cannot be set."),
            "Tags have values of at most 256 characters, and names beginning with privateaml are ours. Change --tag.",
        ));
    }
    if tags.len() > MOST {
        return Err(Problem::new(
            "TooManyTags",
            format!("The resource group would have {} tags; Azure takes {MOST}.", tags.len()),
            "Give fewer tags (--tag) or fewer hosts of your own (--allow-host).",
        ));
    }
    Ok(tags)
}

/// What changes in a group's tags when its environment's choices become `settings`.
///
/// # Errors
/// As `tags`.
pub fn change(settings: &Settings, present: &BTreeMap<String, String>) -> Result<TagChanges> {
    let is_choice = |key: &str| key.to_lowercase().starts_with(CHOICES);
    let wanted = tags(settings, None)?;
    let wanted: BTreeMap<String, String> =
        wanted.into_iter().filter(|(key, _)| is_choice(key)).collect();
    let now = |key: &str| {
        let found = present.iter().find(|(name, _)| name.eq_ignore_ascii_case(key));
        found.map(|(_, value)| value)
    };
    let mut gone = present.clone();
    gone.retain(|key, _| is_choice(key) && !wanted.contains_key(&key.to_lowercase()));
    let set = wanted.into_iter().filter(|(key, value)| now(key) != Some(value)).collect();
    Ok(TagChanges { set, gone })
}

/// The settings that a group's tags tell; `None` when the group is not one of ours.
///
/// # Errors
/// When the tags are ours but damaged, or written by a newer version.
pub fn from_tags(
    location: &str,
    tags: &BTreeMap<String, String>,
) -> Option<Result<TaggedEnvironment>> {
    // Azure keeps the case of tag names but compares them without.
    let tags: BTreeMap<String, &str> =
        tags.iter().map(|(key, value)| (key.to_lowercase(), value.as_str())).collect();
    let version = *tags.get(MARK)?;
    if version != VERSION {
        return Some(Err(Problem::new(
            "TagsFromNewerVersion",
            "The environment was created by a newer version of this program.",
            "Update this program and run the command again.",
        )));
    }
    Some(read(location, &tags))
}

fn read(location: &str, tags: &BTreeMap<String, &str>) -> Result<TaggedEnvironment> {
    let value = |key: &str| tags.get(key).copied();
    let damaged = |key: &str, words: String| {
        Problem::new(
            "DamagedTags",
            "The tags of the resource group no longer tell which environment it is.",
            "Correct the tag in the Azure portal, or use the machine that created the environment.",
        )
        .at(key.to_owned())
        .saying(words)
    };
    let name = EnvironmentName::parse(value(NAME).unwrap_or_default())
        .map_err(|error| damaged(NAME, error.to_string()))?;
    let suffix = Suffix::parse(value(SUFFIX).unwrap_or_default())
        .map_err(|error| damaged(SUFFIX, error.to_string()))?;
    let address_space = value(ADDRESS_SPACE)
        .unwrap_or_default()
        .parse()
        .map_err(|error: ipnetwork::IpNetworkError| damaged(ADDRESS_SPACE, error.to_string()))?;
    let plain = Settings::new(name, suffix, location.to_owned(), address_space);
    let pieces: String =
        (1..=MOST).map_while(|index| value(&format!("{CHOICES}{index}"))).collect();
    let settings = if pieces.is_empty() {
        plain
    } else {
        with_choices(&plain, &pieces)
            .map_err(|error| damaged(CHOICES.trim_end_matches('-'), error.to_string()))?
    };
    Ok(TaggedEnvironment { settings, template_hash: value(TEMPLATE).map(str::to_owned) })
}

/// The fields of the settings that differ from the defaults for the same name, suffix, region and address space.
fn differing(settings: &Settings) -> Map<String, Value> {
    let plain = Settings::new(
        settings.name.clone(),
        settings.suffix.clone(),
        settings.region.clone(),
        settings.address_space,
    );
    let plain = fields(&plain);
    fields(settings).into_iter().filter(|(key, value)| plain.get(key) != Some(value)).collect()
}

fn with_choices(plain: &Settings, pieces: &str) -> Result<Settings, serde_json::Error> {
    // Pieces of a longer text from before can be left behind it, where somebody was interrupted.
    let mut texts = serde_json::Deserializer::from_str(pieces).into_iter();
    let choices: Map<String, Value> = texts.next().transpose()?.unwrap_or_default();
    let mut all = fields(plain);
    all.extend(choices);
    serde_json::from_value(Value::Object(all))
}

fn fields(settings: &Settings) -> Map<String, Value> {
    match serde_json::to_value(settings) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}
