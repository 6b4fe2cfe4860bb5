//! The codes of findings. A script looks for them, so none is ever renamed or given another meaning.

/// A check could not be carried out.
pub const COULD_NOT_TELL: &str = "COULD_NOT_TELL";
/// No right to create resource groups or deployments.
pub const NO_RIGHT_TO_DEPLOY: &str = "NO_RIGHT_TO_DEPLOY";
/// No right to assign roles.
pub const ROLE_ASSIGNMENT_DENIED: &str = "ROLE_ASSIGNMENT_DENIED";
/// A role is eligible and not activated.
pub const ROLE_NOT_ACTIVATED: &str = "ROLE_NOT_ACTIVATED";
/// A deny assignment takes a right away.
pub const DENY_ASSIGNMENT: &str = "DENY_ASSIGNMENT";
/// A globally unique name is taken.
pub const NAME_TAKEN: &str = "NAME_TAKEN";
/// A deleted key vault keeps the name.
pub const VAULT_DELETED: &str = "VAULT_DELETED";
/// The subscription does not offer the region.
pub const REGION_NOT_OFFERED: &str = "REGION_NOT_OFFERED";
/// The region lacks a resource type.
pub const TYPE_NOT_IN_REGION: &str = "TYPE_NOT_IN_REGION";
/// This Azure does not know an API version of the template.
pub const API_VERSION_NOT_OFFERED: &str = "API_VERSION_NOT_OFFERED";
/// The region does not offer the size.
pub const SIZE_NOT_OFFERED: &str = "SIZE_NOT_OFFERED";
/// The subscription may not use the size there.
pub const SIZE_RESTRICTED: &str = "SIZE_RESTRICTED";
/// The size has no generation 2 or no Trusted Launch.
pub const SIZE_WITHOUT_TRUSTED_LAUNCH: &str = "SIZE_WITHOUT_TRUSTED_LAUNCH";
/// The size has Arm processors.
pub const SIZE_WITHOUT_X64: &str = "SIZE_WITHOUT_X64";
/// Too few cores are left for virtual machines.
pub const CORE_QUOTA: &str = "CORE_QUOTA";
/// Too few cores are left for Azure Machine Learning's computes.
pub const ML_CORE_QUOTA: &str = "ML_CORE_QUOTA";
/// The region does not offer the image.
pub const IMAGE_NOT_OFFERED: &str = "IMAGE_NOT_OFFERED";
/// Too few public addresses are left.
pub const PUBLIC_ADDRESS_LIMIT: &str = "PUBLIC_ADDRESS_LIMIT";
/// Too few networks are left.
pub const NETWORK_LIMIT: &str = "NETWORK_LIMIT";
/// Too few storage accounts are left.
pub const STORAGE_LIMIT: &str = "STORAGE_LIMIT";
/// The address space overlaps the hub or a network connected to it.
pub const HUB_SPOKE_OVERLAP: &str = "HUB_SPOKE_OVERLAP";
/// The address space overlaps a network that may never be connected.
pub const NETWORK_OVERLAP: &str = "NETWORK_OVERLAP";
/// The address space cannot be used.
pub const ADDRESS_SPACE: &str = "ADDRESS_SPACE";
/// The resource group belongs to something else.
pub const GROUP_IN_USE: &str = "GROUP_IN_USE";
/// The resource group is still being deleted.
pub const GROUP_BEING_DELETED: &str = "GROUP_BEING_DELETED";
/// A deleted log workspace would come back with its old logs.
pub const LOGS_DELETED: &str = "LOGS_DELETED";
/// A read-only lock is in the way.
pub const READ_ONLY_LOCK: &str = "READ_ONLY_LOCK";
/// The credential store does not work.
pub const STORE_UNAVAILABLE: &str = "STORE_UNAVAILABLE";
/// The clock of this machine is wrong.
pub const CLOCK_WRONG: &str = "CLOCK_WRONG";
/// A policy denies the deployment.
pub const POLICY_DENIED: &str = "POLICY_DENIED";
/// Azure's validation refuses the deployment for another reason.
pub const AZURE_REFUSES: &str = "AZURE_REFUSES";

/// All codes, each with what it means.
pub const ALL: [(&str, &str); 31] = [
    (NO_RIGHT_TO_DEPLOY, "No permission to create resource groups or deployments"),
    (
        ROLE_ASSIGNMENT_DENIED,
        "No permission to assign roles, which identity-based data access needs",
    ),
    (ROLE_NOT_ACTIVATED, "A role with these permissions is eligible but not activated"),
    (DENY_ASSIGNMENT, "A deny assignment takes a permission away"),
    (NAME_TAKEN, "A globally unique name is taken"),
    (VAULT_DELETED, "A deleted key vault keeps the name"),
    (REGION_NOT_OFFERED, "The subscription does not offer the region"),
    (TYPE_NOT_IN_REGION, "The region does not offer a resource type"),
    (API_VERSION_NOT_OFFERED, "This Azure does not offer an API version of the template"),
    (SIZE_NOT_OFFERED, "The region does not offer the jumpbox size"),
    (SIZE_RESTRICTED, "The subscription cannot use the jumpbox size in the region"),
    (SIZE_WITHOUT_TRUSTED_LAUNCH, "The jumpbox size has no Trusted Launch"),
    (SIZE_WITHOUT_X64, "The jumpbox size has Arm processors, and its image is for x64"),
    (CORE_QUOTA, "Too few virtual machine cores are left"),
    (ML_CORE_QUOTA, "Too few Azure Machine Learning cores are left"),
    (IMAGE_NOT_OFFERED, "The region does not offer the jumpbox image"),
    (PUBLIC_ADDRESS_LIMIT, "Too few public IP addresses are left"),
    (NETWORK_LIMIT, "Too few virtual networks are left"),
    (STORAGE_LIMIT, "Too few storage accounts are left"),
    (HUB_SPOKE_OVERLAP, "The address space overlaps the hub, or a network connected to it"),
    (
        NETWORK_OVERLAP,
        "The address space overlaps a network; whether the two will be connected is not known",
    ),
    (ADDRESS_SPACE, "The address space cannot be used"),
    (GROUP_IN_USE, "The resource group belongs to something else"),
    (GROUP_BEING_DELETED, "The resource group is still being deleted"),
    (LOGS_DELETED, "A deleted log workspace of this name would come back with its logs"),
    (READ_ONLY_LOCK, "A read-only lock is in the way"),
    (STORE_UNAVAILABLE, "The password store does not work"),
    (CLOCK_WRONG, "The clock of this machine differs from Azure's by more than five minutes"),
    (POLICY_DENIED, "A policy denies the deployment"),
    (AZURE_REFUSES, "Azure's own validation refuses the deployment"),
    (COULD_NOT_TELL, "The check could not be carried out"),
];

/// The code for one of Azure's own with its message, so that the same cause has the same code whoever found it. What may
/// have several causes is told apart by the message.
pub fn of_azure(azure: &str, message: &str) -> &'static str {
    let message = message.to_lowercase();
    match azure {
        "RequestDisallowedByPolicy" | "PolicyViolation" => POLICY_DENIED,
        "SkuNotAvailable" => SIZE_RESTRICTED,
        "QuotaExceeded" => CORE_QUOTA,
        "OperationNotAllowed" if message.contains("cores quota") => CORE_QUOTA,
        "StorageAccountAlreadyTaken" | "VaultAlreadyExists" => NAME_TAKEN,
        "AlreadyInUse" if message.contains("registry") => NAME_TAKEN,
        "ConflictError" if message.contains("deleted state") => VAULT_DELETED,
        "LocationNotAvailableForResourceType" => TYPE_NOT_IN_REGION,
        "NoRegisteredProviderFound" => API_VERSION_NOT_OFFERED,
        "AuthorizationFailed" if message.contains("roleassignments/write") => {
            ROLE_ASSIGNMENT_DENIED
        }
        "AuthorizationFailed" => NO_RIGHT_TO_DEPLOY,
        "ScopeLocked" => READ_ONLY_LOCK,
        _ => AZURE_REFUSES,
    }
}
