package sim_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var differencesFile = filepath.Join("testdata", "replay", "differences.txt")

const differencesHead = `# Where the simulator still differs from what was recorded, and why. TestReplay fails for any other difference, and for
# one that is gone. To write the list anew: go test ./internal/sim -run TestReplay -update
# A new difference then has the reason "?", which fails until one is written in its place.
`

// noReason stands where a reason is to be written.
const noReason = "?"

// section is what differs in one conversation; nil is one without differences.
type section struct {
	agree, steps int
	reasons      []string // in the order of the file
	differences  map[string][]string
}

var sectionHead = regexp.MustCompile(`^(\S+): (\d+) of (\d+) steps agree$`)

// readDifferences reads the list: names of conversations at the beginning of a
// line, reasons behind two spaces, differences behind four.
func readDifferences(t *testing.T) map[string]*section {
	t.Helper()
	text, err := os.ReadFile(differencesFile)
	must(t, err)
	list := map[string]*section{}
	var s *section
	reason := ""
	for i, l := range strings.Split(string(text), "\n") {
		m := sectionHead.FindStringSubmatch(l)
		switch {
		case l == "" || strings.HasPrefix(l, "#"):
		case m != nil:
			s, reason = &section{differences: map[string][]string{}}, ""
			s.agree, _ = strconv.Atoi(m[2])
			s.steps, _ = strconv.Atoi(m[3])
			list[m[1]] = s
		case s != nil && reason != "" && strings.HasPrefix(l, "    "):
			s.differences[reason] = append(s.differences[reason], l[4:])
		case s != nil && strings.HasPrefix(l, "  "):
			reason = l[2:]
			s.reasons = append(s.reasons, reason)
		default:
			t.Fatalf("%s:%d: want a conversation, a reason or a difference", differencesFile, i+1)
		}
	}
	return list
}

func (s *section) all() (all []string) {
	if s != nil {
		for _, r := range s.reasons {
			all = append(all, s.differences[r]...)
		}
	}
	return all
}

// compare fails for each difference that is not in the list, and the reverse.
func (s *section) compare(t *testing.T, v verdict) {
	t.Helper()
	left := s.all()
	for _, d := range v.differences {
		if i := slices.Index(left, d); i >= 0 {
			left = slices.Delete(left, i, i+1)
			continue
		}
		t.Errorf("differs, and is not in %s: %s", differencesFile, d)
	}
	for _, d := range left {
		t.Errorf("differs no longer, take it out of %s: %s", differencesFile, d)
	}
	if s == nil {
		return
	}
	if s.agree != v.agree || s.steps != v.steps {
		t.Errorf("%d of %d steps agree; %s says %d of %d", v.agree, v.steps, differencesFile, s.agree, s.steps)
	}
	if slices.Contains(s.reasons, noReason) {
		t.Errorf("%s: write the reason in place of %q", differencesFile, noReason)
	}
}

// updated is the section of a new verdict, with the reasons of this one.
func (s *section) updated(v verdict) *section {
	if len(v.differences) == 0 {
		return nil
	}
	fresh := &section{agree: v.agree, steps: v.steps, differences: map[string][]string{}}
	known := map[string]string{}
	if s != nil {
		for _, r := range s.reasons {
			for _, d := range s.differences[r] {
				known[d] = r
			}
		}
	}
	for _, d := range v.differences {
		reason := known[d]
		if reason == "" {
			reason = noReason
		}
		if fresh.differences[reason] == nil {
			fresh.reasons = append(fresh.reasons, reason)
		}
		fresh.differences[reason] = append(fresh.differences[reason], d)
	}
	return fresh
}

func writeDifferences(t *testing.T, names []string, list map[string]*section) {
	var b strings.Builder
	b.WriteString(differencesHead)
	for _, name := range names {
		s := list[name]
		if s == nil {
			continue
		}
		fmt.Fprintf(&b, "\n%s: %d of %d steps agree\n", name, s.agree, s.steps)
		for _, r := range s.reasons {
			b.WriteString("  " + r + "\n")
			for _, d := range s.differences[r] {
				b.WriteString("    " + d + "\n")
			}
		}
	}
	maps.DeleteFunc(list, func(_ string, s *section) bool { return s == nil })
	must(t, os.WriteFile(differencesFile, []byte(b.String()), 0o644))
}
