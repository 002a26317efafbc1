package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/ops/keep"
)

// TestBackupWithPostgres saves a bot's own state, running and stopped, and says
// who saves the rest. No file of the database is asked for, nor made.
func TestBackupWithPostgres(t *testing.T) {
	t.Parallel()
	p := startBots(t, slog.LevelInfo, "", map[string]string{"squarer": `
bot.configure { db = { postgres = { connection_string = "host=127.0.0.1 password=s3cret", schema_prefix = "squarer" } } }
bot.on_message(function(msg) msg:reply(msg.text) end)
`})
	data := filepath.Join(p.data, "squarer")
	if err := os.WriteFile(filepath.Join(data, "notes.txt"), []byte("own"), 0o600); err != nil {
		t.Fatal(err)
	}
	save := func(args ...string) string {
		t.Helper()
		file := filepath.Join(t.TempDir(), "bot.backup")
		out, errs, code := program(t, "", append([]string{"backup", "-o", file}, args...)...)
		if code != exitOK || !strings.Contains(out, "it is in PostgreSQL. Save it with pg_dump") || strings.Contains(out+errs, "s3cret") {
			t.Errorf("backup: code %d, %s%s", code, out, errs)
		}
		m, err := keep.Check(t.Context(), file, nil)
		if err != nil || m.Database != keep.Postgres || m.Bot != "squarer" {
			t.Errorf("got the archive %+v, %v", m, err)
		}
		names := ""
		for _, f := range m.Files {
			names += " " + f.Name
		}
		if !strings.Contains(names, "notes.txt") || !strings.Contains(names, "state.json") || strings.Contains(names, "_chat.db") {
			t.Errorf("the archive has%s", names)
		}
		return file
	}
	running := save("--data", data)
	if err := p.end(); err != nil {
		t.Fatal(err)
	}
	settings := filepath.Join(p.dir, "simplex-lua.toml")
	text := "[[bot]]\nscript = \"squarer.lua\"\ndata = '" + data + "'\n[bot.database]\nbackend = \"postgres\"\nprefix = \"squarer\"\n"
	if err := os.WriteFile(settings, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	save("--config", settings)
	to := filepath.Join(t.TempDir(), "data")
	out, errs, code := program(t, "", "restore", "--data", to, running)
	if code != exitOK || !strings.Contains(out, "restore that of the same time in PostgreSQL") {
		t.Errorf("restore: code %d, %s%s", code, out, errs)
	}
	if own, err := os.ReadFile(filepath.Join(to, "notes.txt")); err != nil || string(own) != "own" {
		t.Errorf("the restored state: %q, %v", own, err)
	}
}

// TestBackupWithForeignCore names the program that has the database, and saves
// what the bot itself keeps while it is stopped.
func TestBackupWithForeignCore(t *testing.T) {
	t.Parallel()
	p := startBots(t, slog.LevelInfo, "", map[string]string{"squarer": "bot.on_message(function() end)"})
	settings, file := filepath.Join(p.dir, "simplex-lua.toml"), filepath.Join(p.dir, "bot.backup")
	text := "[[bot]]\nscript = \"squarer.lua\"\ndata = '" + filepath.Join(p.data, "squarer") + "'\ncore = \"ws://127.0.0.1:5225\"\n"
	if err := os.WriteFile(settings, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	_, errs, code := program(t, "", "backup", "--config", settings, "-o", file)
	if code != exitKeep || !strings.Contains(errs, "belongs to the program at ws://127.0.0.1:5225\nBack it up there") {
		t.Errorf("running: code %d, %s", code, errs)
	}
	if err := p.end(); err != nil {
		t.Fatal(err)
	}
	out, errs, code := program(t, "", "backup", "--config", settings, "-o", file)
	if code != exitOK || !strings.Contains(out, "it belongs to the program at ws://127.0.0.1:5225. Back it up there") {
		t.Errorf("stopped: code %d, %s%s", code, out, errs)
	}
	out, _, _ = program(t, "", "doctor", "--unit", "none", "--config", settings)
	if !strings.Contains(out, "squarer database: belongs to the program at ws://127.0.0.1:5225") {
		t.Errorf("doctor: %s", out)
	}
	key := filepath.Join(p.dir, "new.key")
	if err := os.WriteFile(key, []byte("new-key"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, errs, code = program(t, "", "rekey", "--config", settings, "--new-key-file", key)
	if code != exitUsage || !strings.Contains(errs, "belongs to the program at ws://127.0.0.1:5225; change its key there") {
		t.Errorf("rekey: code %d, %s", code, errs)
	}
}
