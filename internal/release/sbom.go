package main

import (
	"debug/buildinfo"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// bom is the part of CycloneDX 1.5 that we have something to say in.
type bom struct {
	Format       string       `json:"bomFormat"`
	SpecVersion  string       `json:"specVersion"`
	SerialNumber string       `json:"serialNumber"`
	Version      int          `json:"version"`
	Metadata     bomMetadata  `json:"metadata"`
	Components   []component  `json:"components"`
	Dependencies []dependency `json:"dependencies"`
}

type bomMetadata struct {
	Timestamp string    `json:"timestamp"`
	Component component `json:"component"`
}

type component struct {
	Type       string     `json:"type"`
	Ref        string     `json:"bom-ref"`
	Name       string     `json:"name"`
	Version    string     `json:"version"`
	Licenses   []license  `json:"licenses,omitempty"`
	PURL       string     `json:"purl,omitempty"`
	Properties []property `json:"properties,omitempty"`
}

type license struct {
	Expression string `json:"expression"`
}

type property struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type dependency struct {
	Ref       string   `json:"ref"`
	DependsOn []string `json:"dependsOn"`
}

// writeSBOM lists the modules that are inside the programs.
func writeSBOM(path, version string, programs []string, made time.Time) error {
	modules := map[string]*debug.Module{}
	goVersion := ""
	for _, p := range programs {
		info, err := buildinfo.ReadFile(p)
		if err != nil {
			return err
		}
		goVersion = info.GoVersion
		addModules(modules, info)
	}
	text, err := json.MarshalIndent(newBOM(version, goVersion, modules, made), "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}

// addModules notes the modules of one program, each by path and version.
func addModules(modules map[string]*debug.Module, info *debug.BuildInfo) {
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		modules[m.Path+"@"+m.Version] = m
	}
}

func newBOM(version, goVersion string, modules map[string]*debug.Module, made time.Time) bom {
	main := component{Type: "application", Ref: "pkg:golang/github.com/simplex-lua/simplex-lua@v" + version, Name: program, Version: version,
		Licenses: []license{{"AGPL-3.0-only"}}}
	main.PURL = main.Ref
	std := component{Type: "library", Ref: "pkg:golang/std@" + strings.TrimPrefix(goVersion, "go"), Name: "std", Version: strings.TrimPrefix(goVersion, "go")}
	std.PURL = std.Ref
	b := bom{Format: "CycloneDX", SpecVersion: "1.5", Version: 1, Metadata: bomMetadata{made.Format(time.RFC3339), main}, Components: []component{std}}
	for _, key := range slices.Sorted(maps.Keys(modules)) {
		m := modules[key]
		ref := fmt.Sprintf("pkg:golang/%s@%s", m.Path, m.Version)
		c := component{Type: "library", Ref: ref, Name: m.Path, Version: m.Version, PURL: ref}
		if m.Sum != "" {
			c.Properties = []property{{"go.sum", m.Sum}}
		}
		b.Components = append(b.Components, c)
	}
	all := dependency{Ref: main.Ref}
	seed := made.Format(time.RFC3339) + version
	for _, c := range b.Components {
		all.DependsOn = append(all.DependsOn, c.Ref)
		seed += c.Ref
	}
	b.Dependencies = []dependency{all}
	b.SerialNumber = "urn:uuid:" + uuid.NewSHA1(uuid.NameSpaceURL, []byte(seed)).String()
	return b
}
