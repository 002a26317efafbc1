package coretest

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// cryptoReply is what WriteFile and EncryptFile answer.
type cryptoReply struct {
	Type       string `json:"type"`
	WriteError string `json:"writeError"`
	CryptoArgs struct {
		FileKey   string `json:"fileKey"`
		FileNonce string `json:"fileNonce"`
	} `json:"cryptoArgs"`
}

func readCrypto(t *testing.T, body []byte, err error) cryptoReply {
	t.Helper()
	var r cryptoReply
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(body, &r); err != nil {
		t.Fatalf("reply %q: %v", body, err)
	}
	return r
}

func testFiles(t *testing.T, c chat.Core) {
	if !c.Owned() {
		testNoFiles(t, c)
		return
	}
	dir := t.TempDir()
	large := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	for _, data := range [][]byte{nil, []byte("hello"), {0, 255, 0}, large} {
		path := filepath.Join(dir, "stored")
		body, err := c.WriteFile(path, data)
		r := readCrypto(t, body, err)
		if r.Type != "result" || r.CryptoArgs.FileKey == "" || r.CryptoArgs.FileNonce == "" {
			t.Fatalf("write %d bytes: got %s", len(data), body)
		}
		if stored, err := os.ReadFile(path); err != nil || len(data) > 4 && bytes.Contains(stored, data) {
			t.Fatalf("what is stored is not encrypted: %v", err)
		}
		got, err := c.ReadFile(path, r.CryptoArgs.FileKey, r.CryptoArgs.FileNonce)
		if err != nil || !bytes.Equal(got, data) {
			t.Fatalf("read %d bytes: got %d bytes, %v", len(data), len(got), err)
		}
	}

	plain, secret, back := filepath.Join(dir, "plain"), filepath.Join(dir, "secret"), filepath.Join(dir, "back")
	if err := os.WriteFile(plain, large, 0o600); err != nil {
		t.Fatal(err)
	}
	body, err := c.EncryptFile(plain, secret)
	r := readCrypto(t, body, err)
	if r.Type != "result" {
		t.Fatalf("encrypt: got %s", body)
	}
	if err := c.DecryptFile(secret, r.CryptoArgs.FileKey, r.CryptoArgs.FileNonce, back); err != nil {
		t.Fatalf("decrypt: %v", err)
	}
	if got, err := os.ReadFile(back); err != nil || !bytes.Equal(got, large) {
		t.Fatalf("decrypted copy: got %d bytes, %v", len(got), err)
	}
}

// testNoFiles: a Core without the file calls says so, and touches nothing.
func testNoFiles(t *testing.T, c chat.Core) {
	path := filepath.Join(t.TempDir(), "f")
	_, write := c.WriteFile(path, []byte("x"))
	_, read := c.ReadFile(path, "", "")
	_, encrypt := c.EncryptFile(path, path+"2")
	for name, err := range map[string]error{"write": write, "read": read, "encrypt": encrypt, "decrypt": c.DecryptFile(path, "", "", path+"2")} {
		if !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("%s: got error %v, want one that wraps errors.ErrUnsupported", name, err)
		}
	}
}

func testFileErrors(t *testing.T, c chat.Core) {
	if !c.Owned() {
		t.Skip("it has no file calls; the test of files looks at their errors")
	}
	dir := t.TempDir()
	missing := filepath.Join(dir, "no", "such", "file")
	body, err := c.WriteFile(missing, []byte("x"))
	if r := readCrypto(t, body, err); r.Type != "error" || r.WriteError == "" {
		t.Errorf("write to a missing folder: got %s, want an error with writeError", body)
	}
	body, err = c.EncryptFile(missing, filepath.Join(dir, "to"))
	if r := readCrypto(t, body, err); r.Type != "error" {
		t.Errorf("encrypt a missing file: got %s, want an error", body)
	}
	path := filepath.Join(dir, "stored")
	body, err = c.WriteFile(path, []byte("secret text"))
	args := readCrypto(t, body, err).CryptoArgs
	body, err = c.WriteFile(filepath.Join(dir, "other"), []byte("other"))
	other := readCrypto(t, body, err).CryptoArgs
	if _, err := c.ReadFile(path, other.FileKey, args.FileNonce); err == nil {
		t.Error("read with the key of another file: got no error")
	}
	if _, err := c.ReadFile(missing, args.FileKey, args.FileNonce); err == nil {
		t.Error("read of a missing file: got no error")
	}
	if err := c.DecryptFile(path, other.FileKey, other.FileNonce, filepath.Join(dir, "out")); err == nil {
		t.Error("decrypt with the key of another file: got no error")
	}
}
