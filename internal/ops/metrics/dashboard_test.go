package metrics

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/ops/control"
)

var (
	metricName = regexp.MustCompile(`\b(?:simplex_lua|go|process)_[a-z_]+\b`)
	helpLine   = regexp.MustCompile(`(?m)^# TYPE (\S+) (\S+)$`)
	byLabels   = regexp.MustCompile(`by \(([a-z, ]+)\)`)
	selector   = regexp.MustCompile(`([a-z_]+)\{([^}]*)\}`)
	matcher    = regexp.MustCompile(`([a-z]+)(?:=~|!~|!=|=)"`)
)

// names returns the series there are, by name with the labels of one.
func names(t *testing.T) map[string]string {
	t.Helper()
	r := New(Options{Version: "1", MemoryLimit: func() int64 { return 1 }})
	b := r.Bot("b")
	b.Handler("h")(time.Second, true)
	r.Watch("b", func() control.Status { return control.Status{} })
	text := scrape(t, r)
	known := map[string]string{}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		name, labels, _ := strings.Cut(strings.Fields(line)[0], "{")
		known[name] = labels
	}
	for _, m := range helpLine.FindAllStringSubmatch(text, -1) {
		if _, ok := known[m[1]]; !ok && m[2] != "histogram" && m[2] != "summary" {
			t.Errorf("%s has no series", m[1])
		}
	}
	return known
}

// TestDashboard holds the queries of the dashboard against the metrics there
// are, and requires that it shows all of ours.
func TestDashboard(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "deploy", "grafana.json"))
	if err != nil {
		t.Fatal(err)
	}
	var board struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(text, &board); err != nil {
		t.Fatal(err)
	}
	known, shown := names(t), map[string]bool{}
	for _, p := range board.Panels {
		if len(p.Targets) == 0 {
			t.Errorf("%s has no query", p.Title)
		}
		for _, q := range p.Targets {
			found := metricName.FindAllString(q.Expr, -1)
			if len(found) != 1 {
				t.Errorf("%s: %d metrics in %s, want one", p.Title, len(found), q.Expr)
				continue
			}
			labels, ok := known[found[0]]
			if !ok && (runtime.GOOS == "linux" || !strings.HasPrefix(found[0], "process_")) {
				t.Errorf("%s: there is no metric %s", p.Title, found[0])
			}
			shown[strings.TrimSuffix(strings.TrimSuffix(found[0], "_bucket"), "_count")] = true
			for _, by := range byLabels.FindAllStringSubmatch(q.Expr, -1) {
				for label := range strings.SplitSeq(by[1], ", ") {
					if !strings.Contains(labels, label+"=") {
						t.Errorf("%s: %s has no label %s", p.Title, found[0], label)
					}
				}
			}
			for _, sel := range selector.FindAllStringSubmatch(q.Expr, -1) {
				for _, m := range matcher.FindAllStringSubmatch(sel[2], -1) {
					if m[1] != "job" && !strings.Contains(labels, m[1]+"=") {
						t.Errorf("%s: %s has no label %s", p.Title, sel[1], m[1])
					}
				}
			}
		}
	}
	for name := range known {
		base := name
		for _, part := range []string{"_bucket", "_count", "_sum"} {
			base = strings.TrimSuffix(base, part)
		}
		if strings.HasPrefix(name, prefix) && !shown[base] {
			t.Errorf("the dashboard does not show %s", base)
		}
	}
}

// TestDocumented holds the table of docs/operating.md against the metrics.
func TestDocumented(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "operating.md"))
	if err != nil {
		t.Fatal(err)
	}
	known := names(t)
	told := map[string]bool{}
	for _, name := range regexp.MustCompile("`(simplex_lua_[a-z_]+)`").FindAllStringSubmatch(string(text), -1) {
		told[name[1]] = true
		if _, ok := known[name[1]]; !ok {
			if _, histogram := known[name[1]+"_count"]; !histogram {
				t.Errorf("docs/operating.md tells of %s, which there is not", name[1])
			}
		}
	}
	for name := range known {
		for _, part := range []string{"_bucket", "_count", "_sum"} {
			name = strings.TrimSuffix(name, part)
		}
		if strings.HasPrefix(name, prefix) && !told[name] {
			t.Errorf("docs/operating.md does not tell of %s", name)
		}
	}
}
