"""What the names of places mean, to generators and to the oracle: apart from the rules' tables.

By hand, from what AWS, Google Cloud and Azure publish: regions, zones, what they display,
multi-regions, paired regions, and the hosts that tell a region. Every other name is unknown.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping

_AWS = """
us-east-1 US East (N. Virginia); us-east-2 US East (Ohio); us-west-1 US West (N. California);
us-west-2 US West (Oregon); us-gov-east-1 AWS GovCloud (US-East);
us-gov-west-1 AWS GovCloud (US-West);
us-iso-east-1 US ISO East; us-iso-west-1 US ISO West; us-isob-east-1 US ISOB East (Ohio);
us-isob-west-1 US ISOB West; us-isof-east-1 US ISOF East; us-isof-south-1 US ISOF South;
eu-isoe-west-1 EU ISOE West; ca-central-1 Canada (Central); ca-west-1 Canada West (Calgary);
mx-central-1 Mexico (Central); sa-east-1 South America (Sao Paulo); sa-west-1 South America (Chile);
eu-west-1 Europe (Ireland); eu-west-2 Europe (London); eu-west-3 Europe (Paris);
eu-central-1 Europe (Frankfurt); eu-central-2 Europe (Zurich); eu-north-1 Europe (Stockholm);
eu-south-1 Europe (Milan); eu-south-2 Europe (Spain);
eusc-de-east-1 AWS European Sovereign Cloud (Germany); il-central-1 Israel (Tel Aviv);
me-central-1 Middle East (UAE); me-south-1 Middle East (Bahrain);
me-west-1 Middle East (Saudi Arabia); af-south-1 Africa (Cape Town);
ap-east-1 Asia Pacific (Hong Kong); ap-east-2 Asia Pacific (Taipei);
ap-south-1 Asia Pacific (Mumbai); ap-south-2 Asia Pacific (Hyderabad);
ap-northeast-1 Asia Pacific (Tokyo); ap-northeast-2 Asia Pacific (Seoul);
ap-northeast-3 Asia Pacific (Osaka); ap-southeast-1 Asia Pacific (Singapore);
ap-southeast-2 Asia Pacific (Sydney); ap-southeast-3 Asia Pacific (Jakarta);
ap-southeast-4 Asia Pacific (Melbourne); ap-southeast-5 Asia Pacific (Malaysia);
ap-southeast-6 Asia Pacific (New Zealand); ap-southeast-7 Asia Pacific (Thailand);
cn-north-1 China (Beijing); cn-northwest-1 China (Ningxia)
"""

_GOOGLE = """
africa-south1 asia-east1 asia-east2 asia-northeast1 asia-northeast2 asia-northeast3 asia-south1
asia-south2 asia-southeast1 asia-southeast2 asia-southeast3 australia-southeast1
australia-southeast2 europe-central2 europe-north1 europe-north2 europe-southwest1 europe-west1
europe-west2 europe-west3 europe-west4 europe-west6 europe-west8 europe-west9 europe-west10
europe-west12 europe-west15 me-central1 me-central2 me-west1 northamerica-northeast1
northamerica-northeast2 northamerica-south1 southamerica-east1 southamerica-west1 us-central1
us-central2 us-east1 us-east4 us-east5 us-east7 us-south1 us-west1 us-west2 us-west3 us-west4
us-west8
"""

_AZURE = """
Australia Central; Australia Central 2; Australia East; Australia Southeast; Austria East;
Belgium Central; Brazil South; Brazil Southeast; Canada Central; Canada East; Central India;
Central US; Chile Central; China East; China East 2; China East 3; China North; China North 2;
China North 3; Denmark East; East Asia; East US; East US 2; France Central; France South;
Germany North; Germany West Central; Indonesia Central; Israel Central; Italy North; Japan East;
Japan West; Jio India Central; Jio India West; Korea Central; Korea South; Malaysia West;
Mexico Central; New Zealand North; North Central US; North Europe; Norway East; Norway West;
Poland Central; Qatar Central; South Africa North; South Africa West; South Central US;
South India; Southeast Asia; Spain Central; Sweden Central; Sweden South; Switzerland North;
Switzerland West; UAE Central; UAE North; UK South; UK West; US DoD Central; US DoD East;
US Gov Arizona; US Gov Texas; US Gov Virginia; West Central US; West Europe; West India; West US;
West US 2; West US 3
"""


def _pairs(text: str) -> dict[str, str]:
    entries = " ".join(text.split()).split("; ")
    return {name: shown for name, _, shown in (entry.partition(" ") for entry in entries)}


AWS: Mapping[str, str] = _pairs(_AWS)
"""The regions of AWS and what it displays."""

GOOGLE = tuple(_GOOGLE.split())
"""The regions of Google Cloud."""

AZURE: Mapping[str, str] = {
    shown.lower().replace(" ", ""): shown for shown in " ".join(_AZURE.split()).split("; ")
}
"""The regions of Azure and what it displays."""

_PAIRED = """
australiacentral australiacentral2; australiaeast australiasoutheast; canadacentral canadaeast;
centralindia southindia; centralus eastus2; chinaeast chinanorth; chinaeast2 chinanorth2;
chinaeast3 chinanorth3; eastasia southeastasia; eastus westus; francecentral francesouth;
germanynorth germanywestcentral; japaneast japanwest; jioindiacentral jioindiawest;
koreacentral koreasouth; northcentralus southcentralus; northeurope westeurope;
norwayeast norwaywest; southafricanorth southafricawest; swedencentral swedensouth;
switzerlandnorth switzerlandwest; uaecentral uaenorth; uksouth ukwest; usdodcentral usdodeast;
westcentralus westus2
"""

PAIRS: Mapping[str, str] = {
    **_pairs(_PAIRED),
    **{far: near for near, far in _pairs(_PAIRED).items()},
    "brazilsouth": "southcentralus",
    "brazilsoutheast": "brazilsouth",
    "usgovarizona": "usgovtexas",
    "usgovtexas": "usgovvirginia",
    "usgovvirginia": "usgovtexas",
    "westindia": "southindia",
    "westus3": "eastus",
}
"""The regions of Azure that have a pair, and where their geo-redundant copies lie."""


def _starting(start: str, *, without: tuple[str, ...] = ()) -> frozenset[str]:
    return frozenset(name for name in GOOGLE if name.startswith(start) and name not in without)


MULTI: Mapping[str, frozenset[str]] = {
    "asia": _starting("asia-"),
    "eu": _starting("europe-", without=("europe-west2", "europe-west6")),
    "europe": _starting("europe-"),
    "us": _starting("us-"),
    "asia1": frozenset({"asia-northeast1", "asia-northeast2"}),
    "eur3": frozenset({"europe-west1", "europe-west4", "europe-north1"}),
    "eur4": frozenset({"europe-north1", "europe-west4"}),
    "eur5": frozenset({"europe-west1", "europe-west2"}),
    "eur7": frozenset({"europe-west2", "europe-west3"}),
    "eur8": frozenset({"europe-west3", "europe-west6"}),
    "nam4": frozenset({"us-central1", "us-east1"}),
    "nam5": frozenset({"us-central1", "us-central2", "us-east1"}),
    "nam7": frozenset({"us-central1", "us-central2", "us-east4"}),
}
"""Google's multi- and dual-regions, with the regions that each consists of."""

