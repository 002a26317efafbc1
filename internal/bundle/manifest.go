package bundle

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
)

// Bounds of a bundle, in bytes.
const (
	MaxFile  = 64 << 20  // of one file that is no library
	MaxFiles = 256 << 20 // of all of them
	MaxLibs  = 2 << 30   // of all libraries
	MaxCount = 10_000    // files and libraries

	maxManifest = 8 << 20
)

// Names in the archive.
const (
	manifestName = "manifest.json"
	configName   = "simplex-lua.toml" // below files/
	filesFolder  = "files/"
	libsFolder   = "libs/"
)

// Manifest tells what a bundle is.
type Manifest struct {
	// Name is that of the bot whose script is main.lua, and of the bundle.
	Name string `json:"name"`
	// Version is the simplex-lua that made the bundle.
	Version string `json:"simplex_lua"`
	// Target is the system that it runs on, as "linux/amd64".
	Target string `json:"target"`
	// Allow are the permissions that the author asks for, KIND=VALUE, besides those
	// in the bundle's simplex-lua.toml.
	Allow []string `json:"allow"`
	// Runtime is the program before the scripts; its Name is "" and its Size 0
	// where the scripts stand beside it.
	Runtime Entry `json:"runtime"`
	// Entries are all files in the order of their names: "files/bot.lua",
	// "libs/libsimplex.so".
	Entries []Entry `json:"entries"`
}

// Entry is one file.
type Entry struct {
	Name   string `json:"name,omitempty"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// IsLib tells whether the entry is a library.
func (e Entry) IsLib() bool { return strings.HasPrefix(e.Name, libsFolder) }

// HasLibs tells whether the bundle carries libsimplex.
func (m *Manifest) HasLibs() bool {
	for _, e := range m.Entries {
		if e.IsLib() {
			return true
		}
	}
	return false
}

// HasAssets tells whether the bundle has files that are neither scripts nor the
// configuration nor libraries.
func (m *Manifest) HasAssets() bool {
	for _, e := range m.Entries {
		if !e.IsLib() && !strings.HasSuffix(e.Name, ".lua") && e.Name != filesFolder+configName {
			return true
		}
	}
	return false
}

// encode writes the manifest, always in the same bytes.
func (m *Manifest) encode() ([]byte, error) {
	if m.Allow == nil {
		m.Allow = []string{}
	}
	b, err := json.MarshalIndent(m, "", "  ")
	return append(b, '\n'), err
}

func decodeManifest(text []byte) (*Manifest, error) {
	var m Manifest
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&m); err != nil {
		return nil, damaged("its %s cannot be read: %v", manifestName, err)
	}
	if m.Name == "" || strings.ContainsAny(m.Name, "/\\\x00") || m.Name == "." || m.Name == ".." {
		return nil, damaged("its name %q is none", m.Name)
	}
	if err := m.check(); err != nil {
		return nil, damaged("%v", err)
	}
	return &m, nil
}

// check looks at the entries: names that stay inside, each once and in order,
// and sizes within the bounds.
func (m *Manifest) check() error {
	if len(m.Entries) > MaxCount {
		return fmt.Errorf("it has %d files, more than %d", len(m.Entries), MaxCount)
	}
	var files, libs int64
	last := ""
	for _, e := range m.Entries {
		if err := checkName(e.Name); err != nil {
			return err
		}
		if e.Name <= last {
			return fmt.Errorf("its files are not in order at %q", e.Name)
		}
		last = e.Name
		if hash, err := hex.DecodeString(e.SHA256); err != nil || len(hash) != 32 || e.Size < 0 {
			return fmt.Errorf("%s has no size and hash", e.Name)
		}
		if e.IsLib() {
			libs += min(e.Size, MaxLibs+1)
			continue
		}
		files += min(e.Size, MaxFiles+1)
		if e.Size > MaxFile {
			return fmt.Errorf("%s has %d bytes, more than %d", e.Name, e.Size, MaxFile)
		}
	}
	if files > MaxFiles || libs > MaxLibs {
		return fmt.Errorf("its files are larger than %d bytes, or its libraries larger than %d", MaxFiles, MaxLibs)
	}
	return nil
}

// checkName refuses names that are harmless on one system and leave the folder
// on another.
func checkName(name string) error {
	_, inFiles := strings.CutPrefix(name, filesFolder)
	lib, inLibs := strings.CutPrefix(name, libsFolder)
	switch {
	case !fs.ValidPath(name), strings.ContainsAny(name, "\\:\x00"), !inFiles && !inLibs:
		return fmt.Errorf("file name %q is not allowed", name)
	case inLibs && strings.Contains(lib, "/"):
		return fmt.Errorf("library %q is in a folder", name)
	}
	return nil
}
