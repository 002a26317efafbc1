package keep

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"
)

// Format is the version of the archive's layout.
const Format = 1

// Names inside the archive.
const (
	headName     = "simplex-lua-backup.json"
	manifestName = "manifest.json"
	dataPrefix   = "data/"
)

// Manifest says what an archive has in it.
type Manifest struct {
	Format int       `json:"format"`
	Made   time.Time `json:"made"`
	// Program and Core are the versions of simplex-lua and of the chat core; Core
	// is empty where the bot was stopped.
	Program string `json:"program"`
	Core    string `json:"core,omitempty"`
	Bot     string `json:"bot"`
	// Database tells what the archive has of the chat database.
	Database Database `json:"database"`
	// Store is the server that has the script's store, without its password: pg_dump
	// saves it. "" where the store is in the archive.
	Store string `json:"store,omitempty"`
	// Running tells that the bot ran.
	Running bool   `json:"running"`
	Files   []File `json:"files,omitempty"`
}

// Database tells what an archive has of the chat database.
type Database string

const (
	SQLite   Database = "sqlite"   // its files
	Postgres Database = "postgres" // nothing: pg_dump saves it
	Missing  Database = "none"     // nothing: there was none in the data folder
)

// File is one file of the data folder.
type File struct {
	Name   string `json:"name"` // below the data folder, with slashes
	Size   int64  `json:"size"` // in bytes
	SHA256 string `json:"sha256"`
}

// Size is how many bytes all files have.
func (m Manifest) Size() int64 {
	var n int64
	for _, f := range m.Files {
		n += f.Size
	}
	return n
}

func (m Manifest) text() []byte {
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		panic("keep: a manifest cannot be JSON: " + err.Error())
	}
	return append(text, '\n')
}

// parseManifest reads a manifest and refuses what a data folder cannot have.
func parseManifest(text []byte) (Manifest, error) {
	var m Manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return m, fmt.Errorf("its description is not readable: %w", err)
	}
	if m.Format < 1 {
		return m, errors.New("its description has no format")
	}
	if m.Format > Format {
		return m, fmt.Errorf("it has the format %d; this version of simplex-lua reads %d", m.Format, Format)
	}
	seen := map[string]bool{}
	for _, f := range m.Files {
		if !validName(f.Name) || f.Size < 0 || len(f.SHA256) != 64 || seen[f.Name] {
			return m, fmt.Errorf("its description of the file %q makes no sense", f.Name)
		}
		seen[f.Name] = true
	}
	return m, nil
}

// validName tells whether a file of that name stays inside the data folder, on
// every system.
func validName(name string) bool {
	return name != "." && fs.ValidPath(name) && !strings.ContainsAny(name, "\\:\x00")
}