WORLD = frozenset(
    {
        *("global", "aws-global", "aws-cn-global", "aws-us-gov-global"),
        *("aws-iso-global", "aws-iso-b-global", "aws-iso-e-global", "aws-iso-f-global"),
    }
)
"""What is no region at all."""

_SHOWN = {
    **{shown.lower(): name for name, shown in AWS.items()},
    **{shown.lower().replace("europe (", "eu ("): name for name, shown in AWS.items()},
    **{shown.lower(): name for name, shown in AZURE.items()},
}
_ZONES = (
    (re.compile(r"(.+[0-9])[a-z]"), AWS),
    (re.compile(r"(.+[0-9])-[a-z]"), GOOGLE),
    (re.compile(r"([a-z]+[0-9]?)-[1-9]"), AZURE),
)
_OUTPOST = re.compile(r"((.+-[0-9])-(?:[a-z]{3}-[0-9]+|wl[0-9]+-[a-z]{3}-wlz-[0-9]+))[a-z]?")
_HOST = re.compile(r"(?:[a-z0-9_-]+\.)+[a-z]+")
_HOSTS = (
    (
        re.compile(
            r"(?:(.+)\.)?(?:amazonaws\.com(?:\.cn)?|amazonaws\.eu|api\.aws|on\.aws|awsapprunner\.com"
            r"|elasticbeanstalk\.com|compute\.internal|cloudfront\.net|awsglobalaccelerator\.com)"
        ),
        re.compile(r"(?:s3-(?:website-)?)?(.+)"),
        AWS,
    ),
    (
        re.compile(r"(?:(.+)\.)?(?:run\.app|pkg\.dev|cloudfunctions\.net|googleapis\.com)"),
        re.compile(r"([a-z]+-[a-z]+[0-9]+)(?:-[a-z0-9-]+)?"),
        GOOGLE,
    ),
    (
        re.compile(
            r"(?:(.+)\.)?(?:azmk8s\.io|azurecontainer\.io|azurecontainerapps\.io|azureedge\.net"
            r"|azurefd\.net|cloudapp\.azure\.com|trafficmanager\.net)"
        ),
        re.compile(r"(.+)"),
        AZURE,
    ),
)
_SERVICES = frozenset(
    {
        *("airflow", "aoss", "compute", "docdb", "eks", "elb", "es", "neptune", "rds", "redshift"),
        *("redshift-serverless", "rep", "vpce"),
    }
)


