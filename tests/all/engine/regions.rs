//! The regions of a subscription: what speaks against one is told, and what could not be read is not known.

use privateaml::{
    domain::{
        region::{Region, RegionOffer},
        settings::Cloud,
    },
    engine::regions::regions,
    practice::Fault,
    template::Template,
};

use super::bench::Bench;

async fn read(faults: &[Fault]) -> Vec<Region> {
    let bench = Bench::with(faults);
    regions(&bench.context(), Template::embedded(), Cloud::Public).await
}

fn of<'a>(regions: &'a [Region], name: &str) -> &'a Region {
    regions.iter().find(|region| region.name == name).unwrap()
}

#[tokio::test]
async fn what_is_offered_can_be_chosen_and_what_is_opened_on_request_is_listed_with_that() {
    let regions = read(&[]).await;
    assert_eq!(of(&regions, "northeurope").offer, RegionOffer::Offered);
    let restricted: Vec<&Region> = regions.iter().filter(|region| region.restricted).collect();
    assert!(!restricted.is_empty());
    for region in &regions {
        assert_eq!(region.refusal().is_some(), region.restricted, "{}", region.name);
    }
    let (reason, next) = restricted[0].refusal().unwrap();
    assert!(reason.contains("on request only"), "{reason}");
    assert!(next.contains("ask for access"), "{next}");
}

#[tokio::test]
async fn a_region_that_is_not_offered_or_lacks_a_service_is_listed_with_the_reason() {
    let regions = read(&[Fault::RegionNotOffered]).await;
    assert_eq!(of(&regions, "northeurope").refusal(), None);
    let (reason, _) = of(&regions, "westeurope").refusal().unwrap();
    assert_eq!(reason, "not offered to this subscription");

    let regions = read(&[Fault::RegionLacksLearning]).await;
    assert_eq!(of(&regions, "westeurope").refusal(), None);
    let (reason, next) = of(&regions, "northeurope").refusal().unwrap();
    assert_eq!(reason, "does not offer Microsoft.MachineLearningServices/workspaces");
    assert_eq!(next, "Choose another region.");
}

#[tokio::test]
async fn a_type_that_a_choice_leaves_out_keeps_no_region_back() {
    let regions = read(&[Fault::NoSchedules]).await;
    assert_eq!(of(&regions, "westeurope").offer, RegionOffer::Offered);
}

#[tokio::test]
async fn what_could_not_be_read_speaks_against_no_region() {
    let regions = read(&[Fault::UnreadableChecks]).await;
    assert!(regions.len() > 20, "the program's own list stands");
    for region in &regions {
        assert_eq!(region.refusal(), None, "{}", region.name);
        assert!(region.doubt().is_some(), "{}", region.name);
    }
}
