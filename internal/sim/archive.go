package sim

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// archiveCommands write the database and its files into an archive, read one,
// and delete all. The archive has the files, and in the place of the database a
// note which one it is: only the network it was made in can read it, and only as
// long as the database did not change.
var archiveCommands = table{
	"APIExportArchive": {run: exportArchive, early: true, anonymous: true},
	"ExportArchive":    {run: exportArchive, early: true, anonymous: true},
	"APIImportArchive": {run: importArchive, early: true, anonymous: true},
	"APIDeleteStorage": {run: deleteStorage, early: true, anonymous: true},
}

// The names in an archive.
const (
	archiveDatabase = "simplex_v1_chat.db"
	archiveFiles    = "simplex_v1_files"
	wallpapers      = "wallpapers"
)

type archiveConfig struct {
	ArchivePath        string `json:"archivePath"`
	DisableCompression bool   `json:"disableCompression"`
}

// archiveNote stands for a database.
type archiveNote struct {
	Path, Print string
}

func exception(text string) error { return chatError("exception", "message", text) }

// missing is the machine's error of a file or folder that is not there.
func missing(path, doing string) error {
	return exception(path + ": " + doing + ": does not exist (No such file or directory)")
}

// print changes when the database does.
func (d *database) print() string {
	h := sha256.New()
	fmt.Fprint(h, d.key, d.lastItem, d.lastVersion, d.lastFile, len(d.items), len(d.conns), len(d.waiting))
	for _, u := range d.usersByID() {
		_, _ = h.Write(u.json())
		for _, ct := range contactsByID(u.contacts) {
			_, _ = h.Write(encode(ct))
		}
		for _, g := range groupsByID(u.groups) {
			_, _ = h.Write(encode(g))
		}
	}
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

func (c *call) archiveConfig() (cfg archiveConfig, err error) {
	if c.cmd.Name == "ExportArchive" {
		name := c.db.net.Now().UTC().Format("simplex-chat.2006-01-02T150405Z.zip")
		return archiveConfig{ArchivePath: name}, nil
	}
	if err := c.decode("config", &cfg); err != nil {
		return cfg, err
	}
	if cfg.ArchivePath == "" {
		return cfg, errSyntax
	}
	return cfg, nil
}

// stoppedArchive is the configuration in a command that wants the chat stopped.
func (c *call) stoppedArchive() (archiveConfig, error) {
	cfg, err := c.archiveConfig()
	if err == nil && c.db.started {
		err = chatError("chatNotStopped")
	}
	return cfg, err
}

func exportArchive(c *call) (raw, error) {
	d := c.db
	cfg, err := c.stoppedArchive()
	if err != nil {
		return nil, err
	}
	if d.folders.Assets != "" {
		dir := filepath.Join(d.folders.Assets, wallpapers)
		if _, err := os.Stat(d.net.path(dir)); err != nil {
			return nil, missing(dir, "getDirectoryContents:openDirStream")
		}
	}
	out, err := os.Create(d.net.path(cfg.ArchivePath))
	if err != nil {
		return nil, missing(cfg.ArchivePath, "withBinaryFile")
	}
	z := zip.NewWriter(out)
	err = d.writeArchive(z, cfg)
	if e := z.Close(); err == nil {
		err = e
	}
	if e := out.Close(); err == nil {
		err = e
	}
	if err != nil {
		return nil, exception(err.Error())
	}
	return result("archiveExported", "archiveErrors", []int{}), nil
}

func (d *database) writeArchive(z *zip.Writer, cfg archiveConfig) error {
	method := zip.Deflate
	if cfg.DisableCompression {
		method = zip.Store
	}
	add := func(name string, data []byte) error {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: method})
		if err == nil {
			_, err = w.Write(data)
		}
		return err
	}
	if err := add(archiveDatabase, encode(archiveNote{d.path, d.print()})); err != nil {
		return err
	}
	if d.folders.Files == "" {
		return nil
	}
	entries, err := os.ReadDir(d.filePath("."))
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !e.Type().IsRegular() {
			continue
		}
		data, err := os.ReadFile(d.filePath(e.Name()))
		if err == nil {
			err = add(archiveFiles+"/"+e.Name(), data)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func importArchive(c *call) (raw, error) {
	d := c.db
	cfg, err := c.stoppedArchive()
	if err != nil {
		return nil, err
	}
	z, err := zip.OpenReader(d.net.path(cfg.ArchivePath))
	switch {
	case os.IsNotExist(err):
		return nil, missing(cfg.ArchivePath, "withBinaryFile")
	case err != nil:
		return nil, exception(err.Error())
	}
	defer z.Close()
	var note archiveNote
	text, err := zipped(&z.Reader, archiveDatabase)
	if err == nil {
		err = json.Unmarshal(text, &note)
	}
	if err != nil {
		return nil, exception(err.Error())
	}
	from := d.net.databases[note.Path]
	if from == nil || from.print() != note.Print {
		return nil, notSimulated(c.cmd.Name + " of a database that changed since")
	}
	for _, f := range z.File {
		name, ok := strings.CutPrefix(f.Name, archiveFiles+"/")
		if !ok || d.folders.Files == "" || name != filepath.Base(name) {
			continue
		}
		data, err := zipped(&z.Reader, f.Name)
		if err == nil {
			err = os.WriteFile(d.filePath(name), data, 0o600)
		}
		if err != nil {
			return nil, exception(err.Error())
		}
	}
	d.net.databases[d.path] = from // for who opens it next
	d.storeChanged = true
	return result("archiveImported", "archiveErrors", []int{}), nil
}

// zipped reads one file of an archive.
func zipped(z *zip.Reader, name string) ([]byte, error) {
	f, err := z.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// deleteStorage deletes the database and its folders; this controller keeps what
// it has in memory.
func deleteStorage(c *call) (raw, error) {
	d := c.db
	if d.started {
		return nil, chatError("chatNotStopped")
	}
	for _, dir := range []string{d.folders.Files, d.folders.Temp} {
		if dir != "" {
			_ = os.RemoveAll(d.net.path(dir)) // what can't be removed stays, as in the core
		}
	}
	d.wiped, d.storeChanged = true, true
	return result("cmdOk"), nil
}
