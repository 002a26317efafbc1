package bundle

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSign(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "bot")
	if err := os.WriteFile(path, []byte("a bundle"), 0o600); err != nil {
		t.Fatal(err)
	}
	private, public, err := NewKeys("")
	if err != nil || KeyEncrypted(private) {
		t.Fatalf("keys: %v", err)
	}
	_, other, err := NewKeys("")
	if err != nil {
		t.Fatal(err)
	}
	sig, err := Sign(path, private, "")
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := Sign(path, private, ""); !bytes.Equal(sig, again) {
		t.Error("the same file has another signature")
	}
	lines := strings.Split(strings.TrimSpace(string(public)), "\n")
	for _, key := range [][]byte{public, []byte(lines[len(lines)-1])} {
		if id, err := VerifySignature(path, key, sig); err != nil || len(id) != 16 {
			t.Errorf("got %q, %v", id, err)
		}
	}
	if _, err := VerifySignature(path, other, sig); !errors.Is(err, ErrSignature) {
		t.Errorf("another key: got %v", err)
	}
	for _, bad := range [][]byte{nil, []byte("x"), sig[:len(sig)-9], bytes.Replace(sig, []byte("file:bot"), []byte("file:bad"), 1)} {
		if _, err := VerifySignature(path, public, bad); !errors.Is(err, ErrSignature) {
			t.Errorf("signature %q: got %v", bad, err)
		}
	}
	if _, err := VerifySignature(path, []byte("x"), sig); err == nil || errors.Is(err, ErrSignature) {
		t.Errorf("no key: got %v", err)
	}
	if _, err := Sign(path, public, ""); err == nil {
		t.Error("a public key signs")
	}
	if err := os.WriteFile(path, []byte("a Bundle"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := VerifySignature(path, public, sig); !errors.Is(err, ErrSignature) {
		t.Errorf("a changed file: got %v", err)
	}
}
