package main

import (
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/bottest"
)

// The elements of a JUnit report that its readers agree on.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Time     string       `xml:"time,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Time     string      `xml:"time,attr"`
		Cases    []junitCase `xml:"testcase"`
		took     time.Duration
	}
	junitCase struct {
		Name      string        `xml:"name,attr"`
		Class     string        `xml:"classname,attr"`
		File      string        `xml:"file,attr"`
		Line      int           `xml:"line,attr,omitempty"`
		Time      string        `xml:"time,attr"`
		Failure   *junitFailure `xml:"failure,omitempty"`
		SystemOut string        `xml:"system-out,omitempty"`
	}
	junitFailure struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

// writeJUnit writes a report with one suite per file of tests.
func writeJUnit(path string, results []bottest.Result, took time.Duration) error {
	report := junitSuites{Tests: len(results), Time: seconds(took)}
	suites := map[string]int{}
	for _, r := range results {
		i, known := suites[r.File]
		if !known {
			i = len(report.Suites)
			suites[r.File] = i
			report.Suites = append(report.Suites, junitSuite{Name: filepath.ToSlash(r.File)})
		}
		s := &report.Suites[i]
		c := junitCase{
			Name: caseName(r), Class: strings.TrimSuffix(filepath.Base(r.File), ".lua"), File: filepath.ToSlash(r.File),
			Line: r.Line, Time: seconds(r.Took),
		}
		if r.Err != nil {
			text := bottest.Failure(r.Err)
			first, _, _ := strings.Cut(text, "\n")
			c.Failure = &junitFailure{Message: first, Text: text}
			c.SystemOut = strings.Join(r.Log, "\n")
			s.Failures++
			report.Failures++
		}
		s.Tests++
		s.took += r.Took
		s.Time = seconds(s.took)
		s.Cases = append(s.Cases, c)
	}
	b, err := xml.MarshalIndent(report, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append([]byte(xml.Header), append(b, '\n')...), 0o644)
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }
