//! Functions that make identifiers from text: `guid`, `uniqueString`, `newGuid`.
//!
//! `guid` is a version 5 UUID in the namespace that the Bicep page documents
//! (<https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions-string#guid>). The algorithm of
//! `uniqueString` is not documented: it is a 64-bit variant of Murmur hash 3 written in base 32. The tests hold
//! values that Azure has computed.

use uuid::{Uuid, uuid};

use super::super::evaluate::EvaluationStage;
use super::super::value::Value;
use super::argument::Call;
use super::{CallResult, Function, MANY, Refusal, Result, invalid, strict};

pub(super) const FUNCTIONS: &[Function] = &[
    strict("guid", 1, MANY, guid),
    strict("newGuid", 0, 0, new_guid),
    strict("uniqueString", 1, MANY, |call| Ok(Value::String(unique_string(&joined(call)?)))),
];

const NAMESPACE: Uuid = uuid!("11fb06fb-712d-4ddd-98c7-e71bbd588830");

fn joined(call: &Call<'_, '_>) -> Result<String> {
    Ok(call.plain()?.join("-"))
}

fn guid(call: &Call<'_, '_>) -> CallResult {
    Ok(Value::String(Uuid::new_v5(&NAMESPACE, joined(call)?.as_bytes()).to_string()))
}

fn new_guid(call: &Call<'_, '_>) -> CallResult {
    if call.evaluator.stage() != EvaluationStage::ParameterDefault {
        return invalid("it can only be used in the default value of a parameter.");
    }
    call.evaluator.runtime.new_guid().map(Value::String).ok_or(Refusal::Symbolic)
}

const FIRST_MULTIPLIER: u32 = 0xab0e_9789;
const SECOND_MULTIPLIER: u32 = 0x239b_961b;
const FIRST_INCREMENT: u32 = 0x561c_cd1b;
const SECOND_INCREMENT: u32 = 0x0bca_a747;

fn unique_string(text: &str) -> String {
    const ALPHABET: [char; 32] = [
        'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r',
        's', 't', 'u', 'v', 'w', 'x', 'y', 'z', '2', '3', '4', '5', '6', '7',
    ];
    let hash = murmur(text.as_bytes());
    // Five bits a character, highest first: the thirteenth holds the last four bits and a zero.
    (0_u32..13)
        .filter_map(|position| {
            let digit = (hash << (5 * position)) >> 59;
            ALPHABET.get(usize::try_from(digit).ok()?)
        })
        .collect()
}

/// Two 32-bit lanes with the constants of Murmur hash 3 for 128 bits on x86, seed 0.
fn murmur(bytes: &[u8]) -> u64 {
    let (mut low, mut high) = (0_u32, 0_u32);
    let chunks = bytes.chunks_exact(8);
    let rest = chunks.remainder();
    for chunk in chunks {
        let (first, second) = lanes(chunk);
        low = (low ^ first).rotate_left(19).wrapping_add(high);
        low = low.wrapping_mul(5).wrapping_add(FIRST_INCREMENT);
        high = (high ^ second).rotate_left(13).wrapping_add(low);
        high = high.wrapping_mul(5).wrapping_add(SECOND_INCREMENT);
    }
    let (first, second) = lanes(rest);
    low ^= first;
    high ^= second;
    // The length counts modulo 2^32; no template's text comes near it.
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    high ^= length;
    low = (low ^ length).wrapping_add(high);
    high = high.wrapping_add(low);
    low = avalanche(low);
    high = avalanche(high);
    low = low.wrapping_add(high);
    high = high.wrapping_add(low);
    (u64::from(high) << 32) | u64::from(low)
}

/// The mixed lanes of up to eight bytes; missing bytes count as zero, and a lane of zeros changes nothing.
fn lanes(bytes: &[u8]) -> (u32, u32) {
    let (first, second) = bytes.split_at(bytes.len().min(4));
    let first = little_endian(first)
        .wrapping_mul(SECOND_MULTIPLIER)
        .rotate_left(15)
        .wrapping_mul(FIRST_MULTIPLIER);
    let second = little_endian(second)
        .wrapping_mul(FIRST_MULTIPLIER)
        .rotate_left(17)
        .wrapping_mul(SECOND_MULTIPLIER);
    (first, second)
}

fn little_endian(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |word, byte| (word << 8) | u32::from(*byte))
}

fn avalanche(mut word: u32) -> u32 {
    word = (word ^ (word >> 16)).wrapping_mul(0x85eb_ca6b);
    word = (word ^ (word >> 13)).wrapping_mul(0xc2b2_ae35);
    word ^ (word >> 16)
}
