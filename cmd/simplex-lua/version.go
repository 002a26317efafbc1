package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"

	"github.com/urfave/cli/v2"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/native"
)

// version is set by release builds (-ldflags "-X main.version=1.2.3").
var version = "0.1.0-dev"

func versionCommand(s *streams) *cli.Command {
	return &cli.Command{
		Name:  "version",
		Usage: "show the versions of simplex-lua, Go and libsimplex",
		Description: "The libsimplex that run would load is asked for its version, where there is one.\n\n" +
			"   simplex-lua version\n" +
			"   SIMPLEX_LIBS_DIR=/opt/simplex/libs simplex-lua version",
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return usagef("version: takes no arguments")
			}
			fmt.Fprintf(s.out, "simplex-lua %s%s\n", version, revision())
			fmt.Fprintf(s.out, "go          %s %s/%s\n", runtime.Version(), runtime.GOOS, runtime.GOARCH)
			fmt.Fprintf(s.out, "libsimplex  %s (pinned)\n", native.Version)
			env, err := s.nativeEnv(c.Context, native.BackendSQLite)
			if err != nil {
				return err
			}
			loc, err := native.Find(env, native.Options{})
			if errors.Is(err, native.KindNotFound) {
				fmt.Fprintln(s.out, "            not installed; simplex-lua install, or the first run, downloads it")
				return nil
			}
			var loaded string
			if err == nil {
				loaded, err = loadedVersion(c.Context, loc.Dir)
			}
			if err != nil {
				fmt.Fprintf(s.out, "            not usable: %v\n", err)
				return nil
			}
			fmt.Fprintf(s.out, "            %s in %s (%s)\n", loaded, loc.Dir, loc.Source)
			return nil
		},
	}
}

// loadedVersion asks the library in dir for its version, with a database that
// is thrown away: only an open controller answers.
func loadedVersion(ctx context.Context, dir string) (string, error) {
	lib, err := native.Open(dir, native.Options{})
	if err != nil {
		return "", err
	}
	tmp, err := os.MkdirTemp("", "simplex-lua-version-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(tmp)
	ctl, err := lib.OpenController(ctx, native.SQLite{Prefix: filepath.Join(tmp, "v")}, native.ConfirmUp)
	if err != nil {
		return "", err
	}
	defer ctl.Close(ctx)
	reply, err := ctl.Send(ctx, "/v")
	if err != nil {
		return "", err
	}
	resp, err := chat.ParseReply("/v", reply)
	if refused := (*chat.CommandError)(nil); errors.As(err, &refused) {
		return "of a version that it does not tell before there is a user", nil
	}
	if err != nil {
		return "", err
	}
	var body struct {
		VersionInfo struct {
			Version string `json:"version"`
		} `json:"versionInfo"`
	}
	if err := resp.Decode(&body); err != nil {
		return "", err
	}
	return body.VersionInfo.Version, nil
}

// revision is the commit that the program was built from, where Go knows it.
func revision() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return " (" + s.Value[:12] + ")"
		}
	}
	return ""
}
