package sim

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// The file calls encrypt with a key and a nonce as long as the core's, but not
// in the core's format: files do not go from one to the other.

const (
	fileKeySize   = 32
	fileNonceSize = 24
)

// WriteFile stores data encrypted at path; a relative path begins in the
// network's folder.
func (c *Core) WriteFile(path string, data []byte) ([]byte, error) {
	if !c.begin() {
		return nil, errClosed("write file")
	}
	defer c.busy.Done()
	return c.net.writeFile(path, data), nil
}

// ReadFile returns the content of a file that WriteFile stored.
func (c *Core) ReadFile(path, key, nonce string) ([]byte, error) {
	if !c.begin() {
		return nil, errClosed("read file")
	}
	defer c.busy.Done()
	return c.net.readFile(path, key, nonce)
}

// EncryptFile writes an encrypted copy of from at to.
func (c *Core) EncryptFile(from, to string) ([]byte, error) {
	if !c.begin() {
		return nil, errClosed("encrypt file")
	}
	defer c.busy.Done()
	data, err := os.ReadFile(c.net.path(from))
	if err != nil {
		return writeError(err), nil
	}
	return c.net.writeFile(to, data), nil
}

// DecryptFile writes a plain copy of from at to.
func (c *Core) DecryptFile(from, key, nonce, to string) error {
	if !c.begin() {
		return errClosed("decrypt file")
	}
	defer c.busy.Done()
	data, err := c.net.readFile(from, key, nonce)
	if err != nil {
		return err
	}
	return os.WriteFile(c.net.path(to), data, 0o600)
}

// path makes a path of the actors one of this machine.
func (n *Network) path(p string) string {
	if filepath.IsAbs(p) || n.dir == "" {
		return p
	}
	return filepath.Join(n.dir, p)
}

func writeError(err error) raw { return tagged("error", "writeError", err.Error()) }

func (n *Network) writeFile(path string, data []byte) raw {
	key, nonce := make([]byte, fileKeySize), make([]byte, fileNonceSize)
	_, _ = rand.Read(key) // never fails
	_, _ = rand.Read(nonce)
	aead, seal, err := fileCipher(key, nonce)
	if err == nil {
		err = os.WriteFile(n.path(path), aead.Seal(nil, seal, data, nil), 0o600)
	}
	if err != nil {
		return writeError(err)
	}
	return tagged("result", "cryptoArgs", object(
		"fileKey", base64.URLEncoding.EncodeToString(key), "fileNonce", base64.URLEncoding.EncodeToString(nonce)))
}

func (n *Network) readFile(path, key, nonce string) ([]byte, error) {
	k, errKey := base64.URLEncoding.DecodeString(key)
	no, errNonce := base64.URLEncoding.DecodeString(nonce)
	if err := errors.Join(errKey, errNonce); err != nil || len(k) != fileKeySize || len(no) != fileNonceSize {
		return nil, fmt.Errorf("read file %s: the key or nonce is not one of a file", path)
	}
	data, err := os.ReadFile(n.path(path))
	if err != nil {
		return nil, err
	}
	aead, seal, err := fileCipher(k, no)
	if err != nil {
		return nil, err
	}
	plain, err := aead.Open(nil, seal, data, nil)
	if err != nil {
		return nil, fmt.Errorf("read file %s: wrong key or damaged file", path)
	}
	return plain, nil
}

func fileCipher(key, nonce []byte) (cipher.AEAD, []byte, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, nil, err
	}
	sum := sha256.Sum256(nonce)
	return aead, sum[:aead.NonceSize()], nil
}
