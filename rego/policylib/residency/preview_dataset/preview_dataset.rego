# METADATA
# title: A preview uses masked data of its own region
# description: >-
#   Values that route a preview to datasets name the preview's region, and each dataset is one that
#   is masked and lies in that very region.
# scope: package
# related_resources:
#   - https://gdpr-info.eu/art-25-gdpr/
#   - https://csrc.nist.gov/pubs/sp/800/122/final
# custom:
#   introduced: 0.1.0
#   severity: medium
#   remediation: >-
#     Name one region beside datasets, and for each dataset a masked one of that region: one that
#     residency.preview_datasets lists for it, or masked-REGION.
#   controls:
#     - GDPR, Articles 25 and 32
#     - NIST SP 800-53, SA-3(2)
#     - ISO/IEC 27001, A.8.33
#   parameters:
#     type: object
#     additionalProperties: false
#     properties:
#       preview_datasets:
#         description: >-
#           For each region, the masked datasets that a preview in it may use. In a region that is not here
#           they are masked-REGION, and masked-REGION without the number at its end.
#         type: object
#         additionalProperties:
#           type: array
#           tighter: fewer
#           items: {type: string, minLength: 1}
#           uniqueItems: true
#         default: {}
#   gatekeeper:
#     kind: K8sPreviewDataset
#     match:
#       kinds:
#         - apiGroups: [policylib.dev]
#           kinds: [HelmValues]
package policylib.residency.preview_dataset

import rego.v1

import data.policylib.lib.masked
import data.policylib.lib.phrases
import data.policylib.lib.pointer
import data.policylib.lib.read
import data.policylib.lib.regions
import data.policylib.lib.review.document
import data.policylib.lib.review.kind

# The values that route a preview, by pointer: those of the chart, and those of its subchart.
previews[path] := values if {
	kind == "helmvalues"
	some path, at in {"/values": ["values"], "/values/preview": ["values", "preview"]}
	values := read.dig(document, at, null)
	"datasets" in keys(values)
}

violation contains {"msg": msg, "details": {"path": concat("", [path, "/region"]), "region": phrases.text(region)}} if {
	some path, values in previews
	region := read.at(values, "region", null)
	not regions.region(region)
	msg := concat(" ", ["a preview has one known region, and this is", phrases.named(region)])
}

violation contains {"msg": "a preview names its datasets, one by one", "details": {"path": concat("", [path, "/datasets"])}} if {
	some path, values in previews
	count(read.object_at(values, "datasets")) == 0
}

violation contains {"msg": msg, "details": {"path": pointer.join(path, ["datasets", key]), "dataset": phrases.text(dataset)}} if {
	some path, values in previews
	some key, dataset in read.object_at(values, "datasets")
	region := regions.region(values.region)
	permitted := masked.datasets(region)
	not has(permitted, dataset)
	words := [phrases.named(dataset), region, masked.listing(permitted)]
	msg := sprintf("the dataset is %s, and the masked ones of %s are %s", words)
}

keys(x) := object.keys(x) if is_object(x)

has(values, value) if value in values
