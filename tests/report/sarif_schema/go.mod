// The official SARIF 2.1.0 schema travels in this Go module; the tests read it from there.
module policylib.dev/tests/sarif

go 1.24

require github.com/owenrumney/go-sarif/v3 v3.3.1
