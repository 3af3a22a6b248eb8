package plainyaml

import (
	"os"
	"strings"
	"testing"
)

func BenchmarkRead(b *testing.B) {
	benchmark(b, func(document string) bool { _, ok := Read(document); return ok })
}

func BenchmarkTheirs(b *testing.B) {
	benchmark(b, func(document string) bool { _, err := theirs(document); return err == nil })
}

func benchmark(b *testing.B, read func(string) bool) {
	text, err := os.ReadFile("testdata/shop.yaml")
	if err != nil {
		b.Fatal(err)
	}
	documents := strings.Split(string(text), "---\n")
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		for _, document := range documents {
			if !read(document) {
				b.Fatalf("not read:\n%s", document)
			}
		}
	}
}
