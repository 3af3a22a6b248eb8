// Helm's own chart loader, template engine and release encoding as a WebAssembly module.
//
// The host writes a JSON request (and, where the operation needs it, a chart archive) into the module's memory and
// calls `call`; the answer is JSON as well. The module has no file system, no network and no environment.
package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"runtime/debug"
	"text/template"
	"unsafe"

	"helm.sh/helm/v4/pkg/engine"
	releaseutil "helm.sh/helm/v4/pkg/release/v1/util"
	"shipit/helm/plainyaml"
)

// A request names one operation; each operation reads its own fields from the same document.
type request struct {
	Operation string `json:"operation"`
}

// A failure that the host shows as it is. Code tells the host what kind of failure it was.
type failure struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

func (f *failure) Error() string { return f.Message }

type answer struct {
	Result   any      `json:"result,omitempty"`
	Failure  *failure `json:"failure,omitempty"`
	Warnings []string `json:"warnings,omitempty"`
}

var operations = map[string]func(body, blob []byte) (any, error){
	"render":        operation(render),
	"encodeRelease": operation(encodeRelease),
	"updateRelease": operation(updateRelease),
	"decodeRelease": operation(decodeRelease),
	"inspectChart":  operation(inspectChart),
	"findInIndex":   operation(findInIndex),
	"newestVersion": operation(newestVersion),
}

// operation gives a typed function the shape of the table above.
func operation[In any](run func(In, []byte) (any, error)) func(body, blob []byte) (any, error) {
	return func(body, blob []byte) (any, error) {
		var in In
		if err := json.Unmarshal(body, &in); err != nil {
			return nil, &failure{Code: "request", Message: err.Error()}
		}
		return run(in, blob)
	}
}

func answerTo(body, blob []byte) (out answer) {
	logged.lines = nil
	position(0, "", 0)
	defer func() {
		if r := recover(); r != nil {
			out = answer{Failure: &failure{Code: "panic", Message: fmt.Sprint(r)}}
		}
		out.Warnings = logged.lines
		documentsRead = nil
	}()
	var head request
	if err := json.Unmarshal(body, &head); err != nil {
		return answer{Failure: &failure{Code: "request", Message: err.Error()}}
	}
	run, ok := operations[head.Operation]
	if !ok {
		return answer{Failure: &failure{Code: "request", Message: "unknown operation " + head.Operation}}
	}
	result, err := run(body, blob)
	if err == nil {
		return answer{Result: result}
	}
	if f, ok := err.(*failure); ok {
		return answer{Failure: f}
	}
	return answer{Failure: &failure{Code: "chart", Message: err.Error()}}
}

// Buffers in use by the host, kept so that the collector leaves them alone.
var buffers = map[uintptr][]byte{}

//go:wasmexport alloc
func alloc(size uint32) unsafe.Pointer {
	buffer := make([]byte, max(size, 1))
	pointer := unsafe.Pointer(unsafe.SliceData(buffer))
	buffers[uintptr(pointer)] = buffer
	return pointer
}

//go:wasmexport free
func free(pointer unsafe.Pointer) { delete(buffers, uintptr(pointer)) }

// call answers with pointer << 32 | length; the host frees the three buffers.
//
//go:wasmexport call
func call(body unsafe.Pointer, bodySize uint32, blob unsafe.Pointer, blobSize uint32) uint64 {
	out := answerTo(unsafe.Slice((*byte)(body), bodySize), unsafe.Slice((*byte)(blob), blobSize))
	text, err := json.Marshal(out)
	if err != nil {
		text, _ = json.Marshal(answer{Failure: &failure{Code: "chart", Message: err.Error()}})
	}
	pointer := alloc(uint32(len(text)))
	copy(buffers[uintptr(pointer)], text)
	return uint64(uintptr(pointer))<<32 | uint64(len(text))
}

// position tells the host where a chart is, for its message when this module is ended or dies: depth 1 is a file that is
// rendered or read, more what it includes, 0 nothing. Line 0 is the file as a whole.
//
//go:wasmimport shipit position
func position(depth int32, file string, line int32)

// init and not main: a reactor has no main.
func init() {
	// Not part of Go: see build.mjs.
	template.Position = func(depth int, file string, line int) { position(int32(depth), file, int32(line)) }
	slog.SetDefault(slog.New(logged))
	engine.MarshalYAML = plainyaml.Marshal
	releaseutil.ReadHead = readHead
	// Below the module's memory maximum, so that the collector works harder before the memory ends.
	debug.SetMemoryLimit(400 << 20)
	ballast = make([]byte, 24<<20)
}

// The collector runs each time the memory in use has doubled. With this it counts as more than the little that it is.
// Nothing touches it, so that it takes none of the machine's memory; of what a chart may have it does.
var ballast []byte

func main() {}
