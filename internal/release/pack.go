package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// pack writes the archive of one platform and returns its name.
func pack(out, version, goos, goarch, bin string, common []file, made time.Time) (string, error) {
	text, err := os.ReadFile(bin)
	if err != nil {
		return "", err
	}
	folder := fmt.Sprintf("%s_%s_%s_%s", program, version, goos, goarch)
	files := append([]file{{filepath.Base(bin), text, 0o755}}, common...)
	name, write := folder+".tar.gz", tarFiles
	if goos == "windows" {
		name, write = folder+".zip", zipFiles
	}
	var archive bytes.Buffer
	if err := write(&archive, folder, files, made); err != nil {
		return "", err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return "", err
	}
	return name, os.WriteFile(filepath.Join(out, name), archive.Bytes(), 0o644)
}

func tarFiles(w io.Writer, folder string, files []file, made time.Time) error {
	z, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	t := tar.NewWriter(z)
	for _, f := range files {
		err := t.WriteHeader(&tar.Header{Name: folder + "/" + f.name, Mode: int64(f.mode), Size: int64(len(f.text)), ModTime: made, Format: tar.FormatUSTAR})
		if err == nil {
			_, err = t.Write(f.text)
		}
		if err != nil {
			return err
		}
	}
	return errors.Join(t.Close(), z.Close())
}

func zipFiles(w io.Writer, folder string, files []file, made time.Time) error {
	z := zip.NewWriter(w)
	for _, f := range files {
		h := &zip.FileHeader{Name: folder + "/" + f.name, Method: zip.Deflate, Modified: made}
		h.SetMode(f.mode)
		part, err := z.CreateHeader(h)
		if err == nil {
			_, err = part.Write(f.text)
		}
		if err != nil {
			return err
		}
	}
	return z.Close()
}

// writeSums writes SHA256SUMS, as sha256sum --check reads it.
func writeSums(out string, names []string) error {
	var lines []string
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join(out, name))
		if err != nil {
			return err
		}
		lines = append(lines, fmt.Sprintf("%x  %s\n", sha256.Sum256(text), name))
	}
	slices.SortFunc(lines, func(a, b string) int { return strings.Compare(a[66:], b[66:]) })
	return os.WriteFile(filepath.Join(out, "SHA256SUMS"), []byte(strings.Join(lines, "")), 0o644)
}
