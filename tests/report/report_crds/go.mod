// The CRDs of both kinds of reports travel in these Go modules; the tests read them from there.
module policylib.dev/tests/reports

go 1.26.6

require (
	github.com/kyverno/kyverno v1.19.1
	github.com/openreports/reports-api v0.2.1
)
