package config

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// maxSecret bounds the size of a file that holds a secret.
const maxSecret = 64 << 10

// ReadSecrets reads what the configuration only says the place of: the
// database's key or connection string, the core's token, the store's password, and
// values of Env. Errors are *Error and do not have the secrets in them.
func (b *Bot) ReadSecrets(getenv func(string) (string, bool)) error {
	var wrong mistakes
	read := func(into *string, name string, place func() (string, error)) {
		value, err := place()
		if err != nil {
			g, _ := b.given.find(name)
			wrong.add(g.source, "%s: %s", name, err)
			return
		}
		*into = value
	}
	d := &b.Database
	for _, s := range []struct {
		name, place string
		into        *string
		read        func(string) (string, error)
	}{
		{"database.key_file", d.KeyFile, &d.Key, readSecret},
		{"database.key_env", d.KeyEnv, &d.Key, fromVariable(getenv)},
		{"database.key_credential", d.KeyCredential, &d.Key, fromCredential(getenv)},
		{"database.connection_file", d.ConnectionFile, &d.Connection, readSecret},
		{"database.connection_env", d.ConnectionEnv, &d.Connection, fromVariable(getenv)},
		{"database.connection_credential", d.ConnectionCredential, &d.Connection, fromCredential(getenv)},
		{"core_token_file", b.Core.TokenFile, &b.Core.Token, readSecret},
		{"core_token_env", b.Core.TokenEnv, &b.Core.Token, fromVariable(getenv)},
		{"core_token_credential", b.Core.TokenCredential, &b.Core.Token, fromCredential(getenv)},
		{"store_password_file", b.Store.PasswordFile, &b.Store.Password, readSecret},
		{"store_password_env", b.Store.PasswordEnv, &b.Store.Password, fromVariable(getenv)},
		{"store_password_credential", b.Store.PasswordCredential, &b.Store.Password, fromCredential(getenv)},
	} {
		if s.place != "" {
			read(s.into, s.name, func() (string, error) { return s.read(s.place) })
		}
	}
	env := maps.Clone(b.Env)
	for _, t := range []struct {
		table  string
		places map[string]string
		read   func(string) (string, error)
	}{{"env_files", b.EnvFiles, readSecret}, {"env_credentials", b.EnvCredentials, fromCredential(getenv)}} {
		for _, name := range slices.Sorted(maps.Keys(t.places)) {
			if env == nil {
				env = map[string]string{}
			}
			var value string
			read(&value, t.table+"."+name, func() (string, error) { return t.read(t.places[name]) })
			env[name] = value
		}
	}
	b.Env = env
	return wrong.err()
}

// readSecret reads a file's text without the line break at its end.
func readSecret(path string) (string, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return "", fmt.Errorf("%s cannot be read: %w", path, rootCause(err))
	case !info.Mode().IsRegular():
		return "", fmt.Errorf("%s is no file", path)
	case info.Size() > maxSecret:
		return "", fmt.Errorf("%s is too large for a secret", path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("%s cannot be read: %w", path, rootCause(err))
	}
	secret := strings.TrimSuffix(strings.TrimSuffix(string(text), "\n"), "\r")
	switch {
	case secret == "":
		return "", fmt.Errorf("%s is empty", path)
	case strings.ContainsAny(secret, "\n\x00"):
		return "", fmt.Errorf("%s has more than one line", path)
	}
	return secret, nil
}

func fromVariable(getenv func(string) (string, bool)) func(string) (string, error) {
	return func(name string) (string, error) {
		if value, _ := getenv(name); value != "" {
			return value, nil
		}
		return "", fmt.Errorf("$%s is not set", name)
	}
}

// fromCredential reads a credential as systemd hands it over.
func fromCredential(getenv func(string) (string, bool)) func(string) (string, error) {
	return func(name string) (string, error) {
		dir, _ := getenv("CREDENTIALS_DIRECTORY")
		switch {
		case dir == "":
			return "", fmt.Errorf("there are no credentials: $CREDENTIALS_DIRECTORY is not set; in the unit, write LoadCredential=%s:FILE", name)
		case !filepath.IsLocal(name) || strings.ContainsAny(name, `/\`):
			return "", fmt.Errorf("%q is no name of a credential", name)
		}
		return readSecret(filepath.Join(dir, name))
	}
}
