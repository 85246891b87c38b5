// Kubeyaml reads manifests as kubectl and the API server do, for tests that compare.
//
// Each line of standard input is one file in base64. For each a line of JSON is written: the
// documents up to the first error, and that error.
package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"unicode"

	goyaml "go.yaml.in/yaml/v2"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/yaml"
	kjson "sigs.k8s.io/json"
)

// kubectlBuffer is the size that kubectl gives to the decoder of a stream.
const kubectlBuffer = 4096

type answer struct {
	Documents []any  `json:"documents"`
	Error     string `json:"error,omitempty"`
	// Unread says that kubectl ignores some text after the first YAML document of a chunk.
	Unread bool `json:"unread"`
}

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "kubeyaml:", err)
		os.Exit(1)
	}
}

func run(in io.Reader, out io.Writer) error {
	reader := bufio.NewReaderSize(in, 1<<20)
	writer := bufio.NewWriterSize(out, 1<<20)
	encoder := json.NewEncoder(writer)
	for {
		line, err := reader.ReadBytes('\n')
		if errors.Is(err, io.EOF) && len(line) == 0 {
			return writer.Flush()
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		file, err := base64.StdEncoding.DecodeString(string(bytes.TrimSpace(line)))
		if err != nil {
			return err
		}
		result := read(file)
		result.Unread = unread(file)
		if err := encoder.Encode(result); err != nil {
			return err
		}
		if reader.Buffered() == 0 {
			if err := writer.Flush(); err != nil {
				return err
			}
		}
	}
}

// read decodes a file as kubectl's StreamVisitor does, then each document as the API server does.
func read(file []byte) (result answer) {
	result.Documents = []any{}
	defer func() {
		if reason := recover(); reason != nil {
			result.Error = fmt.Sprint("panic: ", reason)
		}
	}()
	decoder := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(file), kubectlBuffer)
	for {
		raw := runtime.RawExtension{}
		if err := decoder.Decode(&raw); err != nil {
			if !errors.Is(err, io.EOF) {
				result.Error = err.Error()
			}
			return result
		}
		text := bytes.TrimSpace(raw.Raw)
		if len(text) == 0 || bytes.Equal(text, []byte("null")) {
			continue
		}
		var document any
		if err := kjson.UnmarshalCaseSensitivePreserveInts(text, &document); err != nil {
			result.Error = err.Error()
			return result
		}
		result.Documents = append(result.Documents, document)
	}
}

// unread tells whether a chunk between separators holds more than the one document that is read.
func unread(file []byte) (found bool) {
	defer func() {
		if recover() != nil {
			found = true
		}
	}()
	reader := yaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(file)))
	for {
		chunk, err := reader.Read()
		if err != nil {
			return !errors.Is(err, io.EOF)
		}
		if goesOn(chunk) || yaml.IsJSONBuffer(chunk) && goesOn(afterJSON(chunk)) {
			return true
		}
	}
}

// goesOn tells whether something follows the first YAML document of a text.
func goesOn(text []byte) bool {
	decoder := goyaml.NewDecoder(bytes.NewReader(text))
	var first, second any
	return decoder.Decode(&first) == nil && !errors.Is(decoder.Decode(&second), io.EOF)
}

// afterJSON is what follows the JSON values at the start of a chunk.
func afterJSON(chunk []byte) []byte {
	decoder := json.NewDecoder(bytes.NewReader(chunk))
	for {
		offset := decoder.InputOffset()
		var value json.RawMessage
		if decoder.Decode(&value) != nil {
			return bytes.TrimLeftFunc(chunk[offset:], unicode.IsSpace)
		}
	}
}
