package bundle

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"aead.dev/minisign"
)

// SignatureSuffix is what the name of a signature has behind that of its file.
const SignatureSuffix = ".sig"

// maxSignature bounds files of keys and signatures, in bytes.
const maxSignature = 64 << 10

// NewKeys makes a pair of keys in the form of minisign. With a password the
// private one is encrypted, which takes a second and a gigabyte of memory.
func NewKeys(password string) (private, public []byte, err error) {
	pub, priv, err := minisign.GenerateKey(rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	if password == "" {
		private, err = priv.MarshalText()
	} else {
		private, err = minisign.EncryptKey(password, priv)
	}
	if err != nil {
		return nil, nil, err
	}
	public, err = pub.MarshalText()
	return private, public, err
}

// KeyEncrypted tells whether a private key needs a password.
func KeyEncrypted(private []byte) bool { return minisign.IsEncrypted(private) }

// ReadKey reads a file of a key or signature.
func ReadKey(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxSignature+1))
	if err == nil && len(text) > maxSignature {
		err = fmt.Errorf("%s is larger than a key or signature can be", path)
	}
	return text, err
}

// Sign signs a file. The same file and key give the same signature.
func Sign(path string, private []byte, password string) (signature []byte, err error) {
	var key minisign.PrivateKey
	if KeyEncrypted(private) {
		key, err = minisign.DecryptKey(password, private)
	} else {
		err = key.UnmarshalText(private)
	}
	if err != nil {
		return nil, errors.New("the private key cannot be read: it is none, or the password is wrong")
	}
	r, err := digest(path)
	if err != nil {
		return nil, err
	}
	return r.SignWithComments(key, "file:"+filepath.Base(path), "signature of a simplex-lua bundle"), nil
}

// VerifySignature tells whether the signature is that of the file by the owner
// of the public key: the text of a key file, or the key's line alone. If not,
// the error is ErrSignature. It returns the key's id.
func VerifySignature(path string, public, signature []byte) (keyID string, err error) {
	var key minisign.PublicKey
	if err := key.UnmarshalText(public); err != nil {
		return "", errors.New("the public key cannot be read: give the file that keygen wrote, or the line in it")
	}
	r, err := digest(path)
	if err != nil {
		return "", err
	}
	if !r.Verify(key, signature) {
		return "", fmt.Errorf("%s: %w", path, ErrSignature)
	}
	return fmt.Sprintf("%016X", key.ID()), nil
}

// digest reads the file.
func digest(path string) (*minisign.Reader, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := minisign.NewReader(f)
	_, err = io.Copy(io.Discard, r)
	return r, err
}
