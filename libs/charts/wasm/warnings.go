package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
)

// logged turns what Helm logs during one call into the warnings of its answer.
var logged = &warningLog{}

const maxWarnings = 50

type warningLog struct{ lines []string }

func (*warningLog) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelInfo }

func (w *warningLog) Handle(_ context.Context, record slog.Record) error {
	if len(w.lines) >= maxWarnings {
		return nil
	}
	var line strings.Builder
	line.WriteString(record.Message)
	record.Attrs(func(attribute slog.Attr) bool {
		fmt.Fprintf(&line, " %s=%v", attribute.Key, attribute.Value)
		return true
	})
	w.lines = append(w.lines, line.String())
	return nil
}

func (w *warningLog) WithAttrs([]slog.Attr) slog.Handler { return w }

func (w *warningLog) WithGroup(string) slog.Handler { return w }