@functools.cache
def meaning(name: str) -> str | None:
    """The place that a name stands for, in lower case; nothing for what is unknown."""
    text = name.lower()
    if text in AWS or text in GOOGLE or text in AZURE or text in MULTI or text in WORLD:
        return text
    if text in _SHOWN:
        return _SHOWN[text]
    for pattern, regions in _ZONES:
        found = pattern.fullmatch(text)
        if found and found[1] in regions:
            return found[1]
    outpost = _OUTPOST.fullmatch(text)
    if outpost and outpost[2] in AWS:
        return outpost[1]
    return _of_host(text)


def _of_host(text: str) -> str | None:
    """The region of a provider's host: the label before its suffix, or before that of a service.

    A host of a provider that tells none serves the world, and is called by its own name.
    """
    if not _HOST.fullmatch(text):
        return None
    for suffix, form, regions in _HOSTS:
        found = suffix.fullmatch(text)
        if not found:
            continue
        labels = (found[1] or "").split(".")
        if labels[-1] in _SERVICES and len(labels) > 1:
            labels.pop()
        region = form.fullmatch(labels[-1])
        return region[1] if region and region[1] in regions else text
    return None


def parts(place: str) -> frozenset[str]:
    """The regions that a place consists of; itself, where it is no multi-region."""
    return MULTI.get(place, frozenset({place}))


def covers(entries: Iterable[str], place: str) -> bool:
    """Whether a list permits a place: by its name, or every region that it consists of."""
    known = {meaning(entry) for entry in entries}
    found = meaning(place)
    return found is not None and (found in known or parts(found) <= known)


@functools.cache
def spellings(place: str) -> tuple[str, ...]:
    """How a place is written, the simplest first."""
    found = [place, place.upper()]
    if place in AWS:
        shown = AWS[place]
        found += [f"{place}b", shown, shown.replace("Europe (", "EU (")]
        found.append(f"s3.{place}.amazonaws.com")
    elif place in AZURE:
        found += [f"{place}-2", AZURE[place]]
    elif place in GOOGLE:
        found += [f"{place}-c", f"{place}-docker.pkg.dev"]
    return tuple(dict.fromkeys(text for text in found if meaning(text) == place))
