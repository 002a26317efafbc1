package bundle

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"strings"
)

// secretNames are files that hold secrets whatever is in them; the names are
// compared without case.
var secretNames = []struct{ pattern, why string }{
	{".env", "a file of secrets"}, {".env.*", "a file of secrets"}, {"*.env", "a file of secrets"},
	{".netrc", "a file of passwords"}, {".pgpass", "a file of passwords"}, {"*.kdbx", "a file of passwords"},
	{"*.key", "a key"}, {"*.pem", "a key"}, {"*.p12", "a key"}, {"*.pfx", "a key"}, {"*.jks", "a key"}, {"*.keystore", "a key"},
	{"id_rsa", "a key"}, {"id_ecdsa", "a key"}, {"id_ed25519", "a key"},
	{"*.db", "a database"}, {"*.db-wal", "a database"}, {"*.db-shm", "a database"}, {"*.sqlite", "a database"}, {"*.sqlite3", "a database"},
}

// secretName says what is secret about a file or folder of that name; "" for
// nothing.
func secretName(base string, folder bool) string {
	base = strings.ToLower(base)
	if folder {
		if strings.HasSuffix(base, ".data") {
			return "a bot's data folder, with its chat database"
		}
		return ""
	}
	for _, s := range secretNames {
		if ok, _ := path.Match(s.pattern, base); ok {
			return s.why
		}
	}
	return ""
}

// secretTexts are what keys and tokens look like.
var secretTexts = []struct {
	why     string
	pattern *regexp.Regexp
}{
	{"a private key", regexp.MustCompile(`-----BEGIN [A-Z0-9 ]*PRIVATE KEY( BLOCK)?-----|AGE-SECRET-KEY-(PQ-)?1[0-9A-Z]|untrusted comment: (minisign|rsign)[a-z ]* secret key`)},
	{"a token of AWS", regexp.MustCompile(`\b(AKIA|ASIA)[0-9A-Z]{16}\b`)},
	{"a token of GitHub or GitLab", regexp.MustCompile(`\bgh[pousr]_[0-9A-Za-z]{30,}|\bgithub_pat_[0-9A-Za-z_]{30,}|\bglpat-[0-9A-Za-z_-]{20,}`)},
	{"a token of Slack", regexp.MustCompile(`\bxox[abeoprs]-[0-9A-Za-z-]{10,}`)},
	{"an API key", regexp.MustCompile(`\bsk-[0-9A-Za-z_-]{20,}|\b[sr]k_live_[0-9A-Za-z]{16,}|\bAIza[0-9A-Za-z_-]{35}|\bSG\.[0-9A-Za-z_-]{20,}\.[0-9A-Za-z_-]{20,}`)},
	{"a token of Telegram", regexp.MustCompile(`\b[0-9]{8,10}:AA[0-9A-Za-z_-]{33}\b`)},
	{"a signed token", regexp.MustCompile(`\beyJ[0-9A-Za-z_-]{10,}\.eyJ[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{10,}`)},
	{"a password in an address", regexp.MustCompile(`\b[a-z][a-z0-9+.-]*://[^\s/:@"']+:[^\s/@"'%{$]{4,}@`)},
	{"a password or key", regexp.MustCompile(`(?i)\b([a-z_]*(password|passwd|secret|token)|[a-z_]*(api|access|auth|private|secret|encryption)_?key)["']?\s*\]?\s*[:=]\s*["'][^"'\s]{8,}["']`)},
}

// sniffed is how much of a file decides whether it is text.
const sniffed = 8 << 10

// secretContent says what is secret in a file, with the line; "" for nothing.
// Of files that are not text only databases are known.
func secretContent(data []byte) string {
	if bytes.HasPrefix(data, []byte("SQLite format 3\x00")) {
		return "a database"
	}
	if bytes.IndexByte(data[:min(len(data), sniffed)], 0) >= 0 {
		return ""
	}
	for _, s := range secretTexts {
		if at := s.pattern.FindIndex(data); at != nil {
			return fmt.Sprintf("line %d has %s", 1+bytes.Count(data[:at[0]], []byte("\n")), s.why)
		}
	}
	return ""
}
