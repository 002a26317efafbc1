package keep

import (
	"bytes"
	"errors"
	"os"
	"strings"

	"filippo.io/age"
)

// Recipient is the key "age1…" that archives are encrypted for.
func Recipient(text string) (age.Recipient, error) {
	r, err := age.ParseX25519Recipient(strings.TrimSpace(text))
	if err != nil {
		return nil, &Error{Path: "--age-recipient", Problem: "that is no key of age", Advice: "It begins with age1; age-keygen makes one, and prints it as the public key."}
	}
	return r, nil
}

// Passphrase reads the first line of a file as what archives are encrypted and
// decrypted with.
func Passphrase(file string) (age.Recipient, age.Identity, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, nil, failed(file, "the passphrase cannot be read", err)
	}
	line, _, _ := strings.Cut(string(text), "\n")
	line = strings.TrimSuffix(line, "\r")
	if line == "" {
		return nil, nil, &Error{Path: file, Problem: "there is no passphrase in its first line", Advice: "Write it there; long ones keep out who tries all."}
	}
	to, err := age.NewScryptRecipient(line)
	if err != nil {
		return nil, nil, failed(file, "the passphrase cannot be used", err)
	}
	from, err := age.NewScryptIdentity(line)
	return to, from, wrap(file, "the passphrase cannot be used", err)
}

// Identity reads a file of age-keygen: what opens archives for its keys.
func Identity(file string) (age.Identity, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, failed(file, "the key cannot be read", err)
	}
	list, err := age.ParseIdentities(bytes.NewReader(text))
	if err != nil {
		// The cause would quote what may be a secret.
		return nil, &Error{Path: file, Problem: "there is no key of age in it", Advice: "It has a line that begins with AGE-SECRET-KEY-1; age-keygen makes one."}
	}
	return identities(list), nil
}

// identities opens with the first that fits.
type identities []age.Identity

func (list identities) Unwrap(stanzas []*age.Stanza) ([]byte, error) {
	for _, one := range list {
		key, err := one.Unwrap(stanzas)
		if !errors.Is(err, age.ErrIncorrectIdentity) {
			return key, err
		}
	}
	return nil, age.ErrIncorrectIdentity
}
