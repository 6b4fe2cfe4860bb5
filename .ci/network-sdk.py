"""Makes a network and a public address on the practice cloud with Microsoft's network SDK, and waits for each to its end.

network-sdk.py URL CA_FILE SUBSCRIPTION GROUP
"""

import json
import ssl
import sys
import time
import urllib.parse
import urllib.request

from azure.core.credentials import AccessToken
from azure.mgmt.network import NetworkManagementClient

url, authority, subscription, group = sys.argv[1:]
tenant = "00000000-0000-4000-8000-00000000a111"


class Practice:
    """Signs in as an application; the practice directory takes every secret."""

    def get_token(self, *scopes, **_):
        form = {
            "grant_type": "client_credentials",
            "client_id": "11111111-1111-4111-8111-111111111111",
            "client_secret": "not-a-secret",
            "scope": scopes[0],
        }
        request = urllib.request.Request(
            f"{url}/{tenant}/oauth2/v2.0/token", urllib.parse.urlencode(form).encode()
        )
        trust = ssl.create_default_context(cafile=authority)
        with urllib.request.urlopen(request, context=trust) as answer:
            token = json.load(answer)
        return AccessToken(token["access_token"], int(time.time()) + token["expires_in"])


client = NetworkManagementClient(
    Practice(),
    subscription,
    base_url=url,
    credential_scopes=["https://management.core.windows.net/.default"],
    connection_verify=authority,
    polling_interval=1,
)
network = client.virtual_networks.begin_create_or_update(
    group,
    "vnet-sdk",
    {
        "location": "westeurope",
        "properties": {"addressSpace": {"addressPrefixes": ["10.70.0.0/16", "fd00:db8:deca::/48"]}},
    },
).result()
assert network.provisioning_state == "Succeeded", network
address = client.public_ip_addresses.begin_create_or_update(
    group,
    "pip-sdk",
    {
        "location": "westeurope",
        "sku": {"name": "Standard"},
        "properties": {"publicIPAllocationMethod": "Static"},
    },
).result()
assert address.provisioning_state == "Succeeded" and address.ip_address, address
client.virtual_networks.begin_delete(group, "vnet-sdk").result()
assert "vnet-sdk" not in [each.name for each in client.virtual_networks.list(group)]
print("the network SDK works against the practice cloud")
