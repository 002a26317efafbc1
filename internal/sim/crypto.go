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
	sealOverhead  = 16 // bytes that encryption adds
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
	args := cryptoArgs{base64.URLEncoding.EncodeToString(key), base64.URLEncoding.EncodeToString(nonce)}
	if err := n.sealFile(n.path(path), data, args); err != nil {
		return writeError(err)
	}
	return tagged("result", "cryptoArgs", args)
}

// sealFile stores data encrypted with a key and nonce of ours.
func (n *Network) sealFile(path string, data []byte, args cryptoArgs) error {
	key, nonce, err := args.decode()
	if err != nil {
		return err
	}
	aead, seal, err := fileCipher(key, nonce)
	if err != nil {
		return err
	}
	return os.WriteFile(path, aead.Seal(nil, seal, data, nil), 0o600)
}

func (a cryptoArgs) decode() (key, nonce []byte, err error) {
	key, errKey := base64.URLEncoding.DecodeString(a.FileKey)
	nonce, errNonce := base64.URLEncoding.DecodeString(a.FileNonce)
	if err := errors.Join(errKey, errNonce); err != nil || len(key) != fileKeySize || len(nonce) != fileNonceSize {
		return nil, nil, errors.New("the key or nonce is not one of a file")
	}
	return key, nonce, nil
}

func (n *Network) readFile(path, key, nonce string) ([]byte, error) {
	k, no, err := cryptoArgs{key, nonce}.decode()
	if err != nil {
		return nil, fmt.Errorf("read file %s: %w", path, err)
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
